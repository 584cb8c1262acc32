"""The folder of firmware files: what is found in it, for whom, and what is left alone."""

import hashlib
from pathlib import Path

import pytest

from custom_components.thermogate.firmware import (
    FirmwareDamagedError,
    checked_md5,
    firmware_file,
    newest_firmware,
    version_in,
)

SERIAL = "0123F6-DEFAB2-4D65EE"
DATA = b"firmware"
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()


def put(folder: Path, *names: str) -> None:
    """Put files there."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(DATA)


def newest(folder: Path, device: str = SERIAL) -> str | None:
    """Return the name of the newest file for a terminal."""
    offer = newest_firmware(folder, device)
    assert offer is None or offer.path
    return offer.path.name if offer and offer.path else None


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("FaceGate_0.10.3.bin", "0.10.3"),
        ("FaceGate_0.10.3beta.bin", "0.10.3beta"),
        ("FaceGate-1.2-rc2.img", "1.2-rc2"),
        ("FSAN_02_V2.0.1.4.bin", "2.0.1.4"),
        ("1.0", "1.0"),
        ("upgrade.bin", ""),
        ("HI3516.bin", ""),
    ],
)
def test_the_version_is_in_the_name(name: str, version: str) -> None:
    """As makers name their files."""
    assert version_in(name) == version


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), None),
        (("upgrade.bin",), None),
        (("a_0.9.bin", "a_0.10.bin"), "a_0.10.bin"),
        (("a_1.0beta.bin", "a_1.0.bin", "a_1.0alpha.bin"), "a_1.0.bin"),
        (("a_1.0beta.bin", "a_1.0alpha.bin"), "a_1.0beta.bin"),
        (("a_1.0.bin", "a_1.0.1beta.bin"), "a_1.0.1beta.bin"),
        (
            ("a_1.0.bin", "a_2.0.bin.md5", "a_2.0.txt", "a_2.0.bin.part", ".a_2.0.bin"),
            "a_1.0.bin",
        ),
        (("a_1.0.bin", f"{SERIAL}/a_1.1.bin"), "a_1.1.bin"),
        (("a_1.0.bin", f"{SERIAL}/a_0.9.bin"), "a_1.0.bin"),
        (("a_1.0.bin", "another/a_2.0.bin"), "a_1.0.bin"),
    ],
    ids=str,
)
def test_the_newest_file_is_found(
    tmp_path: Path, names: tuple[str, ...], found: str | None
) -> None:
    """By its version, among those for this terminal that are whole."""
    put(tmp_path, *names)
    assert newest(tmp_path) == found


def test_without_the_folder_there_is_nothing(tmp_path: Path) -> None:
    """Most people have none."""
    assert newest(tmp_path / "firmware") is None


@pytest.mark.parametrize("device", ["..", ".", "", "../other"])
def test_no_name_of_a_device_leads_out(tmp_path: Path, device: str) -> None:
    """Whatever somebody typed into the terminal."""
    put(tmp_path, "secret_9.0.bin", "other/secret_9.0.bin", "firmware/a_1.0.bin")
    assert newest(tmp_path / "firmware", device) == "a_1.0.bin"


@pytest.mark.parametrize(
    "name", ["../secret_9.0.bin", "/etc/passwd", "", ".", "..", "link_9.0.bin"]
)
def test_no_name_of_a_file_leads_out(tmp_path: Path, name: str) -> None:
    """Nor does a link."""
    folder = tmp_path / "firmware"
    put(tmp_path, "secret_9.0.bin", "firmware/a_1.0.bin")
    (folder / "link_9.0.bin").symlink_to(tmp_path / "secret_9.0.bin")
    (folder / SERIAL).symlink_to(tmp_path, target_is_directory=True)
    assert firmware_file(folder, SERIAL, name) is None
    assert newest(folder) == "a_1.0.bin"


@pytest.mark.parametrize("beside", [None, MD5, f"{MD5.upper()} *a_1.0.bin\n", "none"])
@pytest.mark.parametrize("expected", ["", MD5, MD5.upper()])
def test_a_good_file(tmp_path: Path, beside: str | None, expected: str) -> None:
    """With or without a checksum beside it, or given."""
    put(tmp_path, "a_1.0.bin")
    if beside:
        (tmp_path / "a_1.0.bin.md5").write_text(beside)
    assert checked_md5(tmp_path / "a_1.0.bin", expected) == (MD5, len(DATA))


@pytest.mark.parametrize(
    ("data", "beside", "expected"),
    [(b"", "", ""), (b"other", MD5, ""), (b"other", "", MD5), (DATA, MD5, "0" * 32)],
)
def test_a_damaged_file(
    tmp_path: Path, data: bytes, beside: str, expected: str
) -> None:
    """Empty, or not what a checksum says."""
    path = tmp_path / "a_1.0.bin"
    path.write_bytes(data)
    (tmp_path / "a_1.0.bin.md5").write_text(beside)
    with pytest.raises(FirmwareDamagedError):
        checked_md5(path, expected)
