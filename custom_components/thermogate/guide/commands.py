"""The one table of every command: its number, name, fields, limits and partner."""

from collections.abc import Mapping
from types import MappingProxyType

from .command import Command
from .errors import GuideValidationError
from .function_table import FUNCTIONS
from .ptz_table import PTZ_FUNCTIONS
from .settings_table import SETTINGS

COMMANDS: Mapping[int, Command] = MappingProxyType(
    {command.cmdtype: command for command in (*SETTINGS, *FUNCTIONS, *PTZ_FUNCTIONS)}
)

# Vendor document, section V: files are posted to these paths, followed by a slash and the token. The number is that
# of the answer.
UPLOADS: Mapping[int, str] = MappingProxyType(
    {
        751: "/upload/lowpkg",
        752: "/upload/highpkg",
        753: "/upload/config",
        754: "/upload/apppkg",
        755: "/upload/ascpkg",
        756: "/upload/firebin",
        757: "/upload/fireparam",
        758: "/upload/distparam",
    }
)


def command_for(cmdtype: int) -> Command:
    """Return the table's row for a command; raise GuideValidationError when there is none."""
    command = COMMANDS.get(cmdtype)
    if command is None:
        raise GuideValidationError("cmdtype", cmdtype, "a command of the table")
    return command
