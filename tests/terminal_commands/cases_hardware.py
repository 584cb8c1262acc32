"""What is wired to a terminal, what it is made of, its clock, its files and its mobile network."""

from datetime import timedelta
from pathlib import Path

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from tests.helpers import act, settle, state_of
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import TerminalSimulator

from .case import Case

FILE = "/data_fs/log/today.txt"


async def _gate(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await perform(hass, "control_gate", relay=2, mode="scene", person_id="1002")
    [pulse] = terminal.relays
    assert (pulse.relay, pulse.mode, pulse.person_id) == (2, "scene", "1002")


async def _gate_of_newer_firmware(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    with refusing(terminal, "gpio control", 2):
        await perform(hass, "control_gate", relay=2)
    assert [pulse.relay for pulse in terminal.relays] == [2]


async def _wiegand(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await perform(hass, "send_wiegand", card="5210331")
    await perform(hass, "send_wiegand", long_card="88012345678901")
    assert terminal.device.wiegand_sent == [5210331, 88012345678901]


async def _serial(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await perform(hass, "send_serial", port=2, hex="79 01 05")
    assert terminal.device.serial_sent == [(2, b"\x79\x01\x05")]


async def _auth_code(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert (await perform(hass, "get_auth_code"))["auth_code"]


async def _tell_time(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert state_of(hass, "sensor.front_door_clock_drift") in {"-1", "0", "1"}


async def _set_time(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.clock_offset = timedelta(hours=1)
    await act(hass, "button.press", "button.front_door_set_clock")
    assert abs(terminal.device.clock_offset) < timedelta(seconds=2)


async def _reboot(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await act(hass, "button.press", "button.front_door_restart")
    assert terminal.requests[-1].cmd == "reboot"


async def _restart(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await act(hass, "button.press", "button.front_door_restart_application")
    assert terminal.requests[-1].cmd == "restart application"


async def _hardware(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    answer = await perform(hass, "get_hardware")
    assert answer["hardware"]["lcd"]["model"] == terminal.device.hardware["Lcd.model"]


async def _versions(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert (await perform(hass, "get_hardware"))["versions"]["platform"]


async def _set_hardware(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await hass.services.async_call(
        DOMAIN,
        "set_hardware",
        {"device_id": device_id(hass), "screen": "LCD_WY_720_576", "confirm": True},
        blocking=True,
    )
    await settle(hass)
    assert terminal.device.hardware["Lcd.model"] == "LCD_WY_720_576"


async def _network(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert (await perform(hass, "get_network"))["network"]["ip"] == "192.168.1.88"


def _media_folder(hass: HomeAssistant) -> Path:
    """Make the media folder the only one that Home Assistant may touch."""
    folder = Path(hass.config.path("media"))
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


async def _download(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    folder = _media_folder(hass)
    terminal.device.files[FILE] = bytearray(b"a line\n" * 5000)
    answer = await perform(hass, "download_file", path=FILE)
    assert answer["path"] == str(folder / "thermogate" / "front_door-today.txt")
    assert answer["bytes"] == 35_000


async def _upload(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    source = _media_folder(hass) / "today.txt"
    source.write_bytes(b"a line\n" * 50_000)
    await perform(hass, "upload_file", path=FILE, file=str(source))
    assert terminal.device.files[FILE] == b"a line\n" * 50_000


async def _set_encryption(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await perform(
        hass, "set_encryption", current_key="12345", new_key="other", enable=True
    )
    assert terminal.device.aes_enabled
    assert terminal.device.aes_key.rstrip(b"\0") == b"other"


async def _encryption(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert state_of(hass, "binary_sensor.front_door_encryption") == "off"


async def _mobile_network(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert state_of(hass, "sensor.front_door_mobile_operator") == "Example Mobile"
    assert state_of(hass, "sensor.front_door_mobile_signal") == "-71"
    assert (await perform(hass, "get_mobile_network"))["iccid"]


async def _data_use(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert float(state_of(hass, "sensor.front_door_mobile_data_used_today") or 0) > 20
    answer = await perform(hass, "get_data_use", first_day=1, last_day=1)
    assert [day["day"] for day in answer["days"]] == [1]
    assert requests(terminal, "traffic statistics")[-1]["day"] == "1"


CASES: dict[str, Case] = {
    "gpio_control": _gate,
    "gpio_control_extend": _gate_of_newer_firmware,
    "wiegand_control": _wiegand,
    "send_serial_data": _serial,
    "request_auth_code": _auth_code,
    "request_time": _tell_time,
    "update_time": _set_time,
    "reboot": _reboot,
    "restart_application": _restart,
    "get_hardware": _hardware,
    "get_version": _versions,
    "set_hardware": _set_hardware,
    "get_network": _network,
    "download_file": _download,
    "upload_file": _upload,
    "update_encryption": _set_encryption,
    "request_encryption": _encryption,
    "request_4g": _mobile_network,
    "traffic_statistics": _data_use,
}
