"""By rule: who is let in, how warm, with a mask or without, and when; each part on both of its sides."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from tests.decisions import decide_by_rule, decision, opened
from tests.helpers import capture, door
from tests.journals import entries
from tests.simulators.terminal import Options, Quirk, TerminalSimulator

AMARA = {"person": "Amara Okafor", "temperature": 36.5}


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.parametrize(
    ("rule", "kind", "wishes", "told"),
    [
        # Lists and people
        ({"roles": ["allowed"]}, "known", AMARA, ("opened", "role")),
        ({"roles": ["normal"]}, "known", AMARA, ("refused", "not_allowed")),
        (
            {"roles": [], "persons": ["1001"]},
            "known",
            AMARA,
            ("opened", "person"),
        ),
        (
            {"roles": [], "persons": [" amara OKAFOR "]},
            "known",
            AMARA,
            ("opened", "person"),
        ),
        (
            {"roles": [], "persons": ["Amara", "100", ""]},
            "known",
            AMARA,
            ("refused", "not_allowed"),
        ),
        ({"roles": []}, "known", AMARA, ("refused", "not_allowed")),
        # Whom the terminal knows better
        ({}, "stranger", {}, ("refused", "not_recognised")),
        ({}, "anyface", {}, ("refused", "not_recognised")),
        ({}, "known", AMARA | {"reason": -3}, ("refused", "refused_by_terminal")),
        (
            {"persons": ["Henry Blackwood"]},
            "denied",
            {},
            ("refused", "refused_by_terminal"),
        ),
        (
            {"persons": ["Henry Blackwood"]},
            "denied",
            {"reason": 0},
            ("refused", "not_allowed"),
        ),
        # Temperature
        ({"max_temperature": 36.5}, "known", AMARA, ("opened", "role")),
        (
            {"max_temperature": 36.4},
            "known",
            AMARA,
            ("refused", "temperature_too_high"),
        ),
        # Mask
        ({"mask_required": True}, "masked", {}, ("opened", "role")),
        ({"mask_required": True}, "known", AMARA, ("refused", "no_mask")),
        ({"mask_required": False}, "known", AMARA, ("opened", "role")),
    ],
)
async def test_who_may_pass(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    rule: dict[str, Any],
    kind: str,
    wishes: dict[str, Any],
    told: tuple[str, str],
) -> None:
    """The gate does what the event and the journal say."""
    await decide_by_rule(hass, terminal_entry, **rule)
    await capture(hass, terminal, kind, **wishes)
    assert decision(hass) == told
    assert opened(terminal) == ([1] if told[0] == "opened" else [])
    (entry,) = await entries(hass)
    assert (entry.details["decision"], entry.details["decision_reason"]) == told


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_TEMPERATURE)])
@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"max_temperature": 37.5}, ("refused", "temperature_unknown")),
        (
            {"max_temperature": 37.5, "unmeasured_pass": False},
            ("refused", "temperature_unknown"),
        ),
        ({"max_temperature": 37.5, "unmeasured_pass": True}, ("opened", "role")),
        ({}, ("opened", "role")),
    ],
)
async def test_who_was_not_measured(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    rule: dict[str, Any],
    told: tuple[str, str],
) -> None:
    """Stays outside where warmth matters, unless that is wanted otherwise."""
    await decide_by_rule(hass, terminal_entry, **rule)
    await capture(hass, terminal)
    assert decision(hass) == told


@pytest.mark.parametrize("terminal_options", [door(Quirk.FAHRENHEIT)])
@pytest.mark.parametrize(("celsius", "ruling"), [(36.4, "opened"), (37.6, "refused")])
async def test_a_terminal_that_measures_in_fahrenheit(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    celsius: float,
    ruling: str,
) -> None:
    """Is held to the limit in degrees Celsius, also where nobody is to see temperatures."""
    hidden = {"leave_out_temperature": True}
    await decide_by_rule(hass, terminal_entry, options=hidden, max_temperature=37.5)
    await capture(hass, terminal, temperature=celsius)
    assert decision(hass)[0] == ruling


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("on", ("opened", "role")),
        ("off", ("refused", "outside_hours")),
        ("unavailable", ("refused", "outside_hours")),
        (None, ("refused", "outside_hours")),
    ],
)
async def test_the_hours(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    state: str | None,
    told: tuple[str, str],
) -> None:
    """While the schedule is on, and never without it."""
    if state:
        hass.states.async_set("schedule.office", state)
    await decide_by_rule(hass, terminal_entry, while_on="schedule.office")
    await capture(hass, terminal)
    assert decision(hass) == told


async def test_encrypted_people_have_no_name(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """They may be on a list all the same, and the terminal's record is not given what nobody can read."""
    terminal.device.aes_enabled = True
    await decide_by_rule(hass, terminal_entry, roles=["allowed"], persons=["1001"])
    await capture(hass, terminal, **AMARA)
    assert decision(hass) == ("opened", "role")
    assert terminal.relays[-1].person_id == ""


