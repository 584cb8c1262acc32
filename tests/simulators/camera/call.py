"""One request as the handlers of commands see it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .fields import Check, record
from .sessions import Session

if TYPE_CHECKING:
    from .camera import Camera


@dataclass
class Call:
    """A request that passed the checks of its envelope."""

    camera: Camera
    cmdtype: int
    message: dict[str, Any]
    # Some commands carry `subtype` beside the message.
    envelope: dict[str, Any]
    peer: str
    # None for the two commands that need no login.
    session: Session | None
    # Seconds of the camera's steady clock.
    now: float
    # Fields that no table knows; a camera passes them over, a test may not want to.
    unknown: list[str] = field(default_factory=list)

    def check(self, fields: Mapping[str, Check], required: Iterable[str] = ()) -> None:
        """Refuse a message whose fields are wrong or missing; note those that are unknown."""
        record(fields, required)(self.message)
        self.unknown += [name for name in self.message if name not in fields]

    def subtype(self, check: Check) -> int:
        """Return the checked subtype."""
        record({"subtype": check}, ("subtype",))(self.envelope)
        return int(self.envelope["subtype"])


# Obeys a command and returns the message of its reply; None is sent as null.
type Handler = Callable[[Call], Awaitable[dict[str, Any] | None]]
