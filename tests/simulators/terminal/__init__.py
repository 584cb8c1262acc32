"""A simulated face-recognition access terminal, written from the vendor document and what was seen on devices."""

from tests.simulators.terminal.captures import Wishes
from tests.simulators.terminal.quirks import Options, Quirk
from tests.simulators.terminal.simulator import TerminalSimulator
from tests.simulators.terminal.traffic import Acknowledgement, CaptureSent, Request

__all__ = [
    "Acknowledgement",
    "CaptureSent",
    "Options",
    "Quirk",
    "Request",
    "TerminalSimulator",
    "Wishes",
]
