"""Actions that change how a camera is reached: its address, its ports, its passwords, or everything. Home Assistant follows."""

import asyncio
from collections.abc import Callable
import ipaddress
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..camera_follow import Place, async_follow
from ..const import DOMAIN, LOGGER
from ..errors import translate_errors
from ..guide import (
    SECTIONS,
    SETTING_FIELDS,
    Connection,
    FieldType,
    GuideConnectionError,
    GuideValidationError,
    Message,
    encrypt_password,
    put_words,
)
from .cameras import ONE_CAMERA, Camera, called_camera

ATTR_CONFIRM = "confirm"
ATTR_NEW_PASSWORD = "new_password"
ATTR_OLD_PASSWORD = "old_password"

SET_NETWORK = "set_network"
SET_PORTS = "set_ports"
CHANGE_PASSWORD = "change_password"
RESET_PASSWORD = "reset_password"
FACTORY_RESET = "factory_reset"

# The fields of the actions, and what they are in the camera's sections.
NETWORK: Final = {
    "mode": "mode",
    "address": "ipaddr",
    "netmask": "netmask",
    "gateway": "gateway",
    "dns1": "dns1",
    "dns2": "dns2",
    "host_name": "host_name",
    "ip_version": "ip_version",
}
PORTS: Final = {
    "http_port": "http_port",
    "control_port": "tcp_port",
    "rtsp_port": "rtsp_port",
    "max_users": "max_connectios",
    "onvif": "onvif_check",
}
# What the passwords of the accounts are after a reset (seen on devices).
FACTORY_PASSWORDS: Final = {
    "admin": "admin123",
    "root": "guide123",
    "user": "user123",
}

_CAMERA: Final = ONE_CAMERA | {vol.Required(ATTR_CONFIRM): cv.boolean}
_NAME: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
_PASSWORD: Final = vol.All(cv.string, vol.Length(min=1))

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SET_NETWORK: _CAMERA
    | {vol.Optional("mode"): vol.In(["static", "dhcp"])}
    | {vol.Optional("ip_version"): vol.In(["ipv4", "ipv6"])}
    | {vol.Optional("host_name"): cv.string}
    | {
        vol.Optional(name): vol.All(cv.string, str.strip)
        for name in ("address", "netmask", "gateway", "dns1", "dns2")
    },
    SET_PORTS: _CAMERA
    | {vol.Optional("onvif"): cv.boolean}
    | {vol.Optional(name): vol.Coerce(int) for name in PORTS if name != "onvif"},
    CHANGE_PASSWORD: _CAMERA
    | {
        vol.Required(ATTR_NEW_PASSWORD): _PASSWORD,
        vol.Optional(CONF_USERNAME): _NAME,
        vol.Optional(ATTR_OLD_PASSWORD): _PASSWORD,
    },
    RESET_PASSWORD: _CAMERA | {vol.Optional(CONF_USERNAME): _NAME},
    FACTORY_RESET: _CAMERA,
}


# Address and ports


@translate_errors
async def _set_network(call: ServiceCall) -> None:
    """Change the camera's address, and find it there."""
    camera = confirmed_camera(call)
    wanted = _named(call, "network", NETWORK)
    if "ipaddr" in wanted:
        # One that asks a DHCP server would not take it.
        wanted.setdefault("mode", "static")
    before = await _rewrite(camera, "network", wanted)
    address = wanted.get("ipaddr")
    if address is None or wanted["mode"] == "dhcp":
        # Where it is now is for a DHCP server to say, whose answers Home Assistant hears.
        await _follow(camera, {})
        return
    new: Place = {CONF_HOST: address}
    if _same(camera.coordinator.config_entry.data[CONF_HOST], before.get("ipaddr")):
        await _follow(camera, new, {})
    else:
        # Reached by a name, or by way of another device, which may stay as it is.
        await _follow(camera, {}, new, may_stay=True)


@translate_errors
async def _set_ports(call: ServiceCall) -> None:
    """Change the camera's ports, and find it there; it tells the one for alarms itself."""
    camera = confirmed_camera(call)
    wanted = _named(call, "ports", PORTS)
    await _rewrite(camera, "ports", wanted, _check_ports)
    if "http_port" in wanted:
        await _follow(camera, {CONF_PORT: wanted["http_port"]}, {})
    else:
        await _follow(camera, {})


def _same(one: str, other: object) -> bool:
    """Return whether two texts are one address."""
    try:
        return ipaddress.ip_address(one.strip("[]")) == ipaddress.ip_address(str(other))
    except ValueError:
        return False


def _check_ports(ports: Message) -> None:
    """Raise GuideValidationError for one port for two things: the camera could not be reached any more."""
    taken: dict[object, str] = {}
    for ours in ("rtsp_port", "control_port", "http_port"):
        port = ports.get(PORTS[ours])
        if port in taken:
            raise GuideValidationError(
                ours, port, f"a port other than that of {taken[port]}"
            )
        if port is not None:
            taken[port] = ours


