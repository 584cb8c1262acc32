"""Firmware files, and other files for devices, that a person put into Home Assistant's configuration folder.

They lie in `thermogate/firmware` for all terminals, in `thermogate/camera_firmware` and `thermogate/camera_packages` for all
cameras, or in a folder there that is called like one device's serial number, for that one only. The version is read from the name: `FaceGate_0.10.3beta.bin` has 0.10.3beta. A file of the same name with
`.md5` behind it may say what checksum the file must have.
"""

from dataclasses import dataclass
import hashlib
from pathlib import Path
import re
from typing import Final

from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN

FOLDER: Final = f"{DOMAIN}/firmware"
CAMERA_FOLDER: Final = f"{DOMAIN}/camera_firmware"
PACKAGE_FOLDER: Final = f"{DOMAIN}/camera_packages"
MD5: Final = r"[0-9a-f]{32}"
# What lies beside firmware, or is not there as a whole yet.
_OTHER_FILES: Final = {".md5", ".txt", ".md", ".pdf", ".part", ".tmp", ".crdownload"}
_VERSION: Final = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)+)(?P<stage>[-_.]?(?:alpha|beta|rc)\d*)?",
    re.ASCII | re.IGNORECASE,
)


class FirmwareDamagedError(Exception):
    """A file that is not what its checksum says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Firmware that can be installed: a file of ours (`path`), or one that the terminal gets elsewhere (`url`).

    `md5` is "" for a file that was not read yet. With `force` the terminal does not compare versions.
    """

    version: str
    path: Path | None = None
    url: str = ""
    md5: str = ""
    force: bool = False


@callback
def firmware_folder(hass: HomeAssistant) -> Path:
    """Return where firmware files are looked for; it may not exist."""
    return Path(hass.config.path(FOLDER))


@callback
def camera_firmware_folder(hass: HomeAssistant) -> Path:
    """Return where firmware of cameras is looked for; it may not exist."""
    return Path(hass.config.path(CAMERA_FOLDER))


@callback
def camera_package_folder(hass: HomeAssistant) -> Path:
    """Return where other files for cameras are looked for; it may not exist."""
    return Path(hass.config.path(PACKAGE_FOLDER))


def version_in(name: str) -> str:
    """Return the version in the name of a file, "" if there is none."""
    found = _VERSION.search(name)
    return found[0] if found else ""


def newest_firmware(folder: Path, device_key: str) -> Offer | None:
    """Return the file with the highest version for a device. Reads the folder; OSError."""
    named = [
        path for path in firmware_files(folder, device_key) if version_in(path.name)
    ]
    if not named:
        return None
    path = max(named, key=lambda path: (_order(path.name), path.name))
    return Offer(version=version_in(path.name), path=path)


def firmware_file(folder: Path, device_key: str, name: str) -> Path | None:
    """Return the file of a name for a device, None if there is none. Reads the folder; OSError."""
    return next(
        (path for path in firmware_files(folder, device_key) if path.name == name), None
    )


def firmware_files(folder: Path, device_key: str) -> list[Path]:
    """Return the files for a device: its own, and those for all. Reads the folder, and never leaves it; OSError."""
    if not folder.is_dir():
        return []
    entries = [path for path in folder.iterdir() if not path.is_symlink()]
    own = [path for path in entries if path.name == device_key and path.is_dir()]
    for path in own:
        entries += [each for each in path.iterdir() if not each.is_symlink()]
    return [
        path
        for path in entries
        if path.is_file()
        and not path.name.startswith(".")
        and path.suffix.lower() not in _OTHER_FILES
    ]


def checked_md5(path: Path, expected: str = "") -> tuple[str, int]:
    """Return the MD5 and the size of a file. FirmwareDamagedError for another one than expected, here or beside it; OSError."""
    with path.open("rb") as file:
        md5 = hashlib.file_digest(
            file, lambda: hashlib.md5(usedforsecurity=False)
        ).hexdigest()
        size = file.tell()
    beside = path.with_name(f"{path.name}.md5")
    wanted = {expected.lower()} if expected else set()
    if beside.is_file() and (
        found := re.search(rf"\b{MD5}\b", beside.read_text(errors="replace").lower())
    ):
        wanted.add(found[0])
    if size == 0 or wanted - {md5}:
        raise FirmwareDamagedError(path.name)
    return md5, size


def _order(name: str) -> tuple[list[int], bool, str]:
    """Return what versions are compared by: 0.10 is after 0.9, and 1.0beta before 1.0."""
    found = _VERSION.search(name)
    numbers, stage = found.group("numbers", "stage") if found else ("", "")
    return (
        [int(number) for number in numbers.split(".") if number],
        not stage,
        (stage or "").lower(),
    )
