"""Files from a terminal and to it."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
import hashlib
from itertools import count
from pathlib import Path
from unittest.mock import MagicMock, mock_open, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient
import voluptuous as vol

from custom_components.thermogate.actions import files
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from tests.helpers import settle, state_of
from tests.persons.house import perform, requests
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.commands.device import Device
from tests.simulators.terminal.fields import Refused
from tests.simulators.terminal.settings import Values
from tests.waiting import until

PATH = "/data_fs/log/day 1.txt"
DOWNLOAD = 10_240
UPLOAD = 200 * 1024


def contents(size: int) -> bytes:
    """Return a file in which no two chunks are alike."""
    return hashlib.shake_128(b"file").digest(size)


def read(path: str | Path) -> bytes:
    """Return what was written."""
    return Path(path).read_bytes()


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture(autouse=True)
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return the media folder, which is the only one that Home Assistant may touch."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.fixture(autouse=True)
def no_pause() -> Generator[None]:
    """Try again at once."""
    with patch("custom_components.thermogate.facegate.persistence.PAUSE", 0):
        yield


# From a terminal


@pytest.mark.parametrize("size", [0, 1, DOWNLOAD, DOWNLOAD + 1, 5 * DOWNLOAD])
async def test_a_file_is_fetched(
    hass: HomeAssistant, front: TerminalSimulator, media: Path, size: int
) -> None:
    """It is a new file below the media folder, which says whose it is."""
    front.device.files[PATH] = bytearray(contents(size))
    answer = await perform(hass, "download_file", path=PATH)
    written = media / "thermogate" / "front_door-day_1.txt"
    assert answer.pop("url").startswith(
        "/api/thermogate/download/front_door-day_1.txt?"
    )
    assert answer == {
        "media_content_id": "media-source://media_source/local/thermogate/front_door-day_1.txt",
        "path": str(written),
        "bytes": size,
    }
    assert read(written) == contents(size)


async def test_nothing_is_overwritten(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """The next one has a number."""
    front.device.files[PATH] = bytearray(b"first")
    await perform(hass, "download_file", path=PATH)
    front.device.files[PATH] = bytearray(b"second")
    answer = await perform(hass, "download_file", path=PATH)
    assert answer["path"].endswith("/front_door-day_1-2.txt")
    folder = media / "thermogate"
    assert [read(folder / name) for name in names(folder)] == [b"second", b"first"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a&b;c", "front_door-a_b_c"),
        ("日志.txt", "front_door-__.txt"),
        (".hidden", "front_door-.hidden"),
        ("x" * 200 + ".png", "x" * 96 + ".png"),
    ],
)
async def test_names_are_safe(
    hass: HomeAssistant,
    front: TerminalSimulator,
    media: Path,
    name: str,
    written: str,
) -> None:
    """Whatever the terminal calls its files."""
    front.device.files[f"/data_fs/{name}"] = bytearray(b"content")
    await perform(hass, "download_file", path=f"/data_fs/{name}")
    assert names(media / "thermogate") == [written]


@pytest.mark.parametrize("action", ["download_file", "upload_file"])
@pytest.mark.parametrize(
    "path",
    ["", "x", "/etc/passwd", "/data_fs/", "/data_fs/../etc/passwd", "/data_fs/a\nb"],
)
async def test_paths_that_lead_elsewhere(
    hass: HomeAssistant,
    front: TerminalSimulator,
    media: Path,
    action: str,
    path: str,
) -> None:
    """The rest of the terminal is none of our business."""
    (media / "x").write_bytes(b"content")
    source = {"file": str(media / "x")} if action == "upload_file" else {}
    last = front.requests[-1]
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, action, path=path, **source)
    assert refused.value.translation_key == "invalid_value"
    assert front.requests[-1] is last


async def test_a_file_that_is_not_there(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """Nothing is written."""
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "download_file", path="/data_fs/none")
    assert raised.value.translation_key == "read_failed"
    assert names(media) == []


async def test_a_terminal_that_is_busy(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It is asked for the same chunk again."""
    front.device.files[PATH] = bytearray(contents(3 * DOWNLOAD))
    real = COMMANDS["download file"]
    calls = count(1)

    def run(device: Device, request: Values) -> Values:
        if next(calls) in (2, 3):
            raise Refused(5, "busy")
        return real.run(device, request)

    with patch.dict(COMMANDS, {"download file": replace(real, run=run)}):
        answer = await perform(hass, "download_file", path=PATH)
    assert read(answer["path"]) == contents(3 * DOWNLOAD)
    offsets = [sent["offset"] for sent in requests(front, "download file")]
    assert offsets == [0, *[DOWNLOAD] * 3, 2 * DOWNLOAD]


async def test_without_media_folder(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """There is nowhere to put it, which is said before anything is fetched."""
    hass.config.media_dirs = {}
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "download_file", path=PATH)
    assert raised.value.translation_key == "no_media_folder"
    assert requests(front, "download file") == []


async def test_a_folder_that_cannot_be_written(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """It says why."""
    (media / "thermogate").write_text("no folder")
    front.device.files[PATH] = bytearray(b"content")
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "download_file", path=PATH)
    assert raised.value.translation_key == "file_not_written"


async def test_a_link_out_of_the_media_folder(
    hass: HomeAssistant, front: TerminalSimulator, media: Path, tmp_path: Path
) -> None:
    """It is not followed."""
    (tmp_path / "elsewhere").mkdir()
    (media / "thermogate").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "download_file", path=PATH)
    assert raised.value.translation_key == "folder_not_allowed"


