"""Conditions of the automation editor: who is registered at a terminal, what a camera reports and where it looks."""

from abc import abstractmethod
import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Unpack, override

import voluptuous as vol

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER, SIGNAL_PERSONS, SIGNAL_STATE
from .coordinator import AnyCoordinator, CameraCoordinator, TerminalCoordinator
from .coordinator.alarms import ALARMS
from .facegate import NEVER, FaceGateError, Person, PersonRole, get_person
from .targets import Target, target_schema
from .trigger import CONF_PRESET, NAMES, is_at

CONF_PERSON_ID = "person_id"
CONF_ALARM = "alarm"

# A condition is checked at once, a terminal takes a moment to answer: it is asked beforehand, and again this often.
ASK_INTERVAL: Final = timedelta(minutes=5)
# Whoever tries a condition in the editor waits for the first answer, and not for a terminal that is off.
ASK_TIMEOUT: Final = 3.0


def _schema(fields: Mapping[Any, Any]) -> vol.Schema:
    return target_schema(
        {
            vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
                [BEHAVIOR_ANY, BEHAVIOR_ALL]
            ),
            **fields,
        }
    )


class DeviceCondition[CoordinatorT: AnyCoordinator](Condition):
    """A condition that holds at one of the chosen devices, or at all of them; never where none is running."""

    _schema: ClassVar[vol.Schema]
    _device: ClassVar[type[AnyCoordinator]]

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Return the configuration as it is understood. Raises vol.Invalid."""
        validated: ConfigType = cls._schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Keep what is wanted."""
        super().__init__(hass, config)
        self._target: Target[Any] = Target(hass, config.target or {}, self._device)
        self._options: Mapping[str, Any] = config.options or {}

    @abstractmethod
    def _holds(self, coordinator: CoordinatorT) -> bool:
        """Whether it is so at a device."""

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Whether it is so now."""
        found = [self._holds(device) for device in self._target.coordinators()]
        if self._options[ATTR_BEHAVIOR] == BEHAVIOR_ALL:
            return bool(found) and all(found)
        return any(found)


class AlarmShowing(DeviceCondition[CameraCoordinator]):
    """A camera shows an alarm: it was reported within the hold time."""

    _schema = _schema(
        {
            vol.Optional(CONF_ALARM): vol.All(
                cv.ensure_list, [vol.In(ALARMS)], vol.Length(min=1)
            )
        }
    )
    _device = CameraCoordinator

    @override
    def _holds(self, coordinator: CameraCoordinator) -> bool:
        wanted = self._options.get(CONF_ALARM, ALARMS)
        return not coordinator.data.alarms.isdisjoint(wanted)


class CameraAtPreset(DeviceCondition[CameraCoordinator]):
    """A camera looks at a preset to which Home Assistant has sent it."""

    _schema = _schema({vol.Optional(CONF_PRESET): NAMES})
    _device = CameraCoordinator

    @override
    def _holds(self, coordinator: CameraCoordinator) -> bool:
        return is_at(coordinator, self._options)


class PersonEnrolled(DeviceCondition[TerminalCoordinator]):
    """Somebody is registered at a terminal, not blocked, and today within the time that the registration is valid.

    It holds by the last answer of the terminal, which is at most some minutes old unless the terminal is away, and new after
    each change that Home Assistant makes. Who was never asked for successfully is not registered.
    """

    _schema = _schema(
        {vol.Required(CONF_PERSON_ID): vol.All(cv.string, str.strip, vol.Length(min=1))}
    )
    _device = TerminalCoordinator

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Know nobody yet."""
        super().__init__(hass, config)
        self._people: dict[str, Person | None] = {}
        # Of each terminal, the coordinator that was asked since it can be reached.
        self._asked: dict[str, TerminalCoordinator] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @override
    async def _async_setup(self) -> None:
        """Ask the terminals, and follow them as they come, go and are changed."""

        @callback
        def ask(coordinator: TerminalCoordinator) -> None:
            if self._target.is_running(coordinator):
                self._async_ask(coordinator)

        @callback
        def state_changed(coordinator: AnyCoordinator) -> None:
            if not isinstance(coordinator, TerminalCoordinator):
                return
            if not coordinator.available:
                self._asked.pop(coordinator.device_key, None)
            elif self._asked.get(coordinator.device_key) is not coordinator:
                ask(coordinator)

        @callback
        def ask_again(_: datetime) -> None:
            self._async_ask_all()

        self._unsubscribe = [
            async_dispatcher_connect(self._hass, SIGNAL_STATE, state_changed),
            async_dispatcher_connect(self._hass, SIGNAL_PERSONS, ask),
            async_track_time_interval(
                self._hass,
                ask_again,
                ASK_INTERVAL,
                name=f"{DOMAIN} person enrolled",
                cancel_on_shutdown=True,
            ),
        ]
        if asking := self._async_ask_all():
            await asyncio.wait(asking, timeout=ASK_TIMEOUT)

    @override
    def _async_unload(self) -> None:
        """Ask no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    @callback
    def _async_ask_all(self) -> list[asyncio.Task[None]]:
        """Ask the terminals that can be reached; the others are asked when they come back."""
        return [
            self._async_ask(terminal)
            for terminal in self._target.coordinators()
            if terminal.available
        ]

    @callback
    def _async_ask(self, terminal: TerminalCoordinator) -> asyncio.Task[None]:
        """Ask a terminal for the person, without waiting for it."""
        self._asked[terminal.device_key] = terminal
        return terminal.async_background(self._async_learn(terminal), "person")

    async def _async_learn(self, terminal: TerminalCoordinator) -> None:
        """Learn what a terminal knows of the person; what was known stays if it does not tell."""
        person_id = self._options[CONF_PERSON_ID]
        try:
            person = await terminal.async_command(
                get_person(terminal.client, person_id)
            )
        except FaceGateError as err:
            # Not its text, in which may be who was asked for.
            LOGGER.debug(
                "%s: no person (%s)", terminal.config_entry.title, type(err).__name__
            )
            return
        self._people[terminal.device_key] = person

    @override
    def _holds(self, coordinator: TerminalCoordinator) -> bool:
        person = self._people.get(coordinator.device_key)
        # The terminal's clock is Home Assistant's local time, as far as anybody can tell.
        return person is not None and _is_valid(
            person, dt_util.now().replace(tzinfo=None)
        )


def _is_valid(person: Person, at: datetime) -> bool:
    """Whether a registration lets its person in at a local time, as far as role and validity go."""
    if person.role == PersonRole.BLOCKED or person.valid_until == NEVER:
        return False
    start, end = person.valid_from, person.valid_until
    return (not isinstance(start, datetime) or start <= at) and (
        not isinstance(end, datetime) or at <= end
    )


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "person_enrolled": PersonEnrolled,
    "alarm_showing": AlarmShowing,
    "camera_at_preset": CameraAtPreset,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of terminals and cameras."""
    return CONDITIONS
