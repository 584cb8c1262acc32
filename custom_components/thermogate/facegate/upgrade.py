"""What we answer to a terminal that asks for new firmware (vendor document 2.10.1)."""

from dataclasses import dataclass, replace
from typing import Any, Final

from .messages import Firmware, UpgradeQuery
from .wire import encode

# Our names of the parts of a firmware, and the wire's.
FIRMWARE: Final = {
    "system": "system",
    "app_version": "appversion",
    "algorithm_version": "algversion",
    "platform": "platform",
    "sensor": "sensor",
    "board": "board",
    "motor": "motor",
    "lcd": "lcd",
    "built": "timestamp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeFile:
    """A firmware file: where the terminal gets it, its MD5 in hexadecimal digits, and its version.

    With `force` the terminal does not compare versions.
    """

    url: str
    md5: str
    version: str
    force: bool = False


def upgrade_reply(query: UpgradeQuery, file: UpgradeFile | None) -> bytes:
    """Return the payload for `capture_response`: the new firmware, or that there is none.

    The new firmware is described as the one that asks, but for its version: no more is known of a file.
    """
    message: dict[str, Any] = {
        "reply": "ACK",
        "cmd": "ask_upgrade",
        "code": 0,
        "upgrade_type": "none",
    }
    firmware = query.firmware
    if file:
        firmware = replace(firmware, app_version=file.version)
        message["upgrade_type"] = "force" if file.force else "normal"
        message["upgrade_file"] = {"url": file.url, "md5sum": file.md5}
    return encode(message | {"firmware": _described(firmware)})


def _described(firmware: Firmware) -> dict[str, str]:
    return {theirs: getattr(firmware, ours) for ours, theirs in FIRMWARE.items()}
