"""The options about who may pass at a terminal: each way to decide, its form, and what a person gets wrong there."""

from typing import Any
from unittest.mock import AsyncMock

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import CONF_KIND, DOMAIN, DeviceKind
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from tests.flows import suggested

RULE = {
    "roles": ["allowed"],
    "persons": [],
    "unmeasured_pass": False,
    "mask_required": False,
    "opens": "relay_1",
}


@pytest.fixture
async def terminal_entry(hass: HomeAssistant, setups: AsyncMock) -> MockConfigEntry:
    """Return a terminal that talks to nobody, with an option from another page."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data={CONF_KIND: DeviceKind.TERMINAL},
        options={"hold_time": 5},
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    return entry


async def opened(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the page about who may pass."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["terminal", "decision", "journal"]
    return await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "decision"}
    )


async def sent(
    hass: HomeAssistant, form: ConfigFlowResult, **values: Any
) -> ConfigFlowResult:
    """Send a form."""
    result = await hass.config_entries.options.async_configure(form["flow_id"], values)
    await hass.async_block_till_done()
    return result


async def chosen(
    hass: HomeAssistant, entry: MockConfigEntry, way: str
) -> ConfigFlowResult:
    """Choose a way to decide."""
    return await sent(hass, await opened(hass, entry), decision=way)


def defaults(form: ConfigFlowResult, **required: Any) -> dict[str, Any]:
    """Return what a form stores when nobody changes it."""
    schema = form["data_schema"]
    assert schema is not None
    filled: dict[str, Any] = schema(required)
    return filled


async def test_a_camera_lets_nobody_in(hass: HomeAssistant, setups: AsyncMock) -> None:
    """It has no such page."""
    entry = MockConfigEntry(domain=DOMAIN, data={CONF_KIND: DeviceKind.CAMERA})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["camera", "journal"]


async def test_by_default_nobody_decides(
    hass: HomeAssistant, terminal_entry: MockConfigEntry
) -> None:
    """And that can be chosen again; what was filled in for another way stays for the next time."""
    form = await opened(hass, terminal_entry)
    assert defaults(form) == {"decision": "never"}
    hass.config_entries.async_update_entry(
        terminal_entry, options={"decision": "rule", "rule": RULE, "hold_time": 5}
    )
    form = await opened(hass, terminal_entry)
    assert suggested(form) == {"decision": "rule"}
    result = await sent(hass, form, decision="never")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert terminal_entry.options == {
        "decision": "never",
        "rule": RULE,
        "hold_time": 5,
    }


async def test_a_rule_is_stored_and_the_entry_is_loaded_with_it(
    hass: HomeAssistant, terminal_entry: MockConfigEntry, setups: AsyncMock
) -> None:
    """Every field, and the options of the other pages stay."""
    form = await chosen(hass, terminal_entry, "rule")
    assert form["step_id"] == "rule"
    assert defaults(form) == RULE | {"roles": []}
    whole = {
        "roles": ["allowed", "normal"],
        "persons": ["1001", "Amara Okafor"],
        "while_on": "schedule.office",
        "max_temperature": 37.5,
        "unmeasured_pass": True,
        "mask_required": True,
        "opens": "wiegand",
        "card": "9223372036854775807",
        "say_opened": "x" * 64,
        "show_opened": "Hello",
        "say_refused": "Please ring",
        "show_refused": "Reception: 1",
    }
    result = await sent(hass, form, **whole)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert terminal_entry.options == {
        "decision": "rule",
        "rule": whole,
        "hold_time": 5,
    }
    assert setups.call_count == 2
    assert suggested(await chosen(hass, terminal_entry, "rule")) == whole


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"roles": []}, {"roles": "nobody"}),
        ({"roles": [], "persons": [" "]}, {"roles": "nobody"}),
        ({"opens": "wiegand"}, {"card": "no_card"}),
        ({"opens": "wiegand", "card": "0"}, {"card": "no_card"}),
        ({"opens": "wiegand", "card": "-1"}, {"card": "no_card"}),
        ({"opens": "wiegand", "card": "mine"}, {"card": "no_card"}),
        ({"opens": "wiegand", "card": "9223372036854775808"}, {"card": "no_card"}),
        ({"opens": "wiegand", "card": "9" * 30}, {"card": "no_card"}),
        ({"say_opened": "x" * 65}, {"say_opened": "too_long"}),
        ({"say_refused": "x" * 65}, {"say_refused": "too_long"}),
    ],
)
async def test_what_is_wrong_with_a_rule_is_said_at_its_field(
    hass: HomeAssistant,
    terminal_entry: MockConfigEntry,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What was typed stays, and can be put right."""
    form = await chosen(hass, terminal_entry, "rule")
    form = await sent(hass, form, **RULE | changes)
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == errors
    assert suggested(form) == RULE | changes
    result = await sent(hass, form, **RULE)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert terminal_entry.options["rule"] == RULE


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["blocked"]},
        {"max_temperature": 29.9},
        {"max_temperature": 45.1},
        {"opens": "relay_3"},
        {"while_on": "sensor.office"},
    ],
)
async def test_what_no_rule_can_be(
    hass: HomeAssistant, terminal_entry: MockConfigEntry, wrong: dict[str, Any]
) -> None:
    """The form does not offer it."""
    form = await chosen(hass, terminal_entry, "rule")
    with pytest.raises(InvalidData):
        await sent(hass, form, **RULE | wrong)


