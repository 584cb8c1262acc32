"""A terminal's settings read and written by our keys (vendor document 2.3.1 to 2.3.6)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .command import Command
from .commands import (
    REQUEST_APP_PARAMS,
    REQUEST_STREAM_PARAMS,
    RESET_APP_PARAMS,
    RESET_STREAM_PARAMS,
    UPDATE_APP_PARAMS,
    UPDATE_STREAM_PARAMS,
)
from .errors import FaceGateValidationError
from .fields import encode_value
from .settings import APP_SETTINGS, STREAM_SETTINGS, Setting, changes, read_setting

type Ask = Callable[[Command, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Sends a command with its values and returns the body of its answer."""


@dataclass(frozen=True, slots=True)
class SettingsGroup:
    """Settings that are read, written and reset together, and the commands for that."""

    settings: tuple[Setting, ...]
    request: Command
    update: Command
    reset: Command


SETTINGS_GROUPS: Final = (
    SettingsGroup(
        APP_SETTINGS, REQUEST_APP_PARAMS, UPDATE_APP_PARAMS, RESET_APP_PARAMS
    ),
    SettingsGroup(
        STREAM_SETTINGS,
        REQUEST_STREAM_PARAMS,
        UPDATE_STREAM_PARAMS,
        RESET_STREAM_PARAMS,
    ),
)
SETTINGS: Final[dict[str, Setting]] = {
    setting.key: setting for group in SETTINGS_GROUPS for setting in group.settings
}
"""All settings by their keys."""


async def read_settings(ask: Ask, group: SettingsGroup) -> dict[str, Any]:
    """Return the settings of a group that the terminal has, by our keys and without any secret."""
    params = await ask(group.request, {})
    values = {
        setting.key: read_setting(setting, params)
        for setting in group.settings
        if not setting.field.secret
    }
    return {key: value for key, value in values.items() if value is not None}


async def write_settings(ask: Ask, values: Mapping[str, Any]) -> None:
    """Change settings by our keys; of each section only what is changed is sent.

    FaceGateValidationError for a key or a value that does not exist, before anything is sent.
    """
    for key, value in values.items():
        if key not in SETTINGS:
            raise FaceGateValidationError(
                "setting", key, f"one of {', '.join(SETTINGS)}"
            )
        # Here by our name for it; None is none for any of them.
        encode_value(SETTINGS[key].field, value, key)
    for group in groups_of(values):
        await ask(group.update, changes(group.settings, _part(group, values)))


def groups_of(keys: Iterable[str]) -> tuple[SettingsGroup, ...]:
    """Return the groups that some settings belong to."""
    wanted = set(keys)
    return tuple(
        group
        for group in SETTINGS_GROUPS
        if any(setting.key in wanted for setting in group.settings)
    )


def _part(group: SettingsGroup, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        setting.key: values[setting.key]
        for setting in group.settings
        if setting.key in values
    }
