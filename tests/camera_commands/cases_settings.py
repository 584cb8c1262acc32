"""The settings of a camera (vendor document, section III), and the commands that change how it is reached or forget them all."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

from custom_components.thermogate import camera_follow
from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import act, settle, state_of
from tests.simulators.camera import CameraSimulator

type Case = Callable[[HomeAssistant, CameraSimulator], Awaitable[None]]


class Step(NamedTuple):
    """What an entity shows from the factory, what a person does with it, and what it shows and the camera has then."""

    entity: str
    before: str
    action: str
    data: dict[str, Any]
    after: str
    path: tuple[str | int, ...]
    value: Any


def _switched(entity: str, before: str, path: tuple[str | int, ...]) -> Step:
    """Return the step that turns a switch over."""
    on = before == "off"
    word = "on" if on else "off"
    return Step(
        f"switch.yard_{entity}", before, f"turn_{word}", {}, word, path, int(on)
    )


def _numbered(entity: str, before: str, value: int, *path: str | int) -> Step:
    return Step(
        f"number.yard_{entity}",
        before,
        "set_value",
        {"value": value},
        str(value),
        path,
        value,
    )


def _worded(entity: str, before: str, value: str, *path: str | int) -> Step:
    return Step(
        f"text.yard_{entity}", before, "set_value", {"value": value}, value, path, value
    )


def _chosen(
    entity: str, before: str, option: str, number: int, *path: str | int
) -> Step:
    return Step(
        f"select.yard_{entity}",
        before,
        "select_option",
        {"option": option},
        option,
        path,
        number,
    )


# By the command that sets; the next number is the one that reads.
STEPS: dict[int, Step] = {
    1: _chosen("palette", "iron_red", "rainbow_2", 13, "color_bar"),
    5: _numbered("thermal_brightness", "40", 60, "ir_config", "brightness"),
    7: _numbered("fusion_share", "50", 70, "percent"),
    13: _numbered("storage_time", "90", 30, "save_days"),
    15: _worded("device_name", "Substation yard", "Bay 4", "name"),
    19: _switched("spot_tracking", "on", ("trace_flag",)),
    21: _switched("temperature_alarm", "on", ("alarm_flag",)),
    25: _switched("storage_failure_alarm", "off", ("store", 1, "flag")),
    27: _switched("network_fault_alarm", "off", ("flag",)),
    29: _numbered("illegal_access_attempts_allowed", "5", 3, "allow_count"),
    31: _worded("mail_server", "", "mail.example.com", "smtp_server"),
    33: _worded("mqtt_device_id", "guide", "yard", "deviceid"),
    39: _chosen("infrared_mode", "single", "fusion", 1, "mode"),
    41: _switched("mute", "off", ("silent",)),
    43: _chosen("gb28181_protocol", "udp", "tcp", 1, "protocol"),
    45: _numbered("platform_server_port", "0", 50100, "serverport"),
    47: _chosen("external_input_contact", "normally_open", "normally_closed", 1, "type"),
    49: _worded("ftp_user", "", "yard", "user"),
    51: _switched("fire_alarm", "on", ("flag",)),
    53: _numbered("ranging_mounting_height", "6.0", 8, "high"),
    55: _numbered("occlusion_alarm_trigger_ratio", "0", 40, "ratio"),
    57: _switched("dirty_window_alarm", "off", ("flag",)),
}  # fmt: skip


def _at(camera: CameraSimulator, number: int, path: tuple[str | int, ...]) -> Any:
    found: Any = camera.camera.settings[number]
    for step in path:
        found = found[step]
    return found


async def _set(number: int, hass: HomeAssistant, camera: CameraSimulator) -> None:
    """Change a setting as a person does: the camera has it, and the entity shows what was read again."""
    step = STEPS[number]
    domain = step.entity.partition(".")[0]
    await act(hass, f"{domain}.{step.action}", step.entity, **step.data)
    assert _at(camera, number, step.path) == step.value
    shown = state_of(hass, step.entity)
    assert shown in (step.after, f"{step.after}.0")


async def _get(number: int, hass: HomeAssistant, camera: CameraSimulator) -> None:
    """See what the camera has."""
    step = STEPS[number - 1]
    assert state_of(hass, step.entity) == step.before


async def _call(hass: HomeAssistant, action: str, **data: Any) -> dict[str, Any]:
    """Call an action with the one camera there is."""
    (device,) = [
        device
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
    ]
    asks = action.startswith("get_")
    with patch.multiple(camera_follow, SETTLE=0.1, PAUSE=0.02):
        answer = await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device.id, **data},
            blocking=True,
            return_response=asks,
        )
    await settle(hass)
    if not answer:
        return {}
    cameras: Any = answer["cameras"]
    return dict(cameras[0]["settings"])


async def _set_network(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _call(hass, "set_network", host_name="BAY4", confirm=True)
    assert camera.camera.settings[9]["host_name"] == "BAY4"
    assert state_of(hass, "sensor.yard_connection") == "websocket"


async def _get_network(hass: HomeAssistant, camera: CameraSimulator) -> None:
    settings = await _call(hass, "get_settings", section="network")
    assert (settings["ipaddr"], settings["mode"]) == ("192.168.1.168", "static")


async def _set_ports(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _call(hass, "set_ports", max_users=20, confirm=True)
    assert camera.camera.settings[11]["max_connectios"] == 20
    assert state_of(hass, "sensor.yard_connection") == "websocket"


async def _get_ports(hass: HomeAssistant, camera: CameraSimulator) -> None:
    settings = await _call(hass, "get_settings", section="ports")
    assert settings["tcp_port"] == camera.ws_port


async def _set_light(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "light.turn_on", "light.yard_fill_light", effect="auto")
    assert camera.camera.settings[35]["mode"] == 1


async def _get_light(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "light.yard_fill_light") == "off"
    settings = await _call(hass, "get_settings", section="fill_light")
    assert settings == {"mode": "manual", "light": False, "brightness": 50}


async def _change_password(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _call(hass, "change_password", new_password="n3w pa55word", confirm=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.data["password"] == "n3w pa55word"
    assert state_of(hass, "sensor.yard_connection") == "websocket"


async def _reset_password(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _call(hass, "reset_password", confirm=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.data["password"] == "admin123"
    assert state_of(hass, "sensor.yard_connection") == "websocket"


async def _factory_reset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "switch.turn_on", "switch.yard_mute")
    await _call(hass, "factory_reset", confirm=True)
    assert camera.camera.settings[41]["silent"] == 0
    assert state_of(hass, "switch.yard_mute") == "off"


CASES: dict[int, Case] = {
    **{number: partial(_set, number) for number in STEPS},
    **{number + 1: partial(_get, number + 1) for number in STEPS},
    9: _set_network,
    10: _get_network,
    11: _set_ports,
    12: _get_ports,
    35: _set_light,
    36: _get_light,
    503: _change_password,
    504: _reset_password,
    512: _factory_reset,
}
