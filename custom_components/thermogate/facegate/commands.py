"""All commands of the vendor document, and the ones seen on devices beside it. Slips of the wire stay in these tables."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from .command import (
    BOOLEAN,
    BYTES,
    CONTROL_MODE,
    INTEGER,
    LIST,
    LONG_CARD,
    OBJECT,
    PERSON_ID,
    PICTURE,
    RELAY,
    SLOW,
    TEXT,
    TIME,
    Command,
    same,
)
from .commands_media import AUDIO_COMMANDS, SCREEN_COMMANDS
from .commands_persons import PERSON_COMMANDS
from .commands_sip import SIP_COMMANDS
from .fields import Field
from .settings import APP_SETTINGS, MAX_UINT32, STREAM_SETTINGS, sections

_DOWNLOAD_CHUNK: Final = 10 * 1024
UPLOAD_CHUNK: Final = 200 * 1024
_UNDOCUMENTED: Final = "seen on devices"

_APP_PARAMS: Final = sections(APP_SETTINGS)
_STREAM_PARAMS: Final = sections(STREAM_SETTINGS)

SETTING_COMMANDS: Final = (
    REQUEST_APP_PARAMS := Command(
        key="request_app_params",
        wire="request app params",
        section="2.3.1",
        reply=_APP_PARAMS,
    ),
    UPDATE_APP_PARAMS := Command(
        key="update_app_params",
        wire="update app params",
        section="2.3.2",
        request=_APP_PARAMS,
    ),
    RESET_APP_PARAMS := Command(
        key="reset_app_params", wire="reset app params", section="2.3.3", timeout=SLOW
    ),
    REQUEST_STREAM_PARAMS := Command(
        key="request_stream_params",
        wire="request stream params",
        section="2.3.4",
        reply=_STREAM_PARAMS,
    ),
    UPDATE_STREAM_PARAMS := Command(
        key="update_stream_params",
        wire="update stream params",
        section="2.3.5",
        request=_STREAM_PARAMS,
    ),
    RESET_STREAM_PARAMS := Command(
        key="reset_stream_params", wire="reset stream params", section="2.3.6"
    ),
)

_CLOCK: Final = (
    Field("hour", INTEGER, minimum=0, maximum=24, unit="h", required=True),
    Field("minute", INTEGER, minimum=0, maximum=59, unit="min", required=True),
)
# `start` is part of a section, `end` is not: a whole day ends at 24:00.
_KINDS: Final = Field(
    "kinds",
    LIST,
    required=True,
    max_length=15,
    fields=(
        Field("name", TEXT),
        Field("kind", INTEGER, minimum=1, maximum=15, required=True),
        Field("mode", TEXT, choices=same("daily", "weekly"), required=True),
        Field(
            "days",
            LIST,
            required=True,
            max_length=7,
            fields=(
                Field(
                    "sections",
                    LIST,
                    required=True,
                    # A day on which nobody may pass.
                    may_be_empty=True,
                    fields=(
                        Field("start", OBJECT, fields=_CLOCK, required=True),
                        Field("end", OBJECT, fields=_CLOCK, required=True),
                    ),
                ),
            ),
        ),
    ),
)

SCHEDULE_COMMANDS: Final = (
    REQUEST_SCHEDULES := Command(
        key="request_schedules",
        wire="request schedule params",
        section="2.3.7",
        reply=(_KINDS,),
    ),
    UPDATE_SCHEDULES := Command(
        key="update_schedules",
        wire="update schedule params",
        section="2.3.8",
        request=(_KINDS,),
    ),
    ADD_SCHEDULE := Command(
        key="add_schedule", wire="add schedule kind", section="2.3.9", request=(_KINDS,)
    ),
)

_HEARTBEAT_FIELDS: Final = ("ip", "device_sn", "device_no", "addr_no", "addr_name")

CONTROL_COMMANDS: Final = (
    SNAPSHOT := Command(
        key="snapshot",
        wire="snapshot",
        section="2.4",
        reply=(
            Field(
                "image",
                OBJECT,
                fields=(
                    Field("format", TEXT),
                    Field("image_data", PICTURE),
                    Field("time_stamp", TIME),
                ),
            ),
        ),
    ),
    GPIO_CONTROL := Command(
        key="gpio_control",
        wire="gpio control",
        section="2.5.1",
        request=(RELAY, CONTROL_MODE, PERSON_ID),
        fixed={"ctrl_type": "on"},
    ),
    # The same for newer firmware.
    GPIO_CONTROL_EXTEND := Command(
        key="gpio_control_extend",
        wire="gpio control Extend",
        section=_UNDOCUMENTED,
        request=(RELAY, CONTROL_MODE, PERSON_ID),
        fixed={"ctrl_type": "on"},
    ),
    WIEGAND_CONTROL := Command(
        key="wiegand_control",
        wire="wiegand control",
        section="2.5.2",
        request=(
            Field(
                "wiegand_card_no",
                INTEGER,
                minimum=0,
                maximum=MAX_UINT32,
                default=0,
                alias="card",
            ),
            replace(LONG_CARD, alias="long_card"),
            CONTROL_MODE,
            PERSON_ID,
        ),
    ),
    SEND_SERIAL_DATA := Command(
        key="send_serial_data",
        wire="send serial data",
        section="2.5.3",
        request=(
            Field(
                "device_no", INTEGER, minimum=1, maximum=2, required=True, alias="port"
            ),
            Field(
                "content",
                LIST,
                required=True,
                item=Field("byte", INTEGER, minimum=0, maximum=255),
            ),
        ),
    ),
    # Sent to the terminal it is a ping, with nothing filled in.
    HEART_BEAT := Command(
        key="heart_beat",
        wire="heart beat",
        section="2.6",
        fixed=dict.fromkeys(_HEARTBEAT_FIELDS, ""),
    ),
    REQUEST_AUTH_CODE := Command(
        key="request_auth_code",
        wire="request customer auth code",
        section="2.7.1",
        reply=(Field("customer_auth_code", BYTES, secret=True),),
    ),
    REQUEST_TIME := Command(
        key="request_time",
        wire="request date time",
        section="2.8.1",
        reply=(Field("date_time", TIME),),
    ),
    UPDATE_TIME := Command(
        key="update_time",
        wire="update date time",
        section="2.8.2",
        # The zone is not in the document; seen on devices.
        request=(
            Field("date_time", TIME, required=True),
            Field("timezone", TEXT, pattern=r"UTC([+-](1[0-4]|\d)(:[0-5]\d)?)?"),
        ),
    ),
    REBOOT := Command(key="reboot", wire="reboot", section="2.8.3"),
    RESTART_APPLICATION := Command(
        key="restart_application", wire="restart application", section="2.8.4"
    ),
)

_MAKER: Final = (Field("manu", TEXT, alias="manufacturer"), Field("model", TEXT))
_FOUR_G: Final = Field(
    "FourG",
    OBJECT,
    alias="four_g",
    fields=(
        Field("moduler_4g", TEXT, choices={"yes": "YES", "no": "NO"}, alias="module"),
    ),
)
_PATH: Final = Field("path", TEXT, required=True)

HARDWARE_COMMANDS: Final = (
    GET_HARDWARE := Command(
        key="get_hardware",
        wire="get hardware info",
        section="2.12.1",
        reply=(
            Field("Board", OBJECT, fields=_MAKER),
            Field("Chip", OBJECT, fields=_MAKER),
            Field("Flash", OBJECT, fields=(*_MAKER, Field("size", INTEGER))),
            _FOUR_G,
            Field(
                "Lcd",
                OBJECT,
                fields=(*_MAKER, Field("support", LIST, item=Field("model", TEXT))),
            ),
            Field("Motor", OBJECT, fields=(*_MAKER, Field("type", TEXT))),
            Field("Sensor", OBJECT, fields=_MAKER),
            Field("WIFI", OBJECT, fields=_MAKER),
        ),
        extra=True,
    ),
    SET_HARDWARE := Command(
        key="set_hardware",
        wire="set hardware info",
        section="2.12.2",
        request=(Field("Lcd", OBJECT, fields=_MAKER), _FOUR_G),
    ),
    GET_NETWORK := Command(
        key="get_network", wire="get network", section=_UNDOCUMENTED, extra=True
    ),
    GET_VERSION := Command(
        key="get_version",
        wire="get version",
        section=_UNDOCUMENTED,
        reply=(
            Field("alg_version", TEXT),
            Field("platform", TEXT),
            Field("master_buildtime", TEXT),
        ),
        extra=True,
    ),
    DOWNLOAD_FILE := Command(
        key="download_file",
        wire="download file",
        section="2.13.1",
        request=(
            _PATH,
            Field("offset", INTEGER, minimum=0, default=0, unit="B"),
            Field(
                "size",
                INTEGER,
                minimum=1,
                maximum=_DOWNLOAD_CHUNK,
                default=_DOWNLOAD_CHUNK,
                unit="B",
            ),
        ),
        reply=(
            Field("path", TEXT),
            Field("total_size", INTEGER, unit="B"),
            Field("offset", INTEGER, unit="B"),
            Field("size", INTEGER, unit="B"),
            Field("data", BYTES),
            Field("md5sum", TEXT),
        ),
        matched_by=("path", "offset"),
        repeatable=True,
    ),
    UPLOAD_FILE := Command(
        key="upload_file",
        wire="upload file",
        section="2.13.2",
        request=(
            _PATH,
            Field("total_size", INTEGER, minimum=1, required=True, unit="B"),
            Field("offset", INTEGER, minimum=0, required=True, unit="B"),
            Field(
                "size",
                INTEGER,
                minimum=1,
                maximum=UPLOAD_CHUNK,
                required=True,
                unit="B",
            ),
            Field("data", BYTES, max_bytes=UPLOAD_CHUNK, required=True),
            Field("md5sum", TEXT, pattern=r"[0-9a-f]{32}", required=True),
        ),
        reply=(
            Field("path", TEXT),
            Field("offset", INTEGER, unit="B"),
            Field("size", INTEGER, unit="B"),
        ),
        matched_by=("path", "offset"),
        repeatable=True,
    ),
    UPDATE_ENCRYPTION := Command(
        key="update_encryption",
        wire="updata aes",
        section="2.14.1",
        request=(
            Field(
                "ori_key",
                BYTES,
                max_bytes=16,
                required=True,
                secret=True,
                alias="current_key",
            ),
            Field("enable", BOOLEAN),
            Field("new_key", BYTES, max_bytes=16, secret=True),
        ),
    ),
    REQUEST_ENCRYPTION := Command(
        key="request_encryption",
        wire="request aes",
        section="2.14.2",
        reply=(Field("enable", BOOLEAN),),
    ),
    REQUEST_4G := Command(
        key="request_4g",
        wire="request 4g infor",
        section="2.16.1",
        reply=(
            Field("module_ready", BOOLEAN),
            Field("sim_ready", BOOLEAN),
            Field("ICCID", TEXT),
            Field("IMSI", TEXT),
            Field("operator", TEXT),
            Field("signal_strength", INTEGER),
        ),
    ),
    TRAFFIC_STATISTICS := Command(
        key="traffic_statistics",
        wire="traffic statistics",
        section="2.16.2",
        request=(Field("day", TEXT, pattern=r"\d{1,2}(-(\d{1,2})?)?"),),
        reply=(
            Field(
                "statistics",
                LIST,
                # The date is month and day, as "6-1".
                fields=(
                    Field("date", TEXT),
                    Field("bytes_rx", INTEGER, unit="B"),
                    Field("bytes_tx", INTEGER, unit="B"),
                ),
            ),
        ),
    ),
)

COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {
        command.key: command
        for command in (
            *PERSON_COMMANDS,
            *SETTING_COMMANDS,
            *SCHEDULE_COMMANDS,
            *CONTROL_COMMANDS,
            *SCREEN_COMMANDS,
            *AUDIO_COMMANDS,
            *HARDWARE_COMMANDS,
            *SIP_COMMANDS,
        )
    }
)
"""Every command by its key."""
