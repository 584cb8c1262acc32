"""Everything that can go wrong with a camera, as one small family of exceptions."""

from collections.abc import Mapping
from types import MappingProxyType

OK = 0
FAILED = 1
BAD_USERNAME = 10004
NOT_AUTHENTICATED = 10005
NO_PERMISSION = 10007
WRONG_PASSWORD = 10009
LOCKED = 10010
WRONG_USER_OR_PASSWORD = 10011
TOO_MANY_USERS = 10018
SHUTTER_BUSY = 10021
RANGE_SWITCHING = 10022
UNSUPPORTED = 19999

# Vendor document, appendix I; 1, 10019-10022 and 19999 are seen on devices only.
RETURN_CODES: Mapping[int, str] = MappingProxyType(
    {
        OK: "ok",
        FAILED: "failed",
        10001: "message_empty",
        10002: "message_invalid",
        10003: "field_empty",
        BAD_USERNAME: "bad_username",
        NOT_AUTHENTICATED: "not_authenticated",
        10006: "password_change_failed",
        NO_PERMISSION: "no_permission",
        10008: "action_failed",
        WRONG_PASSWORD: "wrong_password",
        LOCKED: "locked",
        WRONG_USER_OR_PASSWORD: "wrong_user_or_password",
        10012: "same_version",
        10013: "lower_version",
        10014: "illegal_ip",
        10015: "ip_conflict",
        10016: "illegal_netmask",
        10017: "illegal_gateway",
        TOO_MANY_USERS: "too_many_users",
        10019: "dhcp_failed",
        10020: "password_repeated",
        SHUTTER_BUSY: "shutter_in_progress",
        RANGE_SWITCHING: "range_switching",
        UNSUPPORTED: "not_supported",
    }
)

LOGIN = 501
# 503 and 504 answer "wrong password" about the password they were given, not about the session.
_PASSWORD_COMMANDS = frozenset({503, 504})


class GuideError(Exception):
    """Base of everything this package raises on purpose."""


class GuideConnectionError(GuideError):
    """The camera cannot be reached, hung up, or answered something that is not its protocol."""


class GuideTimeoutError(GuideConnectionError):
    """The camera did not answer in time."""


class GuideMissingError(GuideConnectionError):
    """A file is not on the camera, or not any more."""


class GuideDeniedError(GuideConnectionError):
    """The camera gives a file to nobody, or to nobody without a session."""


class GuideAuthError(GuideError):
    """The camera refused the user or the password (10004, 10009, 10011)."""

    def __init__(
        self,
        attempts_left: int | None = None,
        text: str = "User name or password refused",
    ) -> None:
        """Keep how many attempts remain before the camera locks the account, when it says so."""
        super().__init__(text)
        self.attempts_left = attempts_left


class GuideLockedError(GuideAuthError):
    """The account is locked after too many wrong passwords (10010)."""

    def __init__(
        self, attempts_left: int | None = None, text: str = "Account locked"
    ) -> None:
        """Keep the remaining attempts, usually zero or unknown."""
        super().__init__(attempts_left, text)


class GuideBusyError(GuideError):
    """Too many users are logged in (10018)."""


class GuideCommandError(GuideError):
    """The camera understood the connection but refused the command."""

    def __init__(self, cmdtype: int, code: int, text: str = "") -> None:
        """Keep the command, the return code and what the camera said about it."""
        super().__init__(
            f"Command {cmdtype} failed with {code} ({self.slug_of(code)}): {text}"
        )
        self.cmdtype = cmdtype
        self.code = code
        self.text = text

    @staticmethod
    def slug_of(code: int) -> str:
        """Return the stable name of a return code; codes without a name are "unknown"."""
        return RETURN_CODES.get(code, "unknown")

    @property
    def slug(self) -> str:
        """The stable name of the return code, fit for a translation key."""
        return self.slug_of(self.code)


class GuidePermissionError(GuideCommandError):
    """The logged-in user may not do this (10007)."""


class GuideRetryLaterError(GuideCommandError):
    """The shutter (10021) or a change of range (10022) is in the way for a moment."""


class GuideUnsupportedError(GuideCommandError):
    """The model does not have the command (19999)."""


class GuideValidationError(GuideError):
    """A value was not sent because the camera would not accept it."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        """Keep the path of the field, the value given, and in words what is allowed."""
        super().__init__(f"{field}: {value!r} is not allowed; {allowed}")
        self.field = field
        self.value = value
        self.allowed = allowed


_COMMAND_ERRORS: Mapping[int, type[GuideCommandError]] = MappingProxyType(
    {
        NO_PERMISSION: GuidePermissionError,
        SHUTTER_BUSY: GuideRetryLaterError,
        RANGE_SWITCHING: GuideRetryLaterError,
        UNSUPPORTED: GuideUnsupportedError,
    }
)


def error_for(
    cmdtype: int, code: int, text: str, attempts_left: int | None = None
) -> GuideError:
    """Return the exception that a non-zero return code of a command stands for."""
    if code == TOO_MANY_USERS:
        return GuideBusyError("Too many users are logged in")
    if cmdtype not in _PASSWORD_COMMANDS:
        if code == LOCKED:
            return GuideLockedError(attempts_left)
        if code in {WRONG_PASSWORD, WRONG_USER_OR_PASSWORD} or (
            cmdtype == LOGIN and code == BAD_USERNAME
        ):
            return GuideAuthError(attempts_left)
    return _COMMAND_ERRORS.get(code, GuideCommandError)(cmdtype, code, text)
