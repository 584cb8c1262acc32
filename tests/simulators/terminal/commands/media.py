"""Screen, speech, audio and files: vendor document 2.9, 2.11, 2.13 and 2.14."""

import base64
import hashlib

from tests.simulators.common import Json
from tests.simulators.terminal.commands.people import registered_picture
from tests.simulators.terminal.device import AUDIO_NAMES, Command, Device, media_path
from tests.simulators.terminal.fields import (
    AUTHENTICATION_FAILED,
    CHECKSUM_WRONG,
    DOES_NOT_EXIST,
    LIMIT_REACHED,
    NOT_LICENSED,
    READ_FAILED,
    WRITE_FAILED,
    Optional,
    Refused,
    array,
    base64_text,
    boolean,
    decoded,
    integer,
    matching,
    one_of,
    structure,
    text,
    wrong,
)
from tests.simulators.terminal.quirks import Quirk
from tests.simulators.terminal.settings import Values

MOST_MEDIA = 10
LARGEST_DOWNLOAD = 10_240
LARGEST_UPLOAD = 204_800
AES_KEY_BYTES = 16


def _screensaver(device: Device, _request: Values) -> Values:
    return {"screensaver_mode": device.screensaver}


def _set_screensaver(device: Device, request: Values) -> Values:
    device.screensaver = str(request["screensaver_mode"])
    return {}


def _media_list(device: Device, numbers: list[int]) -> list[Json]:
    return [
        {
            "sequence": number,
            "media_name": device.media[number],
            "path": media_path(number, device.media[number]),
        }
        for number in numbers
    ]


def _media(device: Device, _request: Values) -> Values:
    return {"screensaver_media_list": _media_list(device, sorted(device.media))}


def _named_media(request: Values) -> dict[int, str]:
    listed = request["screensaver_media_list"]
    entries = (
        [entry for entry in listed if isinstance(entry, dict)]
        if isinstance(listed, list)
        else []
    )
    return {
        entry["sequence"]: str(entry["media_name"])
        for entry in entries
        if isinstance(entry["sequence"], int)
    }


def _update_media(device: Device, request: Values) -> Values:
    named = _named_media(request)
    if len(device.media | named) > MOST_MEDIA:
        raise Refused(LIMIT_REACHED, f"at most {MOST_MEDIA} files")
    device.media |= named
    return {"screensaver_media_list": _media_list(device, list(named))}


def _delete_media(device: Device, request: Values) -> Values:
    named = _named_media(request)
    for number, name in named.items():
        if device.media.get(number) != name:
            raise Refused(DOES_NOT_EXIST, f"no file {number} {name}")
    for number, name in named.items():
        del device.media[number]
        device.files.pop(media_path(number, name), None)
    return {
        "screensaver_media_list": [
            {"sequence": number, "media_name": name} for number, name in named.items()
        ]
    }


def _show_text(device: Device, request: Values) -> Values:
    texts = request["text_list"]
    device.shown.extend(item for item in texts if isinstance(item, dict)) if isinstance(
        texts, list
    ) else None
    return {}


def _show_image(device: Device, request: Values) -> Values:
    registered_picture(decoded(request["image_data"], "image_data"))
    device.shown.append(
        {name: value for name, value in request.items() if name != "image_data"}
    )
    return {}


def _speak(device: Device, request: Values) -> Values:
    if device.has(Quirk.NO_TTS_LICENCE):
        raise Refused(NOT_LICENSED, "speech is not licensed")
    device.spoken.append(str(request["text"]))
    return {}


def _play_stream(device: Device, request: Values) -> Values:
    audio = request["audio"]
    data = decoded(audio["data"], "audio.data") if isinstance(audio, dict) else b""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise wrong("audio.data", "no WAV file")
    device.played.append(f"{len(data)} bytes of WAV")
    return {}


def _list_audio(_device: Device, _request: Values) -> Values:
    return {
        "audio_list": [
            {"audio_no": number, "audio_name": name}
            for number, name in enumerate(AUDIO_NAMES)
        ]
    }


def _play(device: Device, request: Values) -> Values:
    if not any(
        (number, name) == (request["audio_no"], request["audio_name"])
        for number, name in enumerate(AUDIO_NAMES)
    ):
        raise Refused(DOES_NOT_EXIST, "no such audio")
    device.played.append(str(request["audio_name"]))
    return {}


def _download(device: Device, request: Values) -> Values:
    path, offset, size = str(request["path"]), request["offset"], request["size"]
    content = device.files.get(path)
    if content is None:
        raise Refused(READ_FAILED, "no such file")
    if (
        not isinstance(offset, int)
        or not isinstance(size, int)
        or offset > len(content)
    ):
        raise wrong("offset", "beyond the end of the file")
    chunk = bytes(content[offset : offset + size])
    return {
        "path": path,
        "total_size": len(content),
        "offset": offset,
        "size": len(chunk),
        "data": base64.b64encode(chunk).decode(),
        "md5sum": hashlib.md5(chunk, usedforsecurity=False).hexdigest(),
    }


