"""Names, ids, numbers and addresses that a terminal says are shown and stored, and nothing else comes of them."""

from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Entry
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import json_bytes
from tests.helpers import SERIAL, attributes_of, door, set_up, settle, state_of
from tests.simulators.terminal import Options, TerminalSimulator
from tests.test_hostile_terminal import ACCESS, PERSON, our_warnings, rows


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


TRICKS = {
    "parent": "../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "backslashes": "..\\..\\secrets.yaml",
    "drive": "C:\\Windows\\win.ini",
    "encoded": "%2e%2e%2f%2e%2e%2fsecrets.yaml",
    "address": "file:///etc/passwd",
    "nul": "name\0.jpg",
    "markup": "<img src=x onerror=alert(1)>",
    "template": "{{ states('lock.front') }}",
    "lines": "name\r\nSet-Cookie: a=b",
    "bidi": "\u202egnp.exe",
    "long": "x" * 100_000,
}


def files(folder: str) -> set[str]:
    """Return the files of a configuration folder, without those of the journal and of Home Assistant's storage."""
    own = {"pictures", ".storage"}
    return {
        str(path.relative_to(folder))
        for path in Path(folder).rglob("*")
        if path.is_file()
        and not own & set(path.relative_to(folder).parts)
        and not path.name.startswith("journal.db")
    }


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
async def test_a_text_is_a_text_wherever_it_stands(
    hass: HomeAssistant,
    hass_config_dir: str,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    trick: str,
) -> None:
    """A name, an id or a number of a device is stored and shown, and never becomes part of a path or an address."""
    await set_up(hass, terminal_entry)
    before = await hass.async_add_executor_job(files, hass_config_dir)

    def trick_all(message: dict[str, Any]) -> None:
        match = message["match"]
        for name in ("person_id", "person_name", "customer_text", "origin"):
            match[name] = trick
        match["match_type"] = [trick] * 20
        for name in ("addr_name", "addr_no", "device_no", "version", "timezone"):
            message[name] = trick
        message["closeup_pic"]["format"] = trick
        message["qr_code"] = {"qr_data": trick}
        message["id_card"] = dict.fromkeys(("name", "number", "sex"), trick)

    sent = await terminal.capture(change=trick_all)
    await settle(hass)
    assert sent.acknowledged.is_set()
    (row,) = await rows(hass)
    assert row.pictures
    assert await hass.async_add_executor_job(files, hass_config_dir) == before
    pictures = Path(hass_config_dir, DOMAIN, "pictures")
    stored = [path async for path in _stored(hass, row)]
    assert all(path.is_relative_to(pictures) for path in stored)
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
    assert state_of(hass, PERSON) not in ("unknown", "unavailable", None)
    assert trick.strip("\0")[:20] in attributes_of(hass, ACCESS)["person"]
    for url in attributes_of(hass, ACCESS)["picture_urls"].values():
        assert url.startswith(f"/api/thermogate/picture/{row.event_id}/")
    assert not our_warnings(caplog)


async def _stored(hass: HomeAssistant, row: Entry) -> Any:
    for picture in row.pictures:
        path = await async_get_keeper(hass).journal.picture(picture.name)
        assert path is not None
        yield path


@pytest.mark.parametrize(
    ("ip", "url"),
    [
        ("192.0.2.7", "http://192.0.2.7"),
        ("evil.example", None),
        ("192.0.2.7@evil.example", None),
        ("192.0.2.7/../x", None),
        ("192.0.2.7:8123", None),
        ("/9j/", None),
        ("javascript:alert(1)", None),
        ("::1", None),
        (3_221_225_991, None),
        (["192.0.2.7"], None),
        ("", None),
    ],
)
async def test_the_link_to_a_terminal_leads_to_an_address_and_nowhere_else(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    caplog: pytest.LogCaptureFixture,
    ip: object,
    url: str | None,
) -> None:
    """A person clicks on it, and types a password there."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    terminal.send({"cmd": "heart beat", "device_sn": SERIAL, "ip": ip})
    await settle(hass)
    (device,) = dr.async_entries_for_config_entry(
        device_registry, terminal_entry.entry_id
    )
    assert device.configuration_url == url
    assert not our_warnings(caplog)
