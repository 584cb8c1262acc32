"""The settings of a terminal: read now and then, and after each change of one."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN, LOGGER
from ..facegate import (
    SETTINGS_GROUPS,
    FaceGateClient,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    SettingsGroup,
    groups_of,
)

# People change settings at the terminal itself as well.
SETTINGS_INTERVAL = timedelta(minutes=10)

type Answers = dict[str, Mapping[str, Any]]
"""The settings of each group that was read, by the key of the command that reads it."""


class TerminalSettings:
    """What is known of a terminal's settings; `changed` is called with the commands that have just been answered."""

    def __init__(
        self, client: FaceGateClient, changed: Callable[[Iterable[str]], None]
    ) -> None:
        """Start with nothing known."""
        self._client = client
        self._changed = changed
        self._known: Answers = {}

    @property
    def values(self) -> dict[str, Any]:
        """All settings by our keys, as they were last told; without secrets and without those that do not apply now."""
        return {
            key: value
            for settings in self._known.values()
            for key, value in settings.items()
        }

    @callback
    def async_follow(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], answers: Callable[[], bool]
    ) -> None:
        """Read the settings again and again while the terminal `answers`, as long as the entry is loaded."""

        async def refresh(_: datetime) -> None:
            if answers():
                self._changed(await self.async_ask())

        entry.async_on_unload(
            async_track_time_interval(
                hass,
                refresh,
                SETTINGS_INTERVAL,
                name=f"{DOMAIN} settings {entry.title}",
                cancel_on_shutdown=True,
            )
        )

    async def async_ask(
        self, groups: Iterable[SettingsGroup] = SETTINGS_GROUPS
    ) -> set[str]:
        """Read what the terminal tells and return the commands it answered; what it does not tell stays as it was known."""
        answered: set[str] = set()
        for group in groups:
            command = group.request.key
            try:
                self._known[command] = await self._client.read_settings(group)
            except FaceGateUnsupportedError:
                self._known.pop(command, None)
            except (FaceGateTimeoutError, FaceGateConnectionError) as err:
                LOGGER.debug("%s: no %s", self._client.topics.device_id, err)
                break
            except FaceGateError as err:
                LOGGER.debug("%s: no %s", self._client.topics.device_id, err)
            else:
                answered.add(command)
        return answered

    async def async_read(self) -> dict[str, Any]:
        """Read all settings and return them. Raises what the client raises; FaceGateUnsupportedError only if there are none at all."""
        refusal: FaceGateUnsupportedError | None = None
        known: Answers = {}
        for group in SETTINGS_GROUPS:
            try:
                known[group.request.key] = await self._client.read_settings(group)
            except FaceGateUnsupportedError as err:
                refusal = err
        self._known = known
        self._changed(known)
        if refusal and not known:
            raise refusal
        return self.values

    async def async_write(self, values: Mapping[str, Any]) -> None:
        """Change settings, by our keys, and read what became of them. Raises what the client raises."""
        await self._client.write_settings(values)
        groups = groups_of(values)
        for group in groups:
            # What the terminal took, until it tells.
            known = self._known.get(group.request.key, {})
            self._known[group.request.key] = {
                key: values.get(key, value) for key, value in known.items()
            }
        self._changed(await self.async_ask(groups))

    async def async_reset(self, group: SettingsGroup) -> None:
        """Bring settings back to what the factory set, and read them. Raises what the client raises."""
        await self._client.reset_settings(group)
        self._changed(await self.async_ask((group,)))
