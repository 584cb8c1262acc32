"""Where the picture of a person comes from, and that it arrives as terminals take it."""

from base64 import b64decode
from io import BytesIO
import os
from pathlib import Path
from typing import Any

from PIL import Image
import pytest

from custom_components.thermogate.person_photos import MAX_BYTES
from homeassistant.components import media_source
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from tests.helpers import attributes_of, capture, set_up
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.faces import portrait_png

from .house import perform, requests


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may read, and that is its media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    hass.config.allowlist_external_dirs = {str(folder)}
    (folder / "zoe.png").write_bytes(portrait_png("Zoë", label="Zoë"))
    return folder


async def save(hass: HomeAssistant, **fields: Any) -> None:
    """Save a new person."""
    await perform(hass, "save_person", person_id="2001", name="Zoë", **fields)


def sent_picture(terminal: TerminalSimulator) -> Image.Image:
    """Return the picture that arrived, which the terminal has now."""
    [sent] = requests(terminal, "upload person")
    data = b64decode(str(sent["reg_image"]))
    assert len(data) <= MAX_BYTES
    assert terminal.device.people["2001"].picture == data
    return Image.open(BytesIO(data), formats=["JPEG"])


async def test_a_file(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """A PNG becomes a JPEG."""
    await save(hass, picture=str(media / "zoe.png"))

    assert sent_picture(front).size == (480, 600)


async def test_a_media_item(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """From the media folder, as the media selector gives it."""
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    await save(
        hass,
        media={
            "media_content_id": "media-source://media_source/local/zoe.png",
            "media_content_type": "image/png",
            "metadata": {},
        },
    )

    assert sent_picture(front).size == (480, 600)


@pytest.mark.parametrize(
    "fields",
    [
        {"picture_entity": "image.front_door_face"},
        {
            "media": {
                "media_content_id": "media-source://image/image.front_door_face",
            }
        },
    ],
    ids=["entity", "media"],
)
async def test_an_image(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """The stranger who was just there is known from now on."""
    await capture(hass, front, "stranger")

    await save(hass, **fields)

    assert sent_picture(front).height <= 800


async def test_a_camera(
    hass: HomeAssistant,
    front: TerminalSimulator,
    camera: CameraSimulator,
    camera_entry: Any,
) -> None:
    """What it sees now."""
    await set_up(hass, camera_entry, Platform.CAMERA, Platform.IMAGE, Platform.SENSOR)

    await save(hass, picture_entity="camera.yard_visible")

    assert max(sent_picture(front).size) <= 800


async def test_an_event_of_the_journal(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """However many people came since."""
    await capture(hass, front, "stranger")
    event_id = attributes_of(hass, "image.front_door_face")["event_id"]
    await capture(hass, front, person="Linh Nguyen")

    await save(hass, event_id=event_id)

    sent_picture(front)
    answer = await perform(hass, "search_journal", text="unknown")
    assert answer["entries"][0]["event_id"] == event_id


async def test_one_that_must_be_turned(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """A telephone that was held upright says so in the file."""
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(media / "zoe.png") as upright:
        lying = upright.transpose(Image.Transpose.ROTATE_90)
        lying.resize((1500, 1200)).save(media / "zoe.jpg", exif=exif.tobytes())

    await save(hass, picture=str(media / "zoe.jpg"))

    assert sent_picture(front).size == (640, 800)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"picture": "{media}/nobody.png"}, "file_not_read"),
        ({"picture": "{media}"}, "file_not_read"),
        ({"picture": "{media}/pipe"}, "file_not_read"),
        ({"picture": "{media}/../secret.png"}, "file_not_allowed"),
        ({"picture": "{media}/link.png"}, "file_not_allowed"),
        ({"picture": "{media}/text.png"}, "unusable_picture"),
        ({"picture": "{media}/zoe.png", "event_id": "x"}, "one_picture"),
        ({"event_id": "x"}, "no_event_picture"),
        (
            {"media": {"media_content_id": "media-source://tts/x"}},
            None,
        ),
        ({"picture_entity": "camera.none"}, None),
        ({"picture_entity": "image.none"}, None),
    ],
    ids=str,
)
async def test_no_picture(
    hass: HomeAssistant,
    front: TerminalSimulator,
    media: Path,
    fields: dict[str, Any],
    key: str | None,
) -> None:
    """Nobody is registered without the picture that was meant. Where Home Assistant has words of its own, they are shown."""
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    assert await async_setup_component(hass, "camera", {})
    (media.parent / "secret.png").write_bytes((media / "zoe.png").read_bytes())
    (media / "link.png").symlink_to(media.parent / "secret.png")
    (media / "text.png").write_text("no picture")
    os.mkfifo(media / "pipe")
    if "picture" in fields:
        fields = fields | {"picture": fields["picture"].format(media=media)}

    with pytest.raises(HomeAssistantError) as failed:
        await save(hass, **fields)

    if key:
        assert isinstance(failed.value, ServiceValidationError)
        assert failed.value.translation_key == key
    assert requests(front, "upload person") == []


async def test_a_face_that_somebody_has(
    hass: HomeAssistant, front: TerminalSimulator, media: Path
) -> None:
    """The terminal knows it, and whose it is."""
    front.device.section("face")["enable_same_face_reg"] = False
    (media / "amara.jpg").write_bytes(front.device.people["1001"].picture)

    with pytest.raises(HomeAssistantError, match="the ID 1001") as refused:
        await save(hass, picture=str(media / "amara.jpg"))

    assert refused.value.translation_key == "face_exists"
