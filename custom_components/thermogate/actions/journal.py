"""Actions: looking up the journal, taking it elsewhere, and forgetting people."""

from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..journal import Format
from ..keeper import async_get_keeper
from ..people import Who
from .journal_export import async_export
from .journal_forget import async_forget_person, is_terminal
from .journal_search import (
    ATTR_PERSON_ID,
    FILTERS,
    PAGING,
    chosen_devices,
    query_of,
    told,
)

ATTR_FORMAT = "format"
ATTR_PICTURES = "pictures"
ATTR_NAME = "name"

SEARCH = "search_journal"
EXPORT = "export_journal"
FORGET = "forget_person"

FIELDS: dict[str, dict[Any, Any]] = {
    SEARCH: FILTERS | PAGING,
    EXPORT: FILTERS
    | {
        vol.Optional(ATTR_FORMAT, default=Format.CSV.value): vol.Coerce(Format),
        vol.Optional(ATTR_PICTURES, default=False): cv.boolean,
    },
    FORGET: {
        vol.Optional(ATTR_PERSON_ID): cv.string,
        vol.Optional(ATTR_NAME): cv.string,
        vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
    },
}


@translate_errors
async def _search(call: ServiceCall) -> ServiceResponse:
    """Return a page of entries."""
    query = query_of(call.hass, call.data)
    page = await async_get_keeper(call.hass).journal.search(query)
    return {"entries": told(call.hass, page.entries), "cursor": page.cursor}


@translate_errors
async def _export(call: ServiceCall) -> ServiceResponse:
    """Write what is found into a file, and return which."""
    return await async_export(
        call.hass,
        query_of(call.hass, call.data),
        form=call.data[ATTR_FORMAT],
        pictures=call.data[ATTR_PICTURES],
    )


@translate_errors
async def _forget(call: ServiceCall) -> ServiceResponse:
    """Forget a person and return what that did; raise what failed where nobody takes the answer."""
    who = Who(
        person_id=call.data.get(ATTR_PERSON_ID, "").strip(),
        name=call.data.get(ATTR_NAME, "").strip(),
    )
    if not who.person_id and not who.name:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nobody_named"
        )
    chosen = None
    if device_ids := call.data.get(ATTR_DEVICE_ID):
        chosen = chosen_devices(call.hass, device_ids)
        for device in chosen.values():
            if not is_terminal(device):
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="no_terminal",
                    translation_placeholders={"name": device.entry.title},
                )
    report = await async_forget_person(call.hass, who, chosen)
    if not call.return_response and not report["complete"]:
        failures = [
            f"{terminal['device']}: {terminal['error']}"
            for terminal in report["terminals"]
            if "error" in terminal
        ]
        if "error" in report:
            failures.insert(0, report["error"])
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_all_forgotten",
            translation_placeholders={"failures": "; ".join(failures)},
        )
    return report


@callback
def async_setup_journal_actions(hass: HomeAssistant) -> None:
    """Register the actions; what takes biometric data away in bulk, or destroys it, is for administrators."""
    hass.services.async_register(
        DOMAIN,
        SEARCH,
        _search,
        schema=vol.Schema(FIELDS[SEARCH]),
        supports_response=SupportsResponse.ONLY,
    )
    for name, action in ((EXPORT, _export), (FORGET, _forget)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