async def test_a_full_disk(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """Nothing is left of half a file."""
    front.device.files[PATH] = bytearray(b"content")
    real = Path.open

    def full(path: Path, mode: str) -> MagicMock:
        real(path, mode).close()
        file: MagicMock = mock_open()()
        file.write.side_effect = OSError(28, "No space left on device")
        return file

    with (
        patch.object(Path, "open", full),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await perform(hass, "download_file", path=PATH)
    assert raised.value.translation_key == "file_not_written"
    assert (raised.value.translation_placeholders or {})["reason"] == (
        "No space left on device"
    )
    assert names(media / "thermogate") == []


# To a terminal


@pytest.mark.parametrize("size", [1, UPLOAD, UPLOAD + 1, 3 * UPLOAD])
async def test_a_file_is_brought(
    hass: HomeAssistant, front: TerminalSimulator, media: Path, size: int
) -> None:
    """In chunks, in place of the one that was there."""
    front.device.files[PATH] = bytearray(b"old")
    (media / "new.txt").write_bytes(contents(size))
    answer = await perform(hass, "upload_file", path=PATH, file=str(media / "new.txt"))
    assert answer["terminals"][0]["result"] == "uploaded"
    assert front.device.files[PATH] == contents(size)


async def test_a_media_item_is_brought(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """One of the media folder."""
    assert await async_setup_component(hass, "media_source", {})
    await settle(hass)
    (media / "new.png").write_bytes(b"content")
    await perform(
        hass,
        "upload_file",
        path=PATH,
        media={
            "media_content_id": "media-source://media_source/local/new.png",
            "media_content_type": "image/png",
        },
    )
    assert front.device.files[PATH] == b"content"


async def test_a_file_comes_back_as_it_went(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """There and back again."""
    (media / "new.txt").write_bytes(contents(2 * UPLOAD + 7))
    await perform(hass, "upload_file", path=PATH, file=str(media / "new.txt"))
    answer = await perform(hass, "download_file", path=PATH)
    assert read(answer["path"]) == contents(2 * UPLOAD + 7)


async def test_a_file_of_another_folder(
    hass: HomeAssistant, front: TerminalSimulator, tmp_path: Path, media: Path
) -> None:
    """It is not read, also not by a link or a detour."""
    (tmp_path / "secret").write_text("secret")
    (media / "link").symlink_to(tmp_path / "secret")
    for file in (tmp_path / "secret", media / "link", media / ".." / "secret"):
        with pytest.raises(ServiceValidationError) as refused:
            await perform(hass, "upload_file", path=PATH, file=str(file))
        assert refused.value.translation_key == "file_not_allowed"
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "upload_file", path=PATH, file=str(media / "none"))
    assert refused.value.translation_key == "file_not_read"
    assert requests(front, "upload file") == []


@pytest.mark.parametrize(
    ("size", "fits"), [(0, False), (1, True), (9, True), (10, False)]
)
async def test_the_size_of_a_file(
    hass: HomeAssistant,
    front: TerminalSimulator,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    fits: bool,
) -> None:
    """Neither empty nor too large."""
    monkeypatch.setattr(files, "MAX_FILE", 9)
    (media / "new.txt").write_bytes(contents(size))
    move = perform(hass, "upload_file", path=PATH, file=str(media / "new.txt"))
    if fits:
        await move
        assert front.device.files[PATH] == contents(size)
        return
    with pytest.raises(ServiceValidationError) as refused:
        await move
    assert refused.value.translation_key == "file_size"
    assert requests(front, "upload file") == []


async def test_what_to_bring(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """One thing, which is a file."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "upload_file", path=PATH)
    assert refused.value.translation_key == "no_file"
    item = {"media_content_id": "media-source://media_source/local/new.png"}
    with pytest.raises(vol.Invalid):
        await perform(hass, "upload_file", path=PATH, media=item, file=str(media / "x"))


async def test_one_after_the_other_and_how_far(
    hass: HomeAssistant,
    entity_registry_enabled_by_default: None,
    every_update_shows: None,
    front: TerminalSimulator,
    media: Path,
) -> None:
    """Two to the same place do not mix; a sensor shows how far the one under way is."""
    shown = "sensor.front_door_file_transfer"
    assert state_of(hass, shown) == "unknown"
    seen: list[str] = []

    @callback
    def see(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state and state.entity_id == shown:
            seen.append(state.state)

    hass.bus.async_listen(EVENT_STATE_CHANGED, see)
    for name, size in (("first", 4), ("second", 2)):
        (media / name).write_bytes(name[:1].encode() * size * UPLOAD)
    await asyncio.gather(
        *(
            perform(hass, "upload_file", path=PATH, file=str(media / name))
            for name in ("first", "second")
        )
    )
    await until(lambda: state_of(hass, shown) == "unknown")
    assert len(set(front.device.files[PATH])) == 1
    assert {"25", "75", "100"} < set(seen)
    assert seen[-1] == "unknown"


async def test_a_terminal_that_is_unloaded_meanwhile(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """The file under way is given up at once."""
    front.device.files[PATH] = bytearray(contents(3 * DOWNLOAD))
    front.be_silent(3600)
    move = hass.async_create_task(perform(hass, "download_file", path=PATH))
    await until(lambda: "download file" in str(mqtt_mock.async_publish.call_args))
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await move
    assert raised.value.translation_key == "not_running"
