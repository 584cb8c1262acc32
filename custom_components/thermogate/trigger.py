"""Triggers of the automation editor: what happens at a device, with all that its event tells as `trigger.…`."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, override

import voluptuous as vol

from homeassistant.components.event import DoorbellEventType
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME, CONF_ABOVE, CONF_BELOW
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .const import SIGNAL_HAPPENED, SIGNAL_STATE
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    DeviceEvent,
    TerminalCoordinator,
)
from .coordinator.alarms import ALARM
from .coordinator.captures import ACCESS
from .coordinator.rules_in_sight import readings_in_sight
from .event import ATTR_TYPE
from .facegate import AccessResult, DenialReason
from .people import Who
from .targets import Target, target_schema

# The source of the events of the intercom.
INTERCOM: Final = "intercom"

CONF_PERSON = "person"
CONF_REASON = "reason"
CONF_RULE = "rule"
CONF_AREA = "area"
CONF_PRESET = "preset"
CONF_MEASURED = "measured"

NAMES: Final = vol.All(
    cv.ensure_list,
    [vol.All(cv.string, str.strip, vol.Length(min=1))],
    vol.Length(min=1),
)
DEGREES: Final = vol.Coerce(float)
MEASURED: Final = ("maximum", "minimum", "average")

type Options = Mapping[str, Any]


def _always(_options: Options, _event: DeviceEvent) -> bool:
    return True


def _of_person(options: Options, event: DeviceEvent) -> bool:
    """Whether it is one of the people that the options name, if they name any; each by number or by name."""
    told = event.attributes
    return CONF_PERSON not in options or any(
        text == told.get("person_id")
        or Who(person_id="", name=text).is_meant(None, told.get("person"))
        for text in options[CONF_PERSON]
    )


def _for_reason(options: Options, event: DeviceEvent) -> bool:
    return (
        CONF_REASON not in options
        or event.attributes.get("reason") in options[CONF_REASON]
    ) and _of_person(options, event)


def _too_hot(options: Options, event: DeviceEvent) -> bool:
    """Whether somebody is warmer than the options say, or else than the terminal allows."""
    if CONF_ABOVE not in options:
        return event.attributes.get("reason") == DenialReason.TEMPERATURE_TOO_HIGH
    temperature = event.attributes.get("temperature")
    return temperature is not None and temperature > options[CONF_ABOVE]


def _named(option: str) -> Callable[[Options, DeviceEvent], bool]:
    """Return whether an event is of one of the rules or areas that an option names, if it names any."""

    def wanted(options: Options, event: DeviceEvent) -> bool:
        return option not in options or _is_among(
            event.attributes.get(option), options[option]
        )

    return wanted


def _is_among(name: str | None, names: list[str]) -> bool:
    return (name or "").casefold() in {each.casefold() for each in names}


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """Which events of a device start an automation: their source and kinds, and those of them that the options want."""

    device: type[AnyCoordinator]
    source: str
    kinds: frozenset[str]
    fields: Mapping[Any, Any] = field(default_factory=dict)
    wanted: Callable[[Options, DeviceEvent], bool] = _always


class DeviceTrigger(Trigger):
    """A trigger that is aimed at devices of one kind. It listens to all, so it needs none to be loaded and survives a reload."""

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

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep what is wanted."""
        super().__init__(hass, config)
        self._target = Target(hass, config.target or {}, self._device)
        self._options: Options = config.options or {}
        self._what = config.key.rpartition(".")[2].replace("_", " ")

    @abstractmethod
    def _listen(self, run_action: TriggerActionRunner) -> CALLBACK_TYPE:
        """Listen, and return what ends it."""

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the automation each time."""
        return self._listen(run_action)

    @callback
    def _run(
        self,
        run_action: TriggerActionRunner,
        coordinator: AnyCoordinator,
        told: Mapping[str, Any],
    ) -> None:
        """Run the automation if the device is one of those that were chosen."""
        if (device_id := self._target.device_id(coordinator)) is None:
            return
        name = coordinator.config_entry.title
        run_action(
            {**told, ATTR_DEVICE_ID: device_id, ATTR_NAME: name},
            f"{self._what} ({name})",
        )


def _on(happening: Happening) -> type[Trigger]:
    """Return the trigger for events of a device."""

    class EventTrigger(DeviceTrigger):
        """Runs an automation with each event that is wanted."""

        _schema = target_schema(happening.fields)
        _device = happening.device

        @override
        def _listen(self, run_action: TriggerActionRunner) -> CALLBACK_TYPE:
            @callback
            def happened(coordinator: AnyCoordinator, event: DeviceEvent) -> None:
                if (
                    event.source == happening.source
                    and event.kind in happening.kinds
                    and happening.wanted(self._options, event)
                ):
                    told = {ATTR_TYPE: event.kind, "event_id": event.event_id}
                    self._run(run_action, coordinator, event.attributes | told)

            return async_dispatcher_connect(self._hass, SIGNAL_HAPPENED, happened)

    return EventTrigger


class StateTrigger(DeviceTrigger):
    """A trigger for what becomes so in the state of a device; what was so before it listened does not count."""

    _device = CameraCoordinator

    @abstractmethod
    def _compare(self, camera: CameraCoordinator) -> list[dict[str, Any]]:
        """Return what has become so since the last look, and remember this one."""

    @override
    def _listen(self, run_action: TriggerActionRunner) -> CALLBACK_TYPE:
        for camera in self._target.coordinators():
            assert isinstance(camera, CameraCoordinator)
            self._compare(camera)

        @callback
        def changed(coordinator: AnyCoordinator) -> None:
            if isinstance(coordinator, CameraCoordinator):
                for told in self._compare(coordinator):
                    self._run(run_action, coordinator, told)

        return async_dispatcher_connect(self._hass, SIGNAL_STATE, changed)


def _some_threshold(options: dict[str, Any]) -> dict[str, Any]:
    above, below = options.get(CONF_ABOVE), options.get(CONF_BELOW)
    if above is None and below is None:
        raise vol.Invalid("Say a temperature in above, in below or in both")
    if above is not None and below is not None and above >= below:
        raise vol.Invalid("Nothing is above a temperature and below a lower one")
    return options


class RuleTemperatureTrigger(StateTrigger):
    """A temperature of a rule comes above or below a threshold, or between both.

    The first reading only tells where it is. What is crossed while the camera is away counts when it is back.
    """

    _schema = target_schema(
        {
            vol.Optional(CONF_RULE): NAMES,
            vol.Optional(CONF_MEASURED, default=MEASURED[0]): vol.In(MEASURED),
            vol.Optional(CONF_ABOVE): DEGREES,
            vol.Optional(CONF_BELOW): DEGREES,
        },
        _some_threshold,
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Know of no reading yet."""
        super().__init__(hass, config)
        self._beyond: dict[tuple[str, str], bool] = {}

    @override
    def _compare(self, camera: CameraCoordinator) -> list[dict[str, Any]]:
        options = self._options
        measured = options[CONF_MEASURED]
        crossed = []
        for reading in readings_in_sight(camera.data):
            name = (camera.rule_names or {}).get(reading.key, reading.key)
            temperature: float | None = getattr(reading, measured)
            if temperature is None or (
                CONF_RULE in options and not _is_among(name, options[CONF_RULE])
            ):
                continue
            beyond = self._is_beyond(temperature)
            if beyond and self._beyond.get((camera.device_key, reading.key)) is False:
                crossed.append(
                    {
                        "rule": name,
                        "measured": measured,
                        "temperature": temperature,
                        "maximum": reading.maximum,
                        "minimum": reading.minimum,
                        "average": reading.average,
                    }
                )
            self._beyond[camera.device_key, reading.key] = beyond
        return crossed

    def _is_beyond(self, temperature: float) -> bool:
        above, below = self._options.get(CONF_ABOVE), self._options.get(CONF_BELOW)
        return (above is None or temperature > above) and (
            below is None or temperature < below
        )


