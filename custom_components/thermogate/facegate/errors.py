"""What can go wrong with a terminal, as typed errors."""

from typing import Final

ERROR_CODES: Final[dict[int, str]] = {
    1: "protocol_version",
    2: "unsupported",
    3: "illegal_field",
    4: "authentication_failed",
    5: "busy",
    6: "insufficient_resources",
    7: "not_licensed",
    8: "already_licensed",
    9: "upgrade_mismatch",
    10: "download_failed",
    11: "integrity_check_failed",
    16: "face_exists",
    20: "storage_full",
    21: "already_exists",
    22: "not_found",
    23: "write_failed",
    24: "read_failed",
    25: "no_features",
    26: "portrait_unsuitable",
    30: "no_fuzzy_match",
    35: "image_undecodable",
    36: "image_too_large",
    37: "image_not_normalized",
    38: "face_too_small",
    39: "portrait_too_poor",
    40: "not_one_face",
    41: "face_incomplete",
    51: "no_face_in_time",
}
"""Slug of every code that a terminal answers when it refuses (vendor document 1.3; 51 seen on devices)."""

CODE_UNSUPPORTED: Final = 2
CODE_UNREADABLE: Final = -1
"""Stands for the code of an answer that carries none."""


class FaceGateError(Exception):
    """Anything this package raises."""


class FaceGateMessageError(FaceGateError):
    """A payload that is no JSON object, is too large or nested too deep, or an answer without the thing asked for."""


class FaceGateTimeoutError(FaceGateError):
    """The terminal did not answer in time."""


class FaceGateConnectionError(FaceGateError):
    """The connection was lost while the terminal's answer was awaited, or before the command was sent."""


class FaceGateCommandError(FaceGateError):
    """The terminal refused a command.

    `command` is the key of the command, `code` what the terminal answered, `text` its own words or "", `duplicate_id` the
    person who already has this face (code 16) or "".
    """

    def __init__(
        self, command: str, code: int, text: str, duplicate_id: str = ""
    ) -> None:
        """Say which command met which code."""
        self.command = command
        self.code = code
        self.text = text
        self.duplicate_id = duplicate_id
        super().__init__(
            f"{command}: code {code} ({self.slug}){f': {text}' if text else ''}"
        )

    @property
    def slug(self) -> str:
        """The code in words that can serve as a translation key, "unknown" if undocumented."""
        return ERROR_CODES.get(self.code, "unknown")


class FaceGateUnsupportedError(FaceGateCommandError):
    """The terminal's firmware does not know the command (code 2)."""


class FaceGateValidationError(FaceGateError):
    """A value that the terminal would not take; nothing was sent.

    `field` is the path of the field, `value` what was given (masked if the field is secret), `allowed` what would do.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        """Say which field, which value and what is allowed."""
        self.field = field
        self.value = value
        self.allowed = allowed
        shown = repr(value)
        super().__init__(
            f"{field}: {shown if len(shown) <= 80 else f'{shown[:77]}...'} is not {allowed}"
        )
