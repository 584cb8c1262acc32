"""The terminal protocol: FaceGate access terminals, JSON over MQTT. Knows nothing of Home Assistant, nor of an MQTT client."""

from .acknowledge import DisplayText, Gateway, acknowledgement, heartbeat_reply
from .client import FaceGateClient
from .command import Command
from .commands import COMMANDS
from .enrolment import delete_person, erase_records
from .errors import (
    ERROR_CODES,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
)
from .fields import Field, FieldType
from .messages import (
    MISSING,
    AccessResult,
    Capture,
    Clip,
    DenialReason,
    FaceBox,
    Firmware,
    Gps,
    Heartbeat,
    IdCard,
    Identity,
    Message,
    PersonRole,
    Picture,
    Reply,
    SipEvent,
    SipState,
    UnknownMessage,
    UpgradeQuery,
)
from .parse import parse_message
from .records import StoredRecord, parse_record
from .settings import APP_SETTINGS, STREAM_SETTINGS, Setting, changes, read_setting
from .settings_access import SETTINGS, SETTINGS_GROUPS, SettingsGroup, groups_of
from .topics import Topics, topics_of, valid_topic_id, valid_topic_prefix
from .wire import MAX_PAYLOAD, decode, encode

__all__ = [
    "APP_SETTINGS",
    "COMMANDS",
    "ERROR_CODES",
    "MAX_PAYLOAD",
    "MISSING",
    "SETTINGS",
    "SETTINGS_GROUPS",
    "STREAM_SETTINGS",
    "AccessResult",
    "Capture",
    "Clip",
    "Command",
    "DenialReason",
    "DisplayText",
    "FaceBox",
    "FaceGateClient",
    "FaceGateCommandError",
    "FaceGateConnectionError",
    "FaceGateError",
    "FaceGateMessageError",
    "FaceGateTimeoutError",
    "FaceGateUnsupportedError",
    "FaceGateValidationError",
    "Field",
    "FieldType",
    "Firmware",
    "Gateway",
    "Gps",
    "Heartbeat",
    "IdCard",
    "Identity",
    "Message",
    "PersonRole",
    "Picture",
    "Reply",
    "Setting",
    "SettingsGroup",
    "SipEvent",
    "SipState",
    "StoredRecord",
    "Topics",
    "UnknownMessage",
    "UpgradeQuery",
    "acknowledgement",
    "changes",
    "decode",
    "delete_person",
    "encode",
    "erase_records",
    "groups_of",
    "heartbeat_reply",
    "parse_message",
    "parse_record",
    "read_setting",
    "topics_of",
    "valid_topic_id",
    "valid_topic_prefix",
]
