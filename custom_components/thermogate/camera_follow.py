"""Staying with a camera whose address or port Home Assistant itself has changed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN, LOGGER
from .probe import ProbeError, async_find_camera

MOVED = "camera_moved"

# Seconds. Cameras answer before they act, and need some 40 s to start anew (seen on devices).
SETTLE = 5.0
FIRST_ALONE = 20.0
GIVE_UP = 90.0
PAUSE = 2.0

# What a probe says about a camera that is there all the same: setting it up says the rest.
_THERE = frozenset({"invalid_auth", "invalid_auth_attempts", "locked"})

type Place = dict[str, Any]
"""What is new in the data of the entry: host or port, or nothing."""


async def async_follow(
    hass: HomeAssistant, entry: ConfigEntry[Any], *places: Place
) -> Place | None:
    """Load the entry with the place that the camera answers at, and return that.

    The first is the likeliest and gets some time alone, because a camera may answer at its old place for a while. None
    where the camera is at none of them: then the entry tries the first from now on, and a repair issue says what to do.

    Whoever sees to the entry meanwhile ends this: what they did stays.
    """
    old = dict(entry.data)
    # Stored before anything else, lest a restart of Home Assistant loses it.
    hass.config_entries.async_update_entry(entry, data=old | places[0])
    await hass.config_entries.async_unload(entry.entry_id)

    def in_other_hands() -> bool:
        """Whether a DHCP request was followed, or a person has changed, disabled or removed the entry."""
        return (
            entry.state is not ConfigEntryState.NOT_LOADED
            or entry.disabled_by is not None
            or entry.data != old | places[0]
            or hass.config_entries.async_get_entry(entry.entry_id) is None
        )

    found = await _async_look(hass, entry, old, places, in_other_hands)
    if in_other_hands():
        return places[0]
    if found is not None:
        hass.config_entries.async_update_entry(entry, data=old | found)
    if await hass.config_entries.async_setup(entry.entry_id):
        return places[0] if found is None else found
    if found is None:
        _async_tell_moved(hass, entry)
    return found


async def _async_look(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    old: dict[str, Any],
    places: tuple[Place, ...],
    is_over: Callable[[], bool],
) -> Place | None:
    """Return the place that the camera answers at, None when it does not for so long that a person must help, or it is over."""
    await asyncio.sleep(SETTLE)
    started = hass.loop.time()
    while not is_over() and (waited := hass.loop.time() - started) < GIVE_UP:
        for place in places if waited >= FIRST_ALONE else places[:1]:
            if await _async_is_there(hass, entry, old | place):
                return place
        await asyncio.sleep(PAUSE)
    return None


async def _async_is_there(
    hass: HomeAssistant, entry: ConfigEntry[Any], login: Mapping[str, Any]
) -> bool:
    """Return whether this camera, and no other device, answers at a place."""
    try:
        found = await async_find_camera(hass, login)
    except ProbeError as err:
        LOGGER.debug("%s: %s", entry.title, err.key)
        return err.key in _THERE
    return not found.key or entry.unique_id in (None, found.key)


@callback
def _async_tell_moved(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Raise the repair issue; it is withdrawn when the camera is set up again."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=MOVED,
        translation_placeholders={
            "name": entry.title,
            "address": f"{entry.data[CONF_HOST]}:{entry.data[CONF_PORT]}",
        },
    )


@callback
def async_withdraw_moved(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Withdraw the repair issue."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))


def _issue_id(entry: ConfigEntry[Any]) -> str:
    return f"{MOVED}_{entry.entry_id}"
