"""Actions: what the screen of a terminal shows."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..facegate import COMMANDS, Field
from ..person_photos import screen_picture
from ..screen import DURATION, FONT_SIZE, LEFT, LINE_HEIGHT, TOP, async_show_texts
from .person_picture import PICTURE_FIELDS, async_picture
from .terminals import SEVERAL_TERMINALS, Terminal, at_each, called_terminals

ATTR_TEXT = "text"
ATTR_TEXTS = "texts"
ATTR_X = "x"
ATTR_Y = "y"
ATTR_DURATION = "duration"
ATTR_FONT_SIZE = "font_size"
ATTR_FONT_SPACING = "font_spacing"
ATTR_COLOR = "color"
ATTR_WIDTH = "width"
ATTR_HEIGHT = "height"

SHOW_TEXT = "show_text"
SHOW_IMAGE = "show_image"

# A picture that is larger is made smaller: this much is to be seen on every screen that is known.
SCREEN: Final = (720, 576)
MAX_SIDE: Final = 1920
MILLISECONDS: Final = 1000

_TEXTS = next(
    field for field in COMMANDS["text_display"].request if field.key == ATTR_TEXTS
)
_OF_TEXT: Final = {field.key: field for field in _TEXTS.fields}
_OF_POSITION: Final = {field.key: field for field in _OF_TEXT["position"].fields}


def _whole(field: Field) -> Callable[[Any], Any]:
    """Return what a field of the command takes."""
    return vol.All(vol.Coerce(int), vol.Range(min=field.minimum, max=field.maximum))


def _duration(field: Field) -> Callable[[Any], Any]:
    """Return the milliseconds of what a person gives in seconds."""
    seconds = vol.Range(min=0, max=(field.maximum or 0) / MILLISECONDS)
    return vol.All(
        vol.Coerce(float), seconds, lambda value: round(value * MILLISECONDS)
    )


def _color(value: Any) -> str:
    """Return red, green and blue as the terminal writes them: behind how opaque they are."""
    if isinstance(value, str):
        return str(cv.matches_regex(f"^{_OF_TEXT['font_color'].pattern}$")(value))
    red, green, blue = vol.All(
        [vol.All(vol.Coerce(int), vol.Range(min=0, max=255))], vol.Length(min=3, max=3)
    )(value)
    return f"0xff{red:02x}{green:02x}{blue:02x}"


_PLACE: Final = {
    vol.Optional(ATTR_X): _whole(_OF_POSITION[ATTR_X]),
    vol.Optional(ATTR_Y): _whole(_OF_POSITION[ATTR_Y]),
    vol.Optional(ATTR_DURATION): _duration(_OF_TEXT["alive_time"]),
}
_LOOK: Final = _PLACE | {
    vol.Optional(ATTR_FONT_SIZE): _whole(_OF_TEXT[ATTR_FONT_SIZE]),
    vol.Optional(ATTR_FONT_SPACING): _whole(_OF_TEXT[ATTR_FONT_SPACING]),
    vol.Optional(ATTR_COLOR): _color,
}
_WORDS: Final = vol.All(cv.string, vol.Match(r"(?s).*\S"))
_SIDE: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=MAX_SIDE))

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SHOW_TEXT: SEVERAL_TERMINALS
    | _LOOK
    | {
        vol.Exclusive(ATTR_TEXT, "words"): _WORDS,
        vol.Exclusive(ATTR_TEXTS, "words"): vol.All(
            cv.ensure_list,
            [{vol.Required(ATTR_TEXT): _WORDS} | _LOOK],
            vol.Length(min=1),
        ),
    },
    SHOW_IMAGE: SEVERAL_TERMINALS
    | PICTURE_FIELDS
    | _PLACE
    | {
        vol.Optional(ATTR_WIDTH, default=SCREEN[0]): _SIDE,
        vol.Optional(ATTR_HEIGHT, default=SCREEN[1]): _SIDE,
    },
}


def _text(look: dict[str, Any], line: int) -> dict[str, Any]:
    """Return a text by the keys of the command; those that have no place stand below each other."""
    text = {
        "text": look[ATTR_TEXT],
        "position": {
            "x": look.get(ATTR_X, LEFT),
            "y": look.get(ATTR_Y, TOP + line * LINE_HEIGHT),
        },
        "alive_time": look.get(ATTR_DURATION, DURATION),
        "font_size": look.get(ATTR_FONT_SIZE, FONT_SIZE),
        "font_spacing": look.get(ATTR_FONT_SPACING),
        "font_color": look.get(ATTR_COLOR),
    }
    return {key: value for key, value in text.items() if value is not None}


async def _show_text(call: ServiceCall) -> ServiceResponse:
    """Show one text or several, and return what came of it at each terminal."""
    # What is said for all holds for each that says nothing else.
    common = {key: value for key, value in call.data.items() if key != ATTR_TEXTS}
    looks = [common] if ATTR_TEXT in common else call.data.get(ATTR_TEXTS, [])
    if not looks:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_say"
        )
    texts = [_text(common | look, line) for line, look in enumerate(looks)]

    async def show(terminal: Terminal) -> str:
        await async_show_texts(terminal.coordinator, texts)
        return "shown"

    terminals = called_terminals(call)
    return await at_each(terminals, show, answered=call.return_response)


async def _show_image(call: ServiceCall) -> ServiceResponse:
    """Show a picture, and return what came of it at each terminal."""
    terminals = called_terminals(call)
    size = (call.data[ATTR_WIDTH], call.data[ATTR_HEIGHT])
    picture = await async_picture(
        call.hass, call.data, partial(screen_picture, size=size)
    )
    if picture is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="picture_missing"
        )
    shown = {
        "position": {
            "x": call.data.get(ATTR_X, LEFT),
            "y": call.data.get(ATTR_Y, TOP),
        },
        "alive_time": call.data.get(ATTR_DURATION, DURATION),
        "format": "jpg",
        "image_data": picture,
    }

    async def show(terminal: Terminal) -> str:
        await terminal.coordinator.async_request(COMMANDS["image_display"], **shown)
        return "shown"

    return await at_each(terminals, show, answered=call.return_response)


@callback
def async_setup_screen_actions(hass: HomeAssistant) -> None:
    """Register the actions; showing pictures of people is for administrators."""
    hass.services.async_register(
        DOMAIN,
        SHOW_TEXT,
        _show_text,
        schema=vol.Schema(FIELDS[SHOW_TEXT]),
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_admin_service(
        hass,
        DOMAIN,
        SHOW_IMAGE,
        _show_image,
        schema=vol.Schema(FIELDS[SHOW_IMAGE]),
        supports_response=SupportsResponse.OPTIONAL,
    )
