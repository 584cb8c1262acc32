"""Pictures that are none, or more than one thing: nobody is served them, and nobody decodes a bomb."""

import base64
from io import BytesIO
from pathlib import Path
import struct
from typing import Any
from unittest.mock import patch
import zlib

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.facegate import (
    FaceGateClient,
    Picture as TerminalPicture,
)
from custom_components.thermogate.guide import GuideClient, Picture as CameraPicture
from custom_components.thermogate.pictures import MAX_PIXELS, is_sound
from homeassistant.components.camera import async_get_image as async_get_still
from homeassistant.components.image import async_get_image
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from tests.helpers import attributes_of, door, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator, Wishes
from tests.waiting import until

FACE = "image.front_door_face"
THERMAL = "image.yard_last_alarm_thermal"
SHOWN = (Platform.EVENT, Platform.IMAGE, Platform.CAMERA)
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
MEMORY = 48_000_000


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a part of a PNG."""
    crc = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + crc


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a whole black PNG, a bit for each pixel; however large, it packs well."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(1)
    rows = [packer.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)]
    body = b"".join(rows) + packer.flush()
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            *chunks,
            chunk(b"IDAT", body),
            chunk(b"IEND", b""),
        )
    )


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """Draw a picture."""
    buffer = BytesIO()
    Image.new("RGB", size, (90, 60, 30)).save(buffer, kind, **options)
    return buffer.getvalue()


def resized(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG that says it is of another size."""
    place = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:place] + struct.pack(">HH", height, width) + jpeg[place + 4 :]


def packed(size: int) -> bytes:
    """Return zeros, packed."""
    return zlib.compress(bytes(size), 9)


