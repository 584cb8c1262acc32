"""Diagnostics: what a person may attach to a public bug report."""

import json

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.thermogate.const import CONF_TOPIC_ID, CONF_TOPIC_PREFIX
from homeassistant.core import HomeAssistant
from tests.conftest import TERMINAL_SERIAL
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.terminal import (
    Options as TerminalOptions,
    TerminalSimulator,
    Wishes,
)
from tests.waiting import until

# Other in each run, and nobody's business here.
VOLATILE = props(
    "at",
    "bytes",
    "clock_drift",
    "control_port",
    "datetime",
    "ir_video_port",
    "last_seen",
    "port",
    "used_this_month",
    "used_today",
    "vl_video_port",
)


async def test_diagnostics_of_a_terminal(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """How it is reached, what it can do, and what came last, in general terms."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    sent = await terminal.capture("denied")
    await terminal.wait_acknowledged(sent)
    await hass.async_block_till_done(wait_background_tasks=True)

    diagnostics = await get_diagnostics_for_config_entry(
        hass, hass_client, terminal_entry
    )

    assert diagnostics == snapshot(exclude=VOLATILE)


async def test_diagnostics_of_a_camera(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    still_scene: None,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """What it said about itself and its rules, as it said it."""
    await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.async_block_till_done()

    diagnostics = await get_diagnostics_for_config_entry(
        hass, hass_client, camera_entry
    )

    assert diagnostics == snapshot(exclude=VOLATILE)


@pytest.mark.parametrize(
    "terminal_options",
    [
        TerminalOptions(
            serial=TERMINAL_SERIAL, topic_id="gate-of-acme", prefix="acme-works", seed=1
        )
    ],
)
async def test_people_and_secrets_of_a_terminal_stay_at_home(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """No name, number, card or picture of anybody who was there; no serial number, no topic, no address."""
    hass.config_entries.async_update_entry(
        terminal_entry,
        title="Gate of Acme",
        data={
            **terminal_entry.data,
            CONF_TOPIC_ID: "gate-of-acme",
            CONF_TOPIC_PREFIX: "acme-works",
        },
        options={
            "decision": "rule",
            "rule": {
                "roles": [],
                "persons": ["Amara Okafor"],
                "unmeasured_pass": True,
                "mask_required": False,
                "opens": "wiegand",
                "card": "5210331",
                "say_opened": "Welcome to Acme",
                "show_opened": "Acme Works",
                "say_refused": "Acme is closed",
                "show_refused": "Acme",
            },
        },
    )
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    terminal.heartbeat()
    captures = [
        await terminal.capture("known", Wishes(person="Amara Okafor")),
        await terminal.capture("idcard", Wishes(person="Linh Nguyen")),
        await terminal.capture("qr"),
        await terminal.capture("card", Wishes(person="Mateo Alvarez")),
    ]
    await terminal.wait_acknowledged()
    await hass.async_block_till_done(wait_background_tasks=True)
    # They did arrive.
    assert terminal_entry.runtime_data.data.access
    assert terminal_entry.runtime_data.data.face
    assert terminal_entry.runtime_data.data.address

    shown = json.dumps(
        await get_diagnostics_for_config_entry(hass, hass_client, terminal_entry)
    )

    private = {TERMINAL_SERIAL, "acme", "Acme", "192.168.1.88"}
    for person in terminal.device.people.values():
        private |= {person.name, person.customer_text, f'"{person.id}"'}
        private |= {str(number) for number in (person.wg_card_id, person.long_card_id)}
    for capture in captures:
        for name in ("closeup_pic", "overall_pic", "id_card", "qr_code", "match"):
            private |= texts(capture.message.get(name))
    # Words of the protocol, and numbers that stand for nothing.
    private -= {"", "0"}
    assert {text for text in private if text in shown} == set()


def texts(value: object) -> set[str]:
    """Return the longer texts in a part of a message; of a picture how it begins."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in texts(item)}
    return {value[:60]} if isinstance(value, str) and len(value) > 8 else set()


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(username="operator7", password="Tr@fo-9", alarm_period=0)],
)
async def test_secrets_of_a_camera_stay_at_home(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """No account, no token, no address, no serial number, no picture, no name of the site."""
    hass.config_entries.async_update_entry(camera_entry, title="Yard of Acme")
    await hass.config_entries.async_setup(camera_entry.entry_id)
    await camera.inject("alarm fire")
    await until(lambda: camera_entry.runtime_data.data.thermal)

    diagnostics = await get_diagnostics_for_config_entry(
        hass, hass_client, camera_entry
    )

    shown = json.dumps(diagnostics)
    assert diagnostics["device"]["alarms"] == ["fire"]
    [session] = camera.camera.sessions.alive(camera.camera.now())
    private = {
        camera.options.username,
        camera.options.password,
        camera.options.host,
        camera.options.serial,
        camera.options.mac,
        camera.options.mac.lower(),
        session.token,
        "rtsp://",
        "/9j/",
        "Acme",
        "Substation yard",
    }
    assert {text for text in private if text in shown} == set()
    # What is needed to understand a report is there.
    assert [rule["id"] for rule in diagnostics["device"]["rules"]] == [1, 2, 3, 4]
