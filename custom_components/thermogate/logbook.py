"""The logbook: who came, who rang and what got hot, as sentences. Home Assistant shows them in English, whatever the language."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.const import ATTR_NAME, UnitOfTemperature
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util.unit_conversion import TemperatureConverter

from .const import DOMAIN, EVENT_ACCESS, EVENT_ALARM, EVENT_INTERCOM
from .coordinator.decision import Ruling, Why
from .event import ATTR_TYPE
from .facegate import AccessResult

WHAT: Final = {
    AccessResult.GRANTED: "was let in at",
    AccessResult.DENIED: "was refused at",
    AccessResult.STRANGER: "was refused at",
}
# What Home Assistant decided counts more than what the terminal found: in online mode it is what the gate did.
BY_US: Final[dict[str, str]] = {
    Ruling.OPENED: "was let in by Home Assistant at",
    Ruling.REFUSED: "was not let in by Home Assistant at",
}
SOMEBODY: Final = "Somebody"
A_STRANGER: Final = "A stranger"

ALARMS: Final = {
    "temperature": "a temperature alarm",
    "hot_spot": "a hot spot",
    "cold_spot": "a cold spot",
    "fire": "a fire",
    "external_input": "an alarm of its input",
    "illegal_access": "an illegal access",
    "storage_full": "that its storage is full",
    "storage_failure": "that its storage has failed",
    "stream": "a failure of its video",
    "network": "a failure of its network",
    "difference": "a temperature difference",
}
CALLS: Final = {
    "ring": "rang",
    "started": "made a call",
    "caller_ringing": "call is ringing",
    "caller_rejected": "call was rejected",
    "caller_connected": "call was answered",
    "called": "was called",
    "called_connected": "answered a call",
    "ended": "call ended",
}
# Which temperature raised an alarm; the maximum for all others.
MEASURED: Final = {"low": "minimum", "average": "average"}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[Event[Any]], dict[str, str]]], None
    ],
) -> None:
    """Tell Home Assistant how to put our events in words.

    Neither names its entity: the logbook would show that one's name in place of the person's.
    """

    def temperature(value: float) -> str:
        unit = hass.config.units.temperature_unit
        shown = TemperatureConverter.convert(value, UnitOfTemperature.CELSIUS, unit)
        return f"{shown:.1f} {unit}"

    @callback
    def access(event: Event[Any]) -> dict[str, str]:
        data = event.data
        is_stranger = data[ATTR_TYPE] == AccessResult.STRANGER
        nobody = A_STRANGER if is_stranger else SOMEBODY
        return {
            LOGBOOK_ENTRY_NAME: data.get("person", nobody),
            LOGBOOK_ENTRY_MESSAGE: f"{_what(data)} {data[ATTR_NAME]}"
            + _in_brackets(_circumstances(data, temperature)),
        }

    @callback
    def alarm(event: Event[Any]) -> dict[str, str]:
        data = event.data
        parts = [f"reported {ALARMS[data[ATTR_TYPE]]}"]
        if subject := data.get("rule"):
            parts[0] += f" of rule {subject}"
        elif subject := data.get("area"):
            parts[0] += f" in area {subject}"
        measured = data.get(MEASURED.get(data.get("measured", ""), "maximum"))
        if measured is not None:
            parts.append(temperature(measured))
        return {
            LOGBOOK_ENTRY_NAME: data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: ", ".join(parts),
        }

    @callback
    def intercom(event: Event[Any]) -> dict[str, str]:
        return {
            LOGBOOK_ENTRY_NAME: event.data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: CALLS[event.data[ATTR_TYPE]],
        }

    async_describe_event(DOMAIN, EVENT_ACCESS, access)
    async_describe_event(DOMAIN, EVENT_ALARM, alarm)
    async_describe_event(DOMAIN, EVENT_INTERCOM, intercom)


def _what(data: Mapping[str, Any]) -> str:
    """Return what happened to somebody; events from before there were decisions tell none."""
    return BY_US.get(data.get("decision", ""), WHAT[data[ATTR_TYPE]])


def _circumstances(
    data: Mapping[str, Any], temperature: Callable[[float], str]
) -> list[str]:
    """Return why, by what means and how surely somebody was let in or not, and how warm they were."""
    found = [data["reason"].replace("_", " ")] if "reason" in data else []
    if data.get("decision") == Ruling.REFUSED and data["decision_reason"] not in (
        data.get("reason"),
        Why.REFUSED_BY_TERMINAL,
    ):
        found.append(data["decision_reason"].replace("_", " "))
    found += [method.replace("-", " ") for method in data.get("methods", ())]
    if "score" in data:
        found.append(f"{data['score']} %")
    if "temperature" in data:
        found.append(temperature(data["temperature"]))
    return found


def _in_brackets(parts: list[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""
