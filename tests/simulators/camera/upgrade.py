"""New firmware. What is in a firmware file is not documented: here it begins with a line that says so and which version it has."""

import re

from .codes import INVALID_CONTENT, LOWER_VERSION, SAME_VERSION, Refused

FIRMWARE = 754
_HEAD = re.compile(rb"GUIDE FIRMWARE (V[0-9.]+)\n")


def package(version: str, size: int = 200_000) -> bytes:
    """Return a firmware file; the version is as the camera tells its own, `V1.2.10`."""
    return f"GUIDE FIRMWARE {version}\n".encode().ljust(size, b"\xa5")


def upgraded(version: str, data: bytes) -> str:
    """Return the version after an upgrade; refuse the same, a lower one, and what is no firmware."""
    found = _HEAD.match(data)
    if found is None:
        raise Refused(INVALID_CONTENT, "no firmware")
    new = found[1].decode()
    if _order(new) == _order(version):
        raise Refused(SAME_VERSION)
    if _order(new) < _order(version):
        raise Refused(LOWER_VERSION)
    return new


def _order(version: str) -> list[int]:
    return [int(part) for part in version.removeprefix("V").split(".") if part]