def _named(call: ServiceCall, section: str, names: dict[str, str]) -> dict[str, Any]:
    """Return what was given, by the camera's names.

    ServiceValidationError for nothing, GuideValidationError by our own names for what is not possible.
    """
    wanted = {}
    for ours, theirs in names.items():
        if ours in call.data:
            wanted[theirs] = call.data[ours]
            field = SETTING_FIELDS[f"{section}_{theirs}"].field
            # Words and switches are what they can be already.
            if not field.choices and field.type is not FieldType.SWITCH:
                field.check(wanted[theirs], ours)
    if not wanted:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_given",
            translation_placeholders={"fields": ", ".join(names)},
        )
    return wanted


async def _rewrite(
    camera: Camera,
    section: str,
    wanted: dict[str, Any],
    check: Callable[[Message], None] = lambda _: None,
) -> Message:
    """Change a section and return what it was. A camera that is gone before it answers has done what it was told."""
    before: Message = {}

    def change(message: Message) -> Message:
        before.update(message)
        put_words(section, message, wanted)
        check(message)
        return message

    await _sent(
        camera,
        lambda: bool(before),
        camera.coordinator.client.rewrite(SECTIONS[section].cmdtype, change),
    )
    return before


async def _sent(camera: Camera, told: Callable[[], bool], asking: Any) -> None:
    """Wait for an answer, or for the camera to be gone after it was `told`."""
    try:
        await asking
    except GuideConnectionError as err:
        if not told():
            raise
        LOGGER.debug("%s did not answer any more: %s", camera.name, err)


async def _follow(camera: Camera, *places: Place, may_stay: bool = False) -> None:
    """Load the entry where the camera is now. HomeAssistantError where that is nowhere, or still the old place."""
    entry, hass = camera.coordinator.config_entry, camera.coordinator.hass
    # Whoever stops the action must not leave the entry unloaded.
    found = await asyncio.shield(
        hass.async_create_background_task(
            async_follow(hass, entry, *places), f"{DOMAIN} follow {entry.title}"
        )
    )
    if found is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="camera_not_found",
            translation_placeholders={"name": entry.title},
        )
    if found != places[0] and not may_stay:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="camera_stayed",
            translation_placeholders={"name": entry.title},
        )


# Passwords


@translate_errors
async def _change_password(call: ServiceCall) -> None:
    """Change the password of an account; the one that Home Assistant uses is stored."""
    camera = confirmed_camera(call)
    entry = camera.coordinator.config_entry
    username = call.data.get(CONF_USERNAME, entry.data[CONF_USERNAME])
    own = username == entry.data[CONF_USERNAME]
    old = call.data.get(ATTR_OLD_PASSWORD, entry.data[CONF_PASSWORD] if own else None)
    if old is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="old_password_missing",
            translation_placeholders={"username": username},
        )
    new = call.data[ATTR_NEW_PASSWORD]
    await camera.coordinator.client.request(
        503,
        {
            "username": username,
            "oldpassword": encrypt_password(old),
            "newpassword": encrypt_password(new),
        },
    )
    if own:
        await _log_in_with(camera, new)


@translate_errors
async def _reset_password(call: ServiceCall) -> None:
    """Give an account the password of the factory; Home Assistant logs in with it, or asks for it."""
    camera = confirmed_camera(call)
    entry = camera.coordinator.config_entry
    username = call.data.get(CONF_USERNAME, entry.data[CONF_USERNAME])
    await camera.coordinator.client.request(504, {"username": username})
    if username == entry.data[CONF_USERNAME]:
        await _log_in_with(
            camera, FACTORY_PASSWORDS.get(username, entry.data[CONF_PASSWORD])
        )


async def _log_in_with(camera: Camera, password: str) -> None:
    """Load the entry with another password; if the camera refuses it, Home Assistant asks for the right one."""
    entry = camera.coordinator.config_entry
    hass = camera.coordinator.hass
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PASSWORD: password}
    )
    await hass.config_entries.async_reload(entry.entry_id)


# Everything


@translate_errors
async def _factory_reset(call: ServiceCall) -> None:
    """Let the camera forget all settings, and find it again."""
    camera = confirmed_camera(call)
    client = camera.coordinator.client
    connected = client.connection is not Connection.DISCONNECTED
    await _sent(camera, lambda: connected, client.request(512, subtype=1))
    await _follow(camera, {})


@callback
def confirmed_camera(call: ServiceCall) -> Camera:
    """Return the camera that was chosen. ServiceValidationError for what is none, and without confirmation."""
    camera = called_camera(call)
    if not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_confirmed_at_camera",
            translation_placeholders={"name": camera.name},
        )
    return camera


@callback
def async_setup_camera_access_actions(hass: HomeAssistant) -> None:
    """Register the actions; all are for administrators."""
    for name, act in (
        (SET_NETWORK, _set_network),
        (SET_PORTS, _set_ports),
        (CHANGE_PASSWORD, _change_password),
        (RESET_PASSWORD, _reset_password),
        (FACTORY_RESET, _factory_reset),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, act, schema=vol.Schema(FIELDS[name])
        )
