"""What the system page says about the devices and the journal."""

from unittest.mock import patch

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Journal, JournalError, Reason
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.helpers import capture, set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until


async def test_devices_are_counted(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """All there are, those that can be reached, and those that report by themselves."""
    assert await async_setup_component(hass, "system_health", {})
    for entry in (terminal_entry, camera_entry):
        if entry.state.name == "NOT_LOADED":
            assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)

    assert await get_system_health_info(hass, DOMAIN) == {
        "terminals": 1,
        "terminals_reached": 1,
        "cameras": 1,
        "cameras_reached": 1,
        "cameras_pushing": 1,
        "journal": "ok",
        "journal_entries": 0,
        "journal_size": "0.0 MB",
    }

    await camera.inject("ws closed")
    await camera.inject("drop-connection")
    await until(
        lambda: camera_entry.runtime_data.client.connection.value != "websocket"
    )
    info = await get_system_health_info(hass, DOMAIN)
    assert info["cameras_pushing"] == 0


async def test_the_journal_is_looked_at(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """How much it holds while it works, and why it does not while it does not: people publish this page."""
    assert await async_setup_component(hass, "system_health", {})
    await set_up(hass, terminal_entry)
    await capture(hass, terminal)
    await capture(hass, terminal, "stranger")
    info = await get_system_health_info(hass, DOMAIN)
    assert (info["journal"], info["journal_entries"]) == ("ok", 2)
    assert float(info["journal_size"].removesuffix(" MB")) > 0

    lost = JournalError(Reason.LOST, "OperationalError 08006")
    with patch.object(Journal, "append", side_effect=lost):
        await capture(hass, terminal)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["journal"] == "lost: OperationalError 08006"
    assert info["journal_entries"] == 2

    refused = JournalError(
        Reason.PERMISSION,
        'connection to server at "db.acme" (192.0.2.7), port 5432 failed: FATAL: no access for user "acme"',
    )
    with patch.object(Journal, "append", side_effect=refused):
        await capture(hass, terminal)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["journal"] == (
        "permission: connection to server at …, port 5432 failed: FATAL: no access for user …"
    )

    await hass.config_entries.async_unload(terminal_entry.entry_id)
    info = await async_get_keeper(hass).async_facts()
    assert (info["entries"], info["bytes"]) == (None, None)
