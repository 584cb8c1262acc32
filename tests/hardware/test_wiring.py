"""Relays, Wiegand outputs and serial ports."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import door, settle
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import Quirk, TerminalSimulator

DONE = {"device": "Front door", "result": "done"}


def result(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what came of it at the only terminal."""
    [told] = answer["terminals"]
    return {name: told[name] for name in ("device", "result")}


# Relays


async def test_a_gate_opens(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """The first, in nobody's name, as its button does."""
    assert result(await perform(hass, "control_gate")) == DONE
    [pulse] = front.relays
    assert (pulse.relay, pulse.mode, pulse.person_id) == (1, "force", "")


@pytest.mark.parametrize("mode", ["force", "scene", "test"])
async def test_a_gate_opens_as_it_was_asked_for(
    hass: HomeAssistant, front: TerminalSimulator, mode: str
) -> None:
    """Either relay, in each mode, in the name of a person."""
    await perform(hass, "control_gate", relay=2, mode=mode, person_id="1002")
    [pulse] = front.relays
    assert (pulse.relay, pulse.mode, pulse.person_id) == (2, mode, "1002")


async def test_the_newer_command_will_do(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """With all that was asked for."""
    with refusing(front, "gpio control", 2):
        await perform(hass, "control_gate", relay=2, mode="test", person_id="1002")
    [pulse] = front.relays
    assert (pulse.relay, pulse.mode, pulse.person_id) == (2, "test", "1002")
    assert len(requests(front, "gpio control Extend")) == 1


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_GPIO)])
async def test_a_terminal_without_relays(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It knows neither command."""
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "control_gate")
    assert raised.value.translation_key == "not_supported"
    # Its buttons go.
    await settle(hass)


@pytest.mark.parametrize("relay", [0, 3, "x"])
async def test_no_such_relay(
    hass: HomeAssistant, front: TerminalSimulator, relay: Any
) -> None:
    """There are two."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "control_gate", relay=relay)
    with pytest.raises(vol.Invalid):
        await perform(hass, "control_gate", mode="off")
    assert front.relays == []


@pytest.mark.parametrize("action", ["control_gate", "send_wiegand"])
async def test_a_person_id_has_19_bytes(
    hass: HomeAssistant, front: TerminalSimulator, action: str
) -> None:
    """In UTF-8; one more is refused before anything is sent."""
    card = {} if action == "control_gate" else {"card": "1"}
    last = front.requests[-1]
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, action, person_id="ä" * 9 + "12", **card)
    assert refused.value.translation_key == "invalid_value"
    assert front.requests[-1] is last
    await perform(hass, action, person_id="ä" * 9 + "1", **card)
    assert front.requests[-1].fields["person_id"] == "ä" * 9 + "1"


# Wiegand


@pytest.mark.parametrize(
    ("card", "sent"),
    [
        ({"card": 1}, (1, None)),
        ({"card": "4294967295"}, (2**32 - 1, None)),
        ({"long_card": 1}, (0, 1)),
        ({"long_card": "9223372036854775807"}, (0, 2**63 - 1)),
    ],
)
async def test_a_card_is_sent(
    hass: HomeAssistant,
    front: TerminalSimulator,
    card: dict[str, Any],
    sent: tuple[int, int | None],
) -> None:
    """A long one with 0 in the place of the short one."""
    answer = await perform(hass, "send_wiegand", mode="scene", person_id="7", **card)
    assert result(answer) == DONE
    [request] = requests(front, "wiegand control")
    assert (request["wiegand_card_no"], request.get("long_card_id")) == sent
    assert (request["ctrl_mode"], request["person_id"]) == ("scene", "7")
    assert front.device.wiegand_sent == [sent[0] or sent[1]]


@pytest.mark.parametrize(
    "card", [{"card": str(2**32)}, {"long_card": str(2**63)}, {"card": "99999999999"}]
)
async def test_a_card_that_is_too_long(
    hass: HomeAssistant, front: TerminalSimulator, card: dict[str, Any]
) -> None:
    """By one is too much, and is called as the person called it."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "send_wiegand", **card)
    assert refused.value.translation_key == "invalid_value"
    assert refused.value.translation_placeholders is not None
    assert [refused.value.translation_placeholders["field"]] == [*card]
    assert requests(front, "wiegand control") == []


@pytest.mark.parametrize("card", [{}, {"card": 0}, {"long_card": ""}])
async def test_no_card(
    hass: HomeAssistant, front: TerminalSimulator, card: dict[str, Any]
) -> None:
    """0 is none."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "send_wiegand", **card)
    assert refused.value.translation_key == "no_card"


@pytest.mark.parametrize(
    "card", [{"card": 1, "long_card": 2}, {"card": "12 34"}, {"card": -1}]
)
async def test_cards_that_make_no_sense(
    hass: HomeAssistant, front: TerminalSimulator, card: dict[str, Any]
) -> None:
    """Two at a time, and what is no number."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "send_wiegand", **card)
    assert requests(front, "wiegand control") == []


# Serial ports


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        ({"hex": "79 01 05 19 1a"}, b"\x79\x01\x05\x19\x1a"),
        ({"hex": "00FF"}, b"\x00\xff"),
        ({"hex": 7901}, b"\x79\x01"),
        ({"text": "OPEN\r\n"}, b"OPEN\r\n"),
        ({"text": "für"}, "für".encode()),
    ],
)
@pytest.mark.parametrize("port", [1, 2])
async def test_bytes_are_sent(
    hass: HomeAssistant,
    front: TerminalSimulator,
    data: dict[str, Any],
    sent: bytes,
    port: int,
) -> None:
    """As text or as they are, to either port."""
    assert result(await perform(hass, "send_serial", port=port, **data)) == DONE
    assert front.device.serial_sent == [(port, sent)]


@pytest.mark.parametrize(
    "data",
    [
        {"hex": ""},
        {"hex": "7"},
        {"hex": "zz"},
        {"text": ""},
        {"text": "\ud800"},
        {"text": "a", "hex": "79"},
        {"text": "a", "port": 0},
        {"text": "a", "port": 3},
    ],
)
async def test_what_cannot_be_sent(
    hass: HomeAssistant, front: TerminalSimulator, data: dict[str, Any]
) -> None:
    """Nothing, halves of bytes, two things at once, and where there is no port."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "send_serial", **data)
    assert front.device.serial_sent == []


async def test_nothing_to_send(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It is said what is missing."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "send_serial")
    assert refused.value.translation_key == "nothing_to_send"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("control_gate", {}),
        ("send_wiegand", {"card": 1}),
        ("send_serial", {"text": "OPEN"}),
        ("get_network", {}),
        ("get_auth_code", {}),
        ("set_hardware", {"mobile_module": True, "confirm": True}),
        ("download_file", {"path": "/data_fs/x"}),
        ("upload_file", {"path": "/data_fs/x", "file": "/media/x"}),
        ("set_encryption", {"current_key": "12345", "enable": True}),
        ("get_mobile_network", {}),
    ],
)
async def test_only_administrators_do_this(
    hass: HomeAssistant,
    front: TerminalSimulator,
    hass_read_only_user: MockUser,
    action: str,
    data: dict[str, Any],
) -> None:
    """These open doors without a trace, tell secrets or change the terminal."""
    last = front.requests[-1]
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_id(hass)} | data,
            blocking=True,
            return_response=action != "set_hardware",
            context=Context(user_id=hass_read_only_user.id),
        )
    assert front.requests[-1] is last
