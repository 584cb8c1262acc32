"""The video streams of a camera, one by one and in words (commands 23 and 24)."""

from collections.abc import Mapping
import re
from types import MappingProxyType
from typing import Any, Final

from .errors import GuideValidationError
from .fields import Field
from .settings_fields import VIDEO
from .wire import Message, as_dicts, as_int, as_text

VIDEO_FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {field.name: field for field in VIDEO}
)
STREAMS: Final = tuple((VIDEO_FIELDS["type"].choices or {}).values())

# What people call the fields, and what cameras do. The codec has no name of its own, see below.
STREAM_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "resolution": "ratio",
        "fps": "fps",
        "rate_control": "rate_control",
        "bit_rate": "bit_size",
        "key_frame_interval": "gop_size",
        "quality": "level",
    }
)

# The document spells it in three ways; a camera keeps the one in its own answer.
_CODEC_NAMES: Final = ("encodec", "encoder", "encoded")
_LAYERED, _NOT_LAYERED = 0, 1
_RESOLUTION = re.compile(r"[1-9]\d*x[1-9]\d*", re.ASCII)
# Between two key pictures are at most two seconds (document 23).
_KEY_FRAME_SECONDS = 2


def stream_in_words(item: Message) -> dict[str, Any]:
    """Return a stream as `put_stream` takes it; what the camera does not tell is missing."""
    told: dict[str, Any] = {"stream": _choice("type", item.get("type"))}
    for name, theirs in STREAM_NAMES.items():
        if item.get(theirs) is not None:
            told[name] = (
                as_text(item[theirs])
                if theirs == "ratio"
                else _choice(theirs, item[theirs])
            )
    for name in _CODEC_NAMES:
        if item.get(name) is not None:
            told["codec"] = _choice(name, item[name])
    if item.get("svc") is not None:
        told["layered"] = as_int(item["svc"]) == _LAYERED
    return told


def streams_in_words(message: Message) -> list[dict[str, Any]]:
    """Return the streams in the answer of command 24."""
    return [stream_in_words(item) for item in as_dicts(message.get("params"))]


def put_stream(message: Message, stream: str, words: Mapping[str, Any]) -> None:
    """Change a stream in the answer of command 24; the others, and what nobody named, stay.

    Key pictures come at least every two seconds: an interval that nobody named is shortened as far as it must be.
    GuideValidationError for a stream that the camera has not, and for a value that is not possible.
    """
    items = as_dicts(message.get("params"))
    named = {_choice("type", item.get("type")): item for item in items}
    if (item := named.get(stream)) is None:
        raise GuideValidationError(
            "stream", stream, ", ".join(map(str, named)) or "none"
        )
    for name, theirs in STREAM_NAMES.items():
        if name in words:
            item[theirs] = _checked(name, theirs, words[name])
    if "codec" in words:
        item[_codec_name(item)] = _checked("codec", "encodec", words["codec"])
    if "layered" in words:
        item["svc"] = _LAYERED if words["layered"] else _NOT_LAYERED
    _keep_key_frames(item, words)
    message["params"] = items


def _keep_key_frames(item: Message, words: Mapping[str, Any]) -> None:
    rate, interval = as_int(item.get("fps")), as_int(item.get("gop_size"))
    if rate is None or interval is None or interval <= _KEY_FRAME_SECONDS * rate:
        return
    most = _KEY_FRAME_SECONDS * rate
    if "key_frame_interval" in words:
        raise GuideValidationError(
            "key_frame_interval",
            interval,
            f"at most {most}, twice the pictures per second",
        )
    if "fps" in words:
        item["gop_size"] = most


def _codec_name(item: Message) -> str:
    return next((name for name in _CODEC_NAMES if name in item), _CODEC_NAMES[0])


def _choice(name: str, value: object) -> Any:
    number = as_int(value)
    choices = VIDEO_FIELDS[name].choices
    if number is None:
        return value
    return choices.get(number, number) if choices else number


def _checked(name: str, theirs: str, value: Any) -> Any:
    if theirs == "ratio":
        if not isinstance(value, str) or not _RESOLUTION.fullmatch(value):
            raise GuideValidationError(name, value, "a size like 1280x720")
        return value
    field = VIDEO_FIELDS[theirs]
    words = {word: number for number, word in (field.choices or {}).items()}
    number = words.get(value, value) if isinstance(value, str) else value
    field.check(number, name)
    return number
