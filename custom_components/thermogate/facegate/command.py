"""What a command is, and the fields that several commands and the acknowledgement share."""

from collections.abc import Mapping
from dataclasses import dataclass, field as dataclass_field
from typing import Any, Final

from .fields import Field, FieldType, encode_fields, parse_fields
from .settings import MAX_UINT32, without_secrets
from .wire import MAX_UINT64

BOOLEAN, BYTES, FLAG, INTEGER, LIST = (
    FieldType.BOOLEAN,
    FieldType.BYTES,
    FieldType.FLAG,
    FieldType.INTEGER,
    FieldType.LIST,
)
NUMBER, OBJECT, PICTURE, TEXT, TIME = (
    FieldType.NUMBER,
    FieldType.OBJECT,
    FieldType.PICTURE,
    FieldType.TEXT,
    FieldType.TIME,
)

MAX_INT64: Final = 2**63 - 1
SLOW: Final = 30.0
"""Seconds for what takes a terminal long."""
ENVELOPE: Final = frozenset(
    {"reply", "cmd", "code", "desc", "device_sn", "command_id", "version"}
)
"""The names that every answer may have, whatever the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, or one use of one. `key` is our name, `wire` the `cmd` sent, `section` where the vendor document has it.

    `fixed` is sent with every request. An answer is ours only if the fields named in `matched_by` are those of the request, as
    far as it has them. `timeout` in seconds replaces the client's. `success` are the codes that mean that it is done.
    With `extra`, fields of the answer that no document names are handed on as they came, secrets left out. `repeatable` is what may
    be sent again when its answer got lost: what answers the first then answers the second.
    """

    key: str
    wire: str
    section: str
    request: tuple[Field, ...] = ()
    reply: tuple[Field, ...] = ()
    matched_by: tuple[str, ...] = ()
    timeout: float | None = None
    fixed: Mapping[str, Any] = dataclass_field(default_factory=dict, hash=False)
    success: tuple[int, ...] = (0,)
    extra: bool = False
    repeatable: bool = False

    def encode(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the message with `values` by our keys. Raises FaceGateValidationError."""
        return {"cmd": self.wire, **self.fixed, **encode_fields(self.request, values)}

    def parse(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an answer by our keys, None for those it has not got."""
        values = parse_fields(self.reply, body)
        if not self.extra:
            return values
        named = ENVELOPE | {
            name for field in self.reply for name in (field.name, *field.also)
        }
        return {
            **without_secrets(
                {name: raw for name, raw in body.items() if name not in named}
            ),
            **values,
        }


def same(*words: str) -> dict[str, int | str]:
    """Return choices whose words are the wire's own."""
    return {word: word for word in words}


# Relays 1 and 2 are those seen on devices.
RELAY: Final = Field("port", INTEGER, minimum=1, maximum=2, required=True)
CONTROL_MODE: Final = Field(
    "ctrl_mode",
    TEXT,
    choices=same("test", "force", "scene"),
    default="force",
    alias="mode",
)
PERSON_ID: Final = Field("person_id", TEXT, max_bytes=19)
SHORT_CARD: Final = Field(
    "wg_card_id", INTEGER, minimum=0, maximum=MAX_UINT32, rival="long_card_id"
)
# Devices tell up to 2**64 - 1; what one takes is documented up to here.
LONG_CARD: Final = Field("long_card_id", INTEGER, minimum=0, maximum=MAX_INT64)
SPEECH: Final = Field("text", TEXT, required=True, max_length=64)

POSITION: Final = Field(
    "position",
    OBJECT,
    fields=(
        Field("x", INTEGER, minimum=0, required=True, unit="px"),
        Field("y", INTEGER, minimum=0, required=True, unit="px"),
    ),
    required=True,
)
# 0 is forever, documented for pictures only.
ALIVE_TIME: Final = Field(
    "alive_time", INTEGER, minimum=0, maximum=MAX_UINT32, default=3000, unit="ms"
)
DISPLAY_TEXT: Final = (
    POSITION,
    ALIVE_TIME,
    Field("font_size", INTEGER, minimum=1, default=60),
    Field("font_spacing", INTEGER, minimum=0, default=1),
    Field("font_color", TEXT, pattern=r"0x[0-9a-fA-F]{8}", default="0xffffffff"),
    Field("text", TEXT, required=True),
)

PAGE: Final = Field("page_no", INTEGER, minimum=1, default=1)
CARD_READ: Final = (
    Field("wg_card_id", INTEGER, minimum=0, maximum=MAX_UINT64),
    Field("long_card_id", INTEGER, minimum=0, maximum=MAX_UINT64),
)
# Words that stand for a time in a person's validity.
ANY_START: Final[dict[str, int | str]] = {"any": "useless"}
NEVER_OR_FOREVER: Final = same("never", "forever")