class PresetTrigger(StateTrigger):
    """A camera was sent to a preset, by Home Assistant: cameras do not tell where else they look."""

    _schema = target_schema({vol.Optional(CONF_PRESET): NAMES})

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Know of no preset yet."""
        super().__init__(hass, config)
        self._presets: dict[str, int | None] = {}

    @override
    def _compare(self, camera: CameraCoordinator) -> list[dict[str, Any]]:
        index = camera.data.preset
        before = self._presets.get(camera.device_key)
        self._presets[camera.device_key] = index
        if index is None or index == before or not is_at(camera, self._options):
            return []
        return [{"preset": index, "preset_name": preset_name(camera)}]


def preset_name(camera: CameraCoordinator) -> str | None:
    """Return the name of the preset at which a camera looks."""
    return next(
        (
            preset.name
            for preset in camera.data.presets
            if preset.index == camera.data.preset
        ),
        None,
    )


def is_at(camera: CameraCoordinator, options: Options) -> bool:
    """Whether a camera is at one of the presets that the options name, by number or by name, or at any."""
    if camera.data.preset is None:
        return False
    names = options.get(CONF_PRESET)
    return (
        names is None
        or str(camera.data.preset) in names
        or _is_among(preset_name(camera), names)
    )


_EVERY_ACCESS: Final = frozenset(AccessResult)

HAPPENINGS: Final[dict[str, Happening]] = {
    "person_recognised": Happening(
        device=TerminalCoordinator,
        source=ACCESS,
        kinds=frozenset({AccessResult.GRANTED}),
        fields={vol.Optional(CONF_PERSON): NAMES},
        # Whoever is let in without being anyone is not recognised.
        wanted=lambda options, event: (
            not event.attributes.get("anonymous") and _of_person(options, event)
        ),
    ),
    "unknown_person": Happening(
        device=TerminalCoordinator,
        source=ACCESS,
        kinds=frozenset({AccessResult.STRANGER}),
    ),
    "access_refused": Happening(
        device=TerminalCoordinator,
        source=ACCESS,
        kinds=frozenset({AccessResult.DENIED}),
        fields={
            vol.Optional(CONF_REASON): vol.All(
                cv.ensure_list, [vol.In([*DenialReason])], vol.Length(min=1)
            ),
            vol.Optional(CONF_PERSON): NAMES,
        },
        wanted=_for_reason,
    ),
    "temperature_too_high": Happening(
        device=TerminalCoordinator,
        source=ACCESS,
        kinds=_EVERY_ACCESS,
        fields={vol.Optional(CONF_ABOVE): DEGREES},
        wanted=_too_hot,
    ),
    "call": Happening(
        device=TerminalCoordinator,
        source=INTERCOM,
        kinds=frozenset({DoorbellEventType.RING}),
    ),
    "temperature_alarm": Happening(
        device=CameraCoordinator,
        source=ALARM,
        kinds=frozenset({"temperature"}),
        fields={vol.Optional(CONF_RULE): NAMES},
        wanted=_named(CONF_RULE),
    ),
    "hot_spot": Happening(
        device=CameraCoordinator, source=ALARM, kinds=frozenset({"hot_spot"})
    ),
    "fire": Happening(
        device=CameraCoordinator,
        source=ALARM,
        kinds=frozenset({"fire"}),
        fields={vol.Optional(CONF_AREA): NAMES},
        wanted=_named(CONF_AREA),
    ),
    "external_input": Happening(
        device=CameraCoordinator, source=ALARM, kinds=frozenset({"external_input"})
    ),
}

TRIGGERS: Final[dict[str, type[Trigger]]] = {
    **{key: _on(happening) for key, happening in HAPPENINGS.items()},
    "rule_temperature_crossed": RuleTemperatureTrigger,
    "camera_at_preset": PresetTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of terminals and cameras."""
    return TRIGGERS