def _upload(device: Device, request: Values) -> Values:
    path, offset, total = str(request["path"]), request["offset"], request["total_size"]
    chunk = decoded(request["data"], "data")
    if not path.startswith("/data_fs/") or ".." in path.split("/"):
        raise Refused(WRITE_FAILED, "cannot write there")
    if len(chunk) != request["size"]:
        raise wrong("size", f"the data is {len(chunk)} bytes long")
    if (
        hashlib.md5(chunk, usedforsecurity=False).hexdigest()
        != str(request["md5sum"]).lower()
    ):
        raise Refused(CHECKSUM_WRONG, "md5sum differs")
    content = bytearray() if offset == 0 else device.files.get(path, bytearray())
    # A piece may come again: its answer got lost.
    if (
        not isinstance(offset, int)
        or offset > len(content)
        or not isinstance(total, int)
        or offset + len(chunk) > total
    ):
        raise wrong("offset", f"{len(content)} bytes are there")
    content[offset : offset + len(chunk)] = chunk
    device.files[path] = content
    return {"path": path, "offset": offset, "size": len(chunk)}


def _update_aes(device: Device, request: Values) -> Values:
    if (
        decoded(request["ori_key"], "ori_key").ljust(AES_KEY_BYTES, b"\0")
        != device.aes_key
    ):
        raise Refused(AUTHENTICATION_FAILED, "the original key differs")
    if "new_key" in request:
        device.aes_key = decoded(request["new_key"], "new_key").ljust(
            AES_KEY_BYTES, b"\0"
        )
    device.aes_enabled = bool(request.get("enable", device.aes_enabled))
    return {}


def _aes(device: Device, _request: Values) -> Values:
    return {"version": "0.21", "enable": device.aes_enabled}


POSITION = structure({"x": integer(0), "y": integer(0)})
TEXT_ON_SCREEN = structure(
    {
        "position": POSITION,
        "alive_time": integer(0),
        "font_size": integer(1),
        "font_spacing": integer(0),
        "font_color": matching(r"0[xX][0-9a-fA-F]{8}"),
        "text": text(),
    }
)
# The "tts" object of an acknowledgement: at most 64 characters (vendor document 2.2.1).
TEXT_TO_SPEAK = structure({"text": matching(r"[\s\S]{0,64}")})
MEDIA_LIST = array(
    structure({"sequence": integer(1, MOST_MEDIA), "media_name": text(least=1)}),
    1,
    MOST_MEDIA,
)

COMMANDS = {
    "request lcd screensaver": Command(_screensaver),
    "update lcd screensaver": Command(
        _set_screensaver, {"screensaver_mode": one_of("none", "extinguish", "media")}
    ),
    "request lcd media": Command(_media),
    "update lcd media": Command(_update_media, {"screensaver_media_list": MEDIA_LIST}),
    "delete lcd media": Command(_delete_media, {"screensaver_media_list": MEDIA_LIST}),
    "text display": Command(
        _show_text,
        {
            "coding_type": Optional(one_of("utf8", "gb2312")),
            "text_list": array(TEXT_ON_SCREEN, 1),
        },
    ),
    "image display": Command(
        _show_image,
        {
            "position": POSITION,
            "alive_time": integer(0),
            "format": one_of("png", "jpg"),
            "image_data": base64_text(),
        },
    ),
    "tts play": Command(_speak, {"text": text(least=1)}),
    "play audio stream": Command(
        _play_stream,
        {"audio": structure({"format": one_of("wav"), "data": base64_text()})},
    ),
    "browse audio list": Command(_list_audio),
    "play audio": Command(_play, {"audio_no": integer(0), "audio_name": text(least=1)}),
    "download file": Command(
        _download,
        {
            "path": text(least=1),
            "offset": integer(0),
            "size": integer(1, LARGEST_DOWNLOAD),
        },
    ),
    "upload file": Command(
        _upload,
        {
            "path": text(least=1),
            "total_size": integer(1),
            "offset": integer(0),
            "size": integer(1, LARGEST_UPLOAD),
            "data": base64_text(LARGEST_UPLOAD),
            "md5sum": matching(r"[0-9a-fA-F]{32}"),
        },
    ),
    "updata aes": Command(
        _update_aes,
        {
            "ori_key": base64_text(AES_KEY_BYTES),
            "enable": Optional(boolean),
            "new_key": Optional(base64_text(AES_KEY_BYTES)),
        },
    ),
    "request aes": Command(_aes),
}