async def test_a_script_is_stored_and_the_entry_is_loaded_with_it(
    hass: HomeAssistant, terminal_entry: MockConfigEntry, setups: AsyncMock
) -> None:
    """With its deadline, a second unless that is changed."""
    form = await chosen(hass, terminal_entry, "script")
    assert form["step_id"] == "script"
    assert defaults(form, entity_id="script.gate") == {
        "entity_id": "script.gate",
        "deadline": 1.0,
    }
    script = {"entity_id": "script.gate", "deadline": 2.5}
    result = await sent(hass, form, **script)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert terminal_entry.options == {
        "decision": "script",
        "script": script,
        "hold_time": 5,
    }
    assert setups.call_count == 2
    assert suggested(await chosen(hass, terminal_entry, "script")) == script


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": 0.0},
        {"deadline": 10.1},
        {"entity_id": "automation.gate"},
    ],
)
async def test_what_no_script_can_be(
    hass: HomeAssistant, terminal_entry: MockConfigEntry, wrong: dict[str, Any]
) -> None:
    """Nobody stands at a door for longer than ten seconds."""
    form = await chosen(hass, terminal_entry, "script")
    script = {"entity_id": "script.gate", "deadline": 1.0}
    with pytest.raises(InvalidData):
        await sent(hass, form, **script | wrong)


@pytest.mark.parametrize("way", ["rule", "script"])
async def test_where_another_server_acknowledges_nobody_can_decide(
    hass: HomeAssistant, terminal_entry: MockConfigEntry, way: str
) -> None:
    """The form says so, and what to do about it."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={"acknowledge": False}
    )
    form = await chosen(hass, terminal_entry, way)
    assert form["step_id"] == "decision"
    assert form["errors"] == {"decision": "not_acknowledged"}
    result = await sent(hass, form, decision="never")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_who_decides_also_acknowledges(
    hass: HomeAssistant, terminal_entry: MockConfigEntry
) -> None:
    """Else the gate would stay closed for everybody without a word."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={"decision": "rule", "rule": RULE}
    )
    menu = await hass.config_entries.options.async_init(terminal_entry.entry_id)
    form = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "terminal"}
    )
    form = await sent(hass, form, acknowledge=False, hold_time=7)
    assert form["errors"] == {"acknowledge": "decides"}
    assert suggested(form)["hold_time"] == 7
    result = await sent(hass, form, acknowledge=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