BOMBS = {
    "wide PNG": png(20_000, 20_000),
    "just too large": png(MAX_PIXELS // 1000, 1001),
    "long PNG": png(1, 60_000_000 // 8),
    "JPEG": resized(picture("JPEG"), 65_500, 65_500),
    "GIF": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(200),
    "BMP": b"BM"
    + bytes(12)
    + struct.pack("<IiiHHIIiiII", 40, 2**20, 2**20, 1, 24, 0, 0, 0, 0, 0, 0),
    "text in a PNG": png(8, 8, chunk(b"zTXt", b"x\0\0" + packed(2**28))),
    "texts in a PNG": png(8, 8, *[chunk(b"zTXt", b"x\0\0" + packed(2**20 - 1))] * 200),
    "profile in a PNG": png(8, 8, chunk(b"iCCP", b"x\0\0" + packed(2**28))),
}
POLYGLOTS = {
    "GIF that is a script": b"GIF89a/*" + b" " * 20 + b"*/=1;alert(document.domain)//",
    "JPEG that is a page": b"\xff\xd8\xff\xe0" + SCRIPT,
    "PNG that is a page": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "BMP that is a page": b"BM\0\0\0\0\0\0\0\0" + SCRIPT,
    "WebP that is a page": b"RIFF\0\0\0\0WEBP" + SCRIPT,
}
NO_PICTURES = {
    "page": SCRIPT,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "PDF": b"%PDF-1.7",
    "ZIP": b"PK\3\4",
    "TIFF": b"II*\0" + bytes(64),
}


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def memory(name: str) -> int:
    """Return a figure of this process in bytes: VmRSS is what it has, VmHWM the most it had since `forget_peak`."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def forget_peak() -> None:
    """Begin to watch for the most memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def files(folder: Path) -> list[Path]:
    """Return all files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(data: bytes) -> None:
    """A picture of a few kilobytes takes no hundreds of megabytes from whoever looks at it."""
    forget_peak()
    before = memory("VmRSS")
    sound = is_sound(data)
    assert memory("VmHWM") - before < MEMORY
    assert not sound


def test_the_largest_picture_that_is_looked_at_takes_little() -> None:
    """However it is packed; it is twice as large as any that a device takes."""
    data = picture("PNG", (4000, MAX_PIXELS // 4000))
    forget_peak()
    before = memory("VmRSS")
    assert is_sound(data)
    assert memory("VmHWM") - before < 2 * MEMORY


# Through Home Assistant


async def show_face(
    hass: HomeAssistant, terminal: TerminalSimulator, data: bytes
) -> None:
    """Let somebody stand before a terminal who is sent as this picture."""

    def change(message: dict[str, Any]) -> None:
        message["closeup_pic"] |= {
            "data": base64.b64encode(data).decode(),
            "format": "svg+xml",
        }

    sent = await terminal.capture(wishes=Wishes(pictures="closeup"), change=change)
    await settle(hass)
    assert sent.acknowledged.is_set()


@pytest.mark.parametrize(
    "data", (BOMBS | POLYGLOTS).values(), ids=list(BOMBS | POLYGLOTS)
)
async def test_what_only_begins_as_a_picture_is_served_to_nobody(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    data: bytes,
) -> None:
    """Neither by the image entity nor at the address in the event; who it was is an event all the same."""
    await set_up(hass, terminal_entry, *SHOWN)
    client = await hass_client_no_auth()
    await show_face(hass, terminal, data)
    assert attributes_of(hass, "event.front_door_access")["event_type"] == "granted"
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, FACE)
    url = attributes_of(hass, "event.front_door_access")["picture_url"]
    response = await client.get(url)
    assert response.status == 404
    assert data[:40] not in await response.read()
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
async def test_what_is_no_picture_is_not_even_kept(
    hass: HomeAssistant,
    hass_config_dir: str,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    data: bytes,
) -> None:
    """It has no address, no image and no file."""
    await set_up(hass, terminal_entry, *SHOWN)
    await show_face(hass, terminal, data)
    attributes = attributes_of(hass, "event.front_door_access")
    assert attributes["event_type"] == "granted"
    assert "face" not in attributes.get("picture_urls", {})
    assert state_of(hass, FACE) == "unknown"
    folder = Path(hass_config_dir, "thermogate", "pictures")
    assert not await hass.async_add_executor_job(files, folder)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP"])
async def test_a_picture_with_a_page_behind_it_is_a_picture_only(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
) -> None:
    """No browser guesses what else it could be, whatever the device calls it, nor runs what is in it."""
    await set_up(hass, terminal_entry, *SHOWN)
    client = await hass_client_no_auth()
    await show_face(hass, terminal, picture(kind) + SCRIPT)
    url = attributes_of(hass, "event.front_door_access")["picture_url"]
    response = await client.get(url)
    assert response.status == 200
    assert response.headers["Content-Type"] == f"image/{kind.lower()}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert (await async_get_image(hass, FACE)).content_type == f"image/{kind.lower()}"
    for trick in ("/../../secrets.yaml", "%2e%2e%2fx", "?role=scene", ".svg"):
        assert (await client.get(url.partition("?")[0] + trick)).status in (
            400,
            401,
            404,
        )


@pytest.mark.parametrize(
    "data", (BOMBS | POLYGLOTS).values(), ids=list(BOMBS | POLYGLOTS)
)
async def test_the_same_for_the_pictures_of_an_alarm(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    data: bytes,
) -> None:
    """And it is an alarm all the same."""
    await set_up(hass, camera_entry, *SHOWN)
    client = await hass_client_no_auth()
    content = base64.b64encode(data).decode()
    await camera.push(1011, {"name": "x", "ir_image_content": content})
    await until(lambda: state_of(hass, "event.yard_alarm") != "unknown")
    await settle(hass)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, THERMAL)
    attributes = attributes_of(hass, "event.yard_alarm")
    assert attributes["event_type"] == "fire"
    for url in attributes.get("picture_urls", {}).values():
        assert (await client.get(url)).status == 404
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("name", ["wide PNG", "JPEG", "JPEG that is a page"])
async def test_a_still_that_is_no_picture_is_not_served(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    name: str,
) -> None:
    """What is taken now is looked at like everything else that a device sends."""
    await set_up(hass, camera_entry, *SHOWN)
    await settle(hass)
    data = (BOMBS | POLYGLOTS)[name]
    thermal = CameraPicture.from_bytes(data)
    photo = TerminalPicture(data=data, content_type="image/jpeg")
    with (
        patch.object(GuideClient, "thermal_still", return_value=thermal),
        patch.object(FaceGateClient, "snapshot", return_value=photo),
    ):
        for entity_id in ("camera.yard_thermal", "camera.front_door_snapshot"):
            with pytest.raises(HomeAssistantError):
                await async_get_still(hass, entity_id)
