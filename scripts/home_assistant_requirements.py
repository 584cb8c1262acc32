"""Print what Home Assistant would install at its first start for the integrations named as arguments.

Run with the Python of an environment that has homeassistant. Installing the list beforehand, under Home Assistant's own
constraints, lets it start without a network and without waiting.
"""

import json
from pathlib import Path
import sys

import homeassistant
from homeassistant import bootstrap

COMPONENTS = Path(homeassistant.__file__).parent / "components"

# `mqtt` reaches into hassio only after it, so its manifest does not name what it imports from there.
IMPORTED_UNASKED = {"mqtt": "hassio"}


def requirements(domains: set[str]) -> set[str]:
    """Return the requirements of the domains and of all they depend on."""
    wanted: set[str] = set()
    seen: set[str] = set()
    while pending := domains - seen:
        domain = pending.pop()
        seen.add(domain)
        path = COMPONENTS / domain / "manifest.json"
        if not path.is_file():
            continue
        manifest = json.loads(path.read_text())
        wanted |= set(manifest.get("requirements", []))
        domains = domains | set(manifest.get("dependencies", []))
        if domain in IMPORTED_UNASKED:
            domains = domains | {IMPORTED_UNASKED[domain]}
    return wanted


always = (
    set(bootstrap.DEFAULT_INTEGRATIONS)
    | bootstrap.CORE_INTEGRATIONS
    | {"logger", "network", "system_log"}
)
print("\n".join(sorted(requirements(always | set(sys.argv[1:])))))
