"""Messages of single functions: what is possible is sent, what is not is refused."""

import pytest

from custom_components.thermogate.guide import GuideValidationError
from custom_components.thermogate.guide.commands import command_for
from custom_components.thermogate.guide.functions import (
    FOCUS,
    FOCUS_MOTOR,
    IMAGE_EFFECT,
    IMAGE_EFFECTS,
    focus_message,
    image_effect_message,
)


def test_every_effect_has_a_number_of_its_own() -> None:
    """All that the document has."""
    assert sorted(number for number, _ in IMAGE_EFFECTS.values()) == [*range(1, 20)]


@pytest.mark.parametrize(
    ("effect", "low", "high"),
    [(effect, *limits) for effect, (_, limits) in IMAGE_EFFECTS.items() if limits],
)
def test_effects_have_limits(effect: str, low: int, high: int) -> None:
    """Both ends are sent, and nothing beyond them."""
    number, _ = IMAGE_EFFECTS[effect]
    for value in (low, high):
        message = image_effect_message(effect, value)
        assert message == {"params": [{"type": number, "value": value}]}
        command_for(IMAGE_EFFECT).check(message, {"subtype": 1})
    for beyond in (low - 1, high + 1, None):
        with pytest.raises(GuideValidationError, match=f"{low} to {high}"):
            image_effect_message(effect, beyond)


def test_the_shutter_takes_no_value() -> None:
    """It only clicks."""
    assert image_effect_message("thermal_shutter", None) == {"params": [{"type": 11}]}
    with pytest.raises(GuideValidationError):
        image_effect_message("thermal_shutter", 1)


def test_the_focus_moves_or_goes_to_a_position() -> None:
    """Every message is one that the table takes."""
    table = command_for(FOCUS_MOTOR)
    for motion, number in FOCUS.items():
        assert focus_message(motion, None) == {"type": number}
        table.check(focus_message(motion, None), {})
    for position in (0, 750):
        table.check(focus_message(None, position), {})
    for beyond in (-1, 751):
        with pytest.raises(GuideValidationError):
            table.check(focus_message(None, beyond), {})
