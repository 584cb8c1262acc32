"""What went over the wire: captures on their way, requests and acknowledgements that arrived."""

import asyncio
from dataclasses import dataclass, field

from tests.simulators.terminal.device import Record
from tests.simulators.terminal.settings import Values


@dataclass(slots=True, eq=False)
class CaptureSent:
    """One capture on its way: identified by sequence_no and cap_time together."""

    kind: str
    sequence_no: int | str
    cap_time: str
    person: str | None
    reason: int
    message: Values = field(repr=False)
    record: Record = field(repr=False)
    # Sent again until acknowledged, or once only.
    resend: bool
    topic: str
    times_sent: int = 0
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event, repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One command that arrived, and what was answered; a code of None is no answer at all."""

    cmd: str
    fields: Values
    code: int | None
    description: str = ""
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One acknowledgement that arrived: `accepted`, `repeated`, or what is wrong with it."""

    result: str
    fields: Values
    retained: bool = False
