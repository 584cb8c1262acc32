"""Return codes of a reply, and the refusal that carries one (vendor document, appendix I; 10019 and up: seen on devices)."""

from typing import Any

OK = 0
EMPTY_CONTENT = 10001
INVALID_CONTENT = 10002
EMPTY_FIELD = 10003
WRONG_USER_NAME = 10004
NOT_LOGGED_IN = 10005
PASSWORD_CHANGE_FAILED = 10006
NO_PERMISSION = 10007
ACTION_FAILED = 10008
WRONG_PASSWORD = 10009
LOCKED = 10010
WRONG_USER_OR_PASSWORD = 10011
SAME_VERSION = 10012
LOWER_VERSION = 10013
ILLEGAL_ADDRESS = 10014
ADDRESS_CONFLICT = 10015
ILLEGAL_NETMASK = 10016
ILLEGAL_GATEWAY = 10017
TOO_MANY_USERS = 10018
PASSWORD_REPEATED = 10020
SHUTTER_IN_PROGRESS = 10021
RANGE_SWITCHING = 10022
NOT_SUPPORTED = 19999

TEXTS = {
    OK: "success.",
    EMPTY_CONTENT: "content is empty.",
    INVALID_CONTENT: "content is invalid.",
    EMPTY_FIELD: "field is empty.",
    WRONG_USER_NAME: "user name is invalid.",
    NOT_LOGGED_IN: "user is not login.",
    PASSWORD_CHANGE_FAILED: "change password failed.",
    NO_PERMISSION: "no permission.",
    ACTION_FAILED: "operate failed.",
    WRONG_PASSWORD: "password error.",
    LOCKED: "user is locked.",
    WRONG_USER_OR_PASSWORD: "user or password error.",
    SAME_VERSION: "the same version.",
    LOWER_VERSION: "a lower version.",
    ILLEGAL_ADDRESS: "ip is invalid.",
    ADDRESS_CONFLICT: "ip conflict.",
    ILLEGAL_NETMASK: "netmask is invalid.",
    ILLEGAL_GATEWAY: "gateway is invalid.",
    TOO_MANY_USERS: "too many users.",
    PASSWORD_REPEATED: "password is repeated.",
    SHUTTER_IN_PROGRESS: "shutter is working.",
    RANGE_SWITCHING: "gear is switching.",
    NOT_SUPPORTED: "api is not supported.",
}


class Refused(Exception):
    """A request the camera refuses; `code` goes into the reply, `why` only into the simulator's log."""

    def __init__(
        self, code: int, why: str = "", message: dict[str, Any] | None = None
    ) -> None:
        """Keep what the reply needs; a refusal has no `message` unless one is given."""
        super().__init__(why or TEXTS[code])
        self.code = code
        self.why = why
        self.message = message
