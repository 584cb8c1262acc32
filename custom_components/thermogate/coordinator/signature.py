"""The serial number in a terminal's captures: what it is known by."""

from typing import TYPE_CHECKING

from homeassistant.core import callback

from ..facegate import Capture

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

ISSUE_SERIAL_CHANGED = "serial_changed"


class Signature:
    """Learns the serial number of a terminal and refuses captures with another one."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal

    @callback
    def async_learn(self, serial: str) -> None:
        """Learn the serial number from any message.

        Seen on devices: answers and heartbeats carry another one than captures, so captures are what counts.
        """
        terminal = self._terminal
        known = terminal.memory.signature or terminal.data.serial or serial
        if known != terminal.data.serial:
            terminal.async_change(serial=known)
            terminal.async_update_device()

    @callback
    def async_is_ours(self, capture: Capture) -> bool:
        """Whether a capture is signed as all before it; else it is another terminal's, or somebody's who plays one.

        It is neither stored nor acknowledged, so that a terminal that was replaced sends it again once a person has confirmed
        that.
        """
        terminal = self._terminal
        serial, known = capture.device_sn, terminal.memory.signature
        if serial and known and serial != known:
            terminal.async_complain(
                "serial", "captures with a serial number that is not its own"
            )
            terminal.async_issue(
                ISSUE_SERIAL_CHANGED,
                True,
                fixable=True,
                topic_id=terminal.topics.device_id,
                known=known,
                serial=serial,
            )
            return False
        if serial and terminal.memory.async_learn(signature=serial):
            self.async_learn(serial)
        return True

    @callback
    def async_accept(self, serial: str) -> None:
        """Take another terminal for this one from now on: a person has said that it was replaced."""
        terminal = self._terminal
        terminal.memory.async_learn(signature=serial)
        terminal.complaints.discard("serial")
        terminal.async_issue(ISSUE_SERIAL_CHANGED, False)
        self.async_learn(serial)
