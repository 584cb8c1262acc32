"""What the table says about one command."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .errors import GuideValidationError
from .fields import Field, FieldType, check_message

DEFAULT_TIMEOUT = 10.0
"""Seconds. Devices answer in well under one, but a busy one was seen to need several."""


HEARTBEAT = 9999


class Kind(StrEnum):
    """What a command does."""

    GET = "get"
    SET = "set"
    FUNCTION = "function"
    PTZ = "ptz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: what goes into `message`, what beside it, and what comes back."""

    cmdtype: int
    key: str
    title: str
    kind: Kind
    request: tuple[Field, ...] = ()
    reply: tuple[Field, ...] = ()
    top_level: tuple[Field, ...] = ()
    """Fields that stand beside `message`, not in it."""
    paired_get: int | None = None
    paired_set: int | None = None
    timeout: float = DEFAULT_TIMEOUT
    action: str = "request"
    needs_login: bool = True
    http_only: bool = False

    def check(
        self,
        message: Mapping[str, object],
        top_level: Mapping[str, object],
        known: object = None,
    ) -> None:
        """Raise GuideValidationError when this must not be sent.

        `known` is the camera's own answer to the paired "get": what is unchanged in it is not checked.
        """
        # Asking a camera for its factory values is one typing error away from writing them back.
        if message.get("default"):
            raise GuideValidationError("default", message["default"], "0")
        check_message(self.request, message, known=known)
        check_message(self.top_level, top_level)
        names = {field.name for field in self.top_level}
        for name in top_level:
            if name not in names:
                raise GuideValidationError(
                    name, top_level[name], "not a field of this command"
                )


# All "get" commands accept it; 1 would answer the factory values.
DEFAULT_FIELD = Field(name="default", type=FieldType.INTEGER, choices={0: "current"})


def setting(
    cmdtype: int, key: str, title: str, *fields: Field, reply: tuple[Field, ...] = ()
) -> tuple[Command, Command]:
    """Return a "set" command and the "get" that follows it; `reply` is what only the answer holds."""
    return (
        Command(
            cmdtype=cmdtype,
            key=f"set_{key}",
            title=f"Set {title}",
            kind=Kind.SET,
            request=fields,
            paired_get=cmdtype + 1,
        ),
        Command(
            cmdtype=cmdtype + 1,
            key=f"get_{key}",
            title=f"Get {title}",
            kind=Kind.GET,
            request=(DEFAULT_FIELD,),
            reply=fields + reply,
            paired_set=cmdtype,
        ),
    )
