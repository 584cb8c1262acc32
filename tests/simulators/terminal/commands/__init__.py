"""All commands of a simulated terminal, by name."""

from tests.simulators.terminal.commands import device, media, people, records, sip

COMMANDS = (
    device.COMMANDS | people.COMMANDS | records.COMMANDS | media.COMMANDS | sip.COMMANDS
)
