"""Actions: how a camera encodes its video."""

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
from ..errors import translate_errors
from ..guide import (
    SECTIONS,
    STREAM_NAMES,
    STREAMS,
    VIDEO_FIELDS,
    Field,
    put_stream,
    streams_in_words,
)
from .cameras import ONE_CAMERA, called_camera

ATTR_STREAM: Final = "stream"

LIST: Final = "list_video_streams"
SET: Final = "set_video_stream"


def _taken(field: Field) -> Any:
    if field.choices:
        return vol.In([*field.choices.values()])
    return vol.All(vol.Coerce(int), vol.Range(min=field.minimum, max=field.maximum))


WORDS: Final[dict[Any, Any]] = {
    vol.Optional("resolution"): vol.All(cv.string, str.strip),
    vol.Optional("codec"): _taken(VIDEO_FIELDS["encodec"]),
    **{
        vol.Optional(name): _taken(VIDEO_FIELDS[theirs])
        for name, theirs in STREAM_NAMES.items()
        if name != "resolution"
    },
    vol.Optional("layered"): cv.boolean,
}
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: ONE_CAMERA,
    SET: ONE_CAMERA | {vol.Required(ATTR_STREAM): vol.In(STREAMS)} | WORDS,
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return the video streams of a camera."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(SECTIONS["video"].cmdtype)
    return {"streams": [*streams_in_words(answer)]}


@translate_errors
async def _set(call: ServiceCall) -> None:
    """Change one stream and leave the others as they are."""
    camera = called_camera(call)
    wanted = {str(name): call.data[name] for name in WORDS if name in call.data}
    if not wanted:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_given",
            translation_placeholders={"fields": ", ".join(str(name) for name in WORDS)},
        )
    await camera.coordinator.settings.async_edit(
        "video", lambda message: put_stream(message, call.data[ATTR_STREAM], wanted)
    )


@callback
def async_setup_video_stream_actions(hass: HomeAssistant) -> None:
    """Register the actions; how a camera encodes is for administrators to change."""
    hass.services.async_register(
        DOMAIN,
        LIST,
        _list,
        schema=vol.Schema(FIELDS[LIST]),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass, DOMAIN, SET, _set, schema=vol.Schema(FIELDS[SET])
    )
