"""What an action asks the journal for, and how it tells what was found."""

from typing import Any, NamedTuple, NoReturn

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import ThermoGateConfigEntry, key_of
from ..journal import MAX_PAGE, Entry, Kind, Query, as_row
from ..views import picture_urls

ATTR_KIND = "kind"
ATTR_OUTCOME = "outcome"
ATTR_TEXT = "text"
ATTR_PERSON_ID = "person_id"
ATTR_SINCE = "since"
ATTR_UNTIL = "until"
ATTR_TEMPERATURE_ABOVE = "temperature_above"
ATTR_TEMPERATURE_BELOW = "temperature_below"
ATTR_LIMIT = "limit"
ATTR_CURSOR = "cursor"

# Also refuses what is no number, which databases compare each in its own way.
_TEMPERATURE = vol.All(vol.Coerce(float), vol.Range(min=-1000, max=10_000))
FILTERS: dict[Any, Any] = {
    vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional(ATTR_KIND): vol.All(cv.ensure_list, [vol.Coerce(Kind)]),
    vol.Optional(ATTR_OUTCOME): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional(ATTR_TEXT): cv.string,
    vol.Optional(ATTR_PERSON_ID): cv.string,
    vol.Optional(ATTR_SINCE): cv.datetime,
    vol.Optional(ATTR_UNTIL): cv.datetime,
    vol.Optional(ATTR_TEMPERATURE_ABOVE): _TEMPERATURE,
    vol.Optional(ATTR_TEMPERATURE_BELOW): _TEMPERATURE,
}
PAGING: dict[Any, Any] = {
    vol.Optional(ATTR_LIMIT, default=50): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=MAX_PAGE)
    ),
    vol.Optional(ATTR_CURSOR): cv.string,
}


class KnownDevice(NamedTuple):
    """A device of the journal that is still set up."""

    entry: ThermoGateConfigEntry
    device_id: str | None
    """Its number in the device registry; None while it was never loaded."""


@callback
def known_devices(hass: HomeAssistant) -> dict[str, KnownDevice]:
    """Return all devices that are set up, loaded or not, by their keys in the journal."""
    registry = dr.async_get(hass)
    found = {}
    for entry in hass.config_entries.async_entries(DOMAIN):
        key = key_of(entry)
        ids = (
            device.id
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
            if (DOMAIN, key) in device.identifiers
        )
        found[key] = KnownDevice(entry, next(ids, None))
    return found


@callback
def chosen_devices(
    hass: HomeAssistant, device_ids: list[str]
) -> dict[str, KnownDevice]:
    """Return devices by the numbers that the device selector gives. ServiceValidationError for one that is not ours."""
    known = known_devices(hass)
    keys = {device.device_id: key for key, device in known.items()}
    for device_id in device_ids:
        if device_id not in keys:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_device",
                translation_placeholders={"device": device_id},
            )
    return {keys[device_id]: known[keys[device_id]] for device_id in device_ids}


@callback
def query_of(hass: HomeAssistant, data: dict[str, Any]) -> Query:
    """Return the question that the fields of an action ask. ServiceValidationError where they make no sense."""
    above, below = data.get(ATTR_TEMPERATURE_ABOVE), data.get(ATTR_TEMPERATURE_BELOW)
    if above is not None and below is not None and above >= below:
        _refuse(ATTR_TEMPERATURE_ABOVE, ATTR_TEMPERATURE_BELOW)
    try:
        # What has no time zone is in that of Home Assistant.
        since, until = (
            dt_util.as_utc(data[name]) if name in data else None
            for name in (ATTR_SINCE, ATTR_UNTIL)
        )
    except OverflowError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_such_time"
        ) from err
    if since is not None and until is not None and since >= until:
        _refuse(ATTR_SINCE, ATTR_UNTIL)
    try:
        return Query(
            devices=tuple(chosen_devices(hass, data.get(ATTR_DEVICE_ID, []))),
            kinds=tuple(data.get(ATTR_KIND, ())),
            outcomes=tuple(data.get(ATTR_OUTCOME, ())),
            text=data.get(ATTR_TEXT, "").strip(),
            person_id=data.get(ATTR_PERSON_ID, "").strip(),
            since=since,
            until=until,
            temperature_above=above,
            temperature_below=below,
            limit=data.get(ATTR_LIMIT, MAX_PAGE),
            cursor=data.get(ATTR_CURSOR),
        )
    except ValueError as err:
        # All else was checked by the schema.
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="foreign_cursor"
        ) from err


def _refuse(low: str, high: str) -> NoReturn:
    """Refuse two limits that leave nothing between them."""
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="nothing_between",
        translation_placeholders={"low": low, "high": high},
    )


@callback
def device_names(hass: HomeAssistant) -> dict[str, str]:
    """Return the names of the devices that are set up by their keys in the journal."""
    return {key: device.entry.title for key, device in known_devices(hass).items()}


@callback
def told(hass: HomeAssistant, entries: tuple[Entry, ...]) -> list[Any]:
    """Return entries as the answer of an action: those of a device that was removed have its key as name and no device_id."""
    known = known_devices(hass)
    tz = dt_util.get_default_time_zone()
    found = []
    for entry in entries:
        device = known.get(entry.device)
        row = as_row(entry, device.entry.title if device else entry.device, tz)
        found.append(
            row
            | {
                "device_id": device.device_id if device else None,
                "pictures": picture_urls(hass, entry),
            }
        )
    return found