# What the terminal is told, word for word


@pytest.mark.parametrize(
    ("rule", "gateway"),
    [
        ({}, {"device_type": "gpio", "device_no": 1}),
        ({"opens": "relay_2"}, {"device_type": "gpio", "device_no": 2}),
        (
            {"opens": "wiegand", "card": " 4711 "},
            {"device_type": "wiegand", "device_no": 4711},
        ),
        (
            {"opens": "wiegand", "card": "88012345678901"},
            {
                "device_type": "wiegand",
                "device_no": 0,
                "long_card_id": 88012345678901,
            },
        ),
    ],
)
async def test_what_opens_the_gate(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    rule: dict[str, Any],
    gateway: dict[str, Any],
) -> None:
    """The acknowledgement is that of vendor document 2.2.1, with the person for the terminal's own record."""
    await decide_by_rule(
        hass, terminal_entry, **rule, say_opened="Welcome", show_opened="Hello"
    )
    sent = await capture(hass, terminal, **AMARA)
    (answer,) = terminal.acknowledgements
    assert answer.result == "accepted"
    assert answer.fields == {
        "reply": "ACK",
        "cmd": "face",
        "code": 0,
        "sequence_no": sent.sequence_no,
        "cap_time": sent.cap_time,
        "gateway_ctrl": gateway | {"ctrl_mode": "force", "person_id": "1001"},
        "tts": {"text": "Welcome"},
        "text_display": {
            "position": {"x": 0, "y": 0},
            "alive_time": 3000,
            "font_size": 60,
            "font_spacing": 1,
            "font_color": "0xffffffff",
            "text": "Hello",
        },
    }
    assert terminal.device.spoken == ["Welcome"]
    assert [each["text"] for each in terminal.device.shown] == ["Hello"]
    card = gateway.get("long_card_id") or gateway["device_no"]
    wiegand = gateway["device_type"] == "wiegand"
    assert terminal.device.wiegand_sent == ([card] if wiegand else [])
    assert opened(terminal) == ([] if wiegand else [card])


async def test_who_is_refused_hears_why_not(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Other words, and no gate."""
    await decide_by_rule(
        hass,
        terminal_entry,
        say_opened="Welcome",
        say_refused="Please ring",
        show_refused="Reception: 1",
    )
    await capture(hass, terminal, "stranger")
    assert "gateway_ctrl" not in terminal.acknowledgements[0].fields
    assert terminal.device.spoken == ["Please ring"]
    assert [each["text"] for each in terminal.device.shown] == ["Reception: 1"]


async def test_words_of_blanks_alone(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Are none: a field that looks empty in the form keeps nobody out."""
    await decide_by_rule(hass, terminal_entry, say_opened=" ", show_opened=" \n")
    await capture(hass, terminal)
    assert decision(hass) == ("opened", "role")
    assert not {"tts", "text_display"} & terminal.acknowledgements[0].fields.keys()


async def test_a_rule_that_no_terminal_would_take(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Opens nothing, and the capture is acknowledged as always."""
    await decide_by_rule(hass, terminal_entry, opens="wiegand", card="")
    await capture(hass, terminal)
    assert decision(hass) == ("refused", "not_sent")
    assert [each.result for each in terminal.acknowledgements] == ["accepted"]
    assert "gateway_ctrl" not in terminal.acknowledgements[0].fields
