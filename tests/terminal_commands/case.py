"""What a case is."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]
"""Does what a person does in Home Assistant with the front door's terminal, and asserts what comes of it, there or here."""
