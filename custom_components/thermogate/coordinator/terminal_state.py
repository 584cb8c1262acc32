"""What is known about a terminal at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..facegate import Backlog, MobileNetwork
from ..firmware import Offer
from ..pictures import Evidence
from .access import Access
from .base import DeviceState


class TerminalLink(StrEnum):
    """How Home Assistant knows that a terminal is there."""

    HEARTBEATS = "heartbeats"
    COMMANDS = "commands"
    CAPTURES = "captures"
    NONE = "none"


class CallState(StrEnum):
    """How far an intercom call is."""

    IDLE = "idle"
    CALLING = "calling"
    RINGING = "ringing"
    CALLED = "called"
    CONNECTED = "connected"
    REJECTED = "rejected"


# From the least to the best sign that a terminal is there.
LINKS = (
    TerminalLink.NONE,
    TerminalLink.CAPTURES,
    TerminalLink.COMMANDS,
    TerminalLink.HEARTBEATS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TerminalState(DeviceState):
    """All that is known about a terminal; None, "" or empty where it has not told."""

    broker: bool = False
    online: bool | None = None
    link: TerminalLink = TerminalLink.NONE
    last_seen: datetime | None = None
    access: Access | None = None
    face: Evidence | None = None
    scene: Evidence | None = None
    photo: Evidence | None = None
    unlocked: bool = False
    volume: int | None = None
    screensaver: str | None = None
    persons: int | None = None
    backlog: Backlog | None = None
    # How far registering many people has come, in percent.
    enrolment: int | None = None
    call: CallState = CallState.IDLE
    serial: str = ""
    address: str = ""
    model: str = ""
    hardware: str = ""
    # Of the algorithm, and of the whole.
    firmware: str = ""
    app_version: str = ""
    offer: Offer | None = None
    upgrading: bool = False
    upgrade_percent: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    has_mobile: bool | None = None
    mobile: MobileNetwork = MobileNetwork()
    clock_drift: int | None = None
    """seconds that the terminal is ahead of Home Assistant"""
    encryption: bool | None = None
    transfer: int | None = None
    """percent of the file that is under way"""

    @property
    def version(self) -> str:
        """The version of the firmware; only a terminal that asks for upgrades tells that of the whole."""
        return self.app_version or self.firmware
