"""The commands for screen and sound (vendor document 2.9, 2.11 and 2.17)."""

from typing import Final

from .command import (
    ALIVE_TIME,
    BYTES,
    DISPLAY_TEXT,
    INTEGER,
    LIST,
    OBJECT,
    PICTURE,
    POSITION,
    SLOW,
    SPEECH,
    TEXT,
    Command,
    same,
)
from .fields import Field

_SCREENSAVER: Final = Field(
    "screensaver_mode",
    TEXT,
    required=True,
    choices={"none": "none", "display_off": "extinguish", "media": "media"},
    alias="mode",
)


def _media(*fields: Field) -> Field:
    """Return the list of screensaver files with these fields."""
    return Field(
        "screensaver_media_list",
        LIST,
        fields=fields,
        required=True,
        max_length=10,
        alias="media",
    )


_MEDIA_FILE: Final = (
    Field("sequence", INTEGER, minimum=1, maximum=10, required=True),
    Field("media_name", TEXT, required=True),
)
_STORED_MEDIA: Final = _media(*_MEDIA_FILE, Field("path", TEXT))

SCREEN_COMMANDS: Final = (
    REQUEST_SCREENSAVER := Command(
        key="request_screensaver",
        wire="request lcd screensaver",
        section="2.9.1",
        reply=(_SCREENSAVER,),
    ),
    UPDATE_SCREENSAVER := Command(
        key="update_screensaver",
        wire="update lcd screensaver",
        section="2.9.2",
        request=(_SCREENSAVER,),
    ),
    REQUEST_MEDIA := Command(
        key="request_media",
        wire="request lcd media",
        section="2.9.3",
        reply=(_STORED_MEDIA,),
    ),
    UPDATE_MEDIA := Command(
        key="update_media",
        wire="update lcd media",
        section="2.9.4",
        request=(_media(*_MEDIA_FILE),),
        reply=(_STORED_MEDIA,),
    ),
    DELETE_MEDIA := Command(
        key="delete_media",
        wire="delete lcd media",
        section="2.9.5",
        request=(_media(*_MEDIA_FILE),),
        reply=(_media(*_MEDIA_FILE),),
    ),
    TEXT_DISPLAY := Command(
        key="text_display",
        wire="text display",
        section="2.9.6",
        request=(
            Field("coding_type", TEXT, choices=same("utf8", "gb2312"), default="utf8"),
            Field("text_list", LIST, fields=DISPLAY_TEXT, required=True, alias="texts"),
        ),
    ),
    IMAGE_DISPLAY := Command(
        key="image_display",
        wire="image display",
        section="2.9.7",
        request=(
            POSITION,
            ALIVE_TIME,
            Field("format", TEXT, choices=same("jpg", "png"), required=True),
            Field("image_data", PICTURE, required=True),
        ),
    ),
)

_AUDIO: Final = (
    Field("audio_no", INTEGER, minimum=0, required=True),
    Field("audio_name", TEXT, required=True),
)
_VOLUME: Final = Field(
    "volume", INTEGER, minimum=0, maximum=100, unit="%", required=True
)

AUDIO_COMMANDS: Final = (
    TTS_PLAY := Command(
        key="tts_play", wire="tts play", section="2.11.1", request=(SPEECH,)
    ),
    PLAY_AUDIO_STREAM := Command(
        key="play_audio_stream",
        wire="play audio stream",
        section="2.11.2",
        request=(
            Field(
                "audio",
                OBJECT,
                required=True,
                fields=(
                    Field("format", TEXT, choices=same("wav"), default="wav"),
                    Field("data", BYTES, required=True),
                ),
            ),
        ),
        timeout=SLOW,
    ),
    BROWSE_AUDIO := Command(
        key="browse_audio",
        wire="browse audio list",
        section="2.11.3",
        reply=(Field("audio_list", LIST, fields=_AUDIO),),
    ),
    PLAY_AUDIO := Command(
        key="play_audio", wire="play audio", section="2.11.4", request=_AUDIO
    ),
    # The range of the volume is in no document but in the vendor's own headers.
    GET_VOLUME := Command(
        key="get_volume",
        wire="camera volume",
        section="2.17.2",
        reply=(_VOLUME,),
        fixed={"method": "GET"},
    ),
    SET_VOLUME := Command(
        key="set_volume",
        wire="camera volume",
        section="2.17.1",
        request=(_VOLUME,),
        fixed={"method": "SET"},
    ),
)
