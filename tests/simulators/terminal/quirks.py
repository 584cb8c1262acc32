"""The quirks and options of a simulated terminal."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal


class Quirk(StrEnum):
    """Behaviour seen on some devices; every one can be switched on and off while running."""

    NO_COMMAND_ID = "no-command-id"
    PADDED_CMD = "padded-cmd"
    CODE_AS_STRING = "code-as-string"
    NO_DEVICE_SN = "no-device-sn"
    SN_DIFFERS = "sn-differs"
    STRING_SEQUENCE = "string-sequence"
    TEMPERATURE_INT = "temperature-int"
    NO_TEMPERATURE = "no-temperature"
    FAHRENHEIT = "fahrenheit"
    PNG_CALLED_JPG = "png-called-jpg"
    DATA_URI = "data-uri"
    EMPTY_MATCH = "empty-match"
    TIMEZONE = "timezone"
    NO_FRACTION = "no-fraction"
    NO_HEARTBEAT = "no-heartbeat"
    CAPTURE_ONLY = "capture-only"
    NO_EXTEND = "no-extend"
    ONLY_EXTEND = "only-extend"
    NO_GPIO = "no-gpio"
    NO_TTS_LICENCE = "no-tts-licence"
    MISSPELT_SEQUENCE = "misspelt-sequence"
    AES_WITHOUT_REPLY = "aes-without-reply"


QUIRK_HELP: dict[Quirk, str] = {
    Quirk.NO_COMMAND_ID: "does not return the command_id of a request (old firmware)",
    Quirk.PADDED_CMD: "pads cmd in replies with blanks, as the document prints some",
    Quirk.CODE_AS_STRING: 'answers code as text: "0"',
    Quirk.NO_DEVICE_SN: "leaves device_sn out of everything",
    Quirk.SN_DIFFERS: "another device_sn in replies and heartbeats than in captures",
    Quirk.STRING_SEQUENCE: "sequence_no of captures is a text",
    Quirk.TEMPERATURE_INT: "temperatur is a whole number",
    Quirk.NO_TEMPERATURE: "temperatur is missing",
    Quirk.FAHRENHEIT: "measures in Fahrenheit (fahrenheit_unit is true)",
    Quirk.PNG_CALLED_JPG: "pictures are PNG but called jpg",
    Quirk.DATA_URI: "pictures begin with data:image/jpeg;base64,",
    Quirk.EMPTY_MATCH: "a stranger has a match object with empty texts",
    Quirk.TIMEZONE: "captures carry timezone (firmware since December 2024)",
    Quirk.NO_FRACTION: "cap_time has no milliseconds",
    Quirk.NO_HEARTBEAT: "sends no heartbeats",
    Quirk.CAPTURE_ONLY: "is set up for captures only and never answers a command",
    Quirk.NO_EXTEND: "does not know gpio control Extend",
    Quirk.ONLY_EXTEND: "does not know gpio control, but gpio control Extend",
    Quirk.NO_GPIO: "does not know gpio control at all",
    Quirk.NO_TTS_LICENCE: "has no licence for speech (error 7)",
    Quirk.MISSPELT_SEQUENCE: "delete record reads sequnce only; without it all records go",
    Quirk.AES_WITHOUT_REPLY: "answers request aes without the reply key, as printed in the document",
}


@dataclass(slots=True)
class Options:
    """How one simulated terminal is set up."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    # The last level of the topics; empty takes the serial number.
    topic_id: str = ""
    prefix: str = ""
    serial: str = "01A7C3-5D20E4-9B31EE"
    quirks: set[Quirk] = field(default_factory=set)
    seed: int | None = None
    log: Path | None = None
    # Seconds between two sendings of a capture that nobody acknowledged.
    resend_seconds: float = 2.0
    # Seconds between heartbeats; 0 sends none.
    heartbeat_seconds: float = 15.0
    heartbeat_topic: Literal["capture", "manage"] = "capture"
    # Seconds between captures made up by itself; 0 makes none.
    auto_seconds: float = 0.0
    reboot_seconds: float = 5.0
    restart_sequence: bool = False
    clock_drift_seconds: float = 0.0
    # IANA name of the zone of the device's clock; None is the zone of this machine.
    time_zone: str | None = None
    closeup_kilobytes: int = 40
    scene_kilobytes: int = 110
    # A scene without the time in it is drawn once and makes captures cheap (benchmarks).
    stamped_scenes: bool = True
    most_persons: int = 5000
    # The QoS of what the terminal publishes; which one devices use is not known.
    qos: int = 0
