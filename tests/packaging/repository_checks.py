"""The repository as a whole: what HACS reads of it, and what must not stand in any file."""

import json
import re
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
import probatio

from .schema import Problems, problems

_INFORMATION = {"readme", "readme.md", "info", "info.md"}

# Places of one person's machine, and registries: a checkout takes packages from whatever its machine is set up to use.
_FOREIGN = {
    "a path of one machine": re.compile(
        r"(?<![\w.}/\"-])/(?:work|opt|root|home/\w+|Users/\w+)(?![\w-])"
    ),
    "a folder that is not here": re.compile(r"(?<![\w/-])(?:\.\./)?[s]hared/"),
    "the address of a registry": re.compile(
        r"\b(?:[f]iles\.pythonhosted\.org|[p]ypi\.org/simple|(?:deb|snapshot|security)\.[d]ebian\.org|[r]egistry\.npmjs\.org"
        r"|[p]roxy\.golang\.org|[i]ndex\.crates\.io)\b|--(?:extra-)?[i]ndex-url|\b(?:PIP|UV)_[A-Z_]*[I]NDEX\w*="
    ),
}


def _version(value: str) -> str:
    if AwesomeVersion(value).strategy is AwesomeVersionStrategy.UNKNOWN:
        raise probatio.Invalid("must be a version of Home Assistant")
    return value


_COUNTRY = probatio.All(str, probatio.Match(r"^[A-Z]{2}$"))
_HACS = probatio.Schema(
    {
        probatio.Required("name"): probatio.All(str, probatio.NonEmpty()),
        probatio.Optional("content_in_root"): bool,
        probatio.Optional("country"): probatio.Any(_COUNTRY, [_COUNTRY]),
        probatio.Optional("filename"): str,
        probatio.Optional("hacs"): probatio.All(str, _version),
        probatio.Optional("hide_default_branch"): bool,
        probatio.Optional("homeassistant"): probatio.All(str, _version),
        probatio.Optional("persistent_directory"): str,
        probatio.Optional("render_readme"): bool,
        probatio.Optional("zip_release"): bool,
    }
)


def check_hacs(hacs: dict[str, Any]) -> Problems:
    """Return what is wrong with hacs.json."""
    found = problems(_HACS, hacs)
    if hacs.get("zip_release") and not hacs.get("filename"):
        found.append("zip_release needs filename")
    return found


def check_tree(names: set[str]) -> Problems:
    """Return what HACS and the Marketplace miss among the paths of a repository."""
    found = []
    if not {name.lower() for name in names} & _INFORMATION:
        found.append("README.md is missing")
    found += [
        f"{name} is missing" for name in ("LICENSE", "hacs.json") if name not in names
    ]
    integrations = {
        name.split("/")[1]
        for name in names
        if re.fullmatch(r"custom_components/[^/]+/manifest\.json", name)
    }
    if len(integrations) != 1:
        found.append(
            f"custom_components holds {len(integrations)} integrations, not one"
        )
    found += [
        f"{integration} has no brand/icon.png"
        for integration in integrations
        if f"custom_components/{integration}/brand/icon.png" not in names
    ]
    return found


def check_json(text: str) -> Problems:
    """Return why a text is not JSON, or names a key twice, which parsers forgive and people do not see."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice.extend(
            f"key {key} appears twice"
            for key in dict.fromkeys(keys)
            if keys.count(key) > 1
        )
        return dict(pairs)

    twice: Problems = []
    try:
        json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        return [str(error)]
    return twice


def check_words(text: str) -> Problems:
    """Return what a file says that means nothing to whoever reads it elsewhere."""
    return [
        f"line {number} names {what}: {match[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in _FOREIGN.items()
        for match in pattern.finditer(line)
    ]
