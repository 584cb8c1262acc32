"""What a person types is understood in every way it can be meant."""

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.lookup.searches import Reading, readings
from custom_components.thermogate.lookup.titles import OUTCOMES
from homeassistant.const import UnitOfTemperature

NAMES = st.text(
    st.characters(categories=["Lu", "Ll", "Lo"], exclude_characters="cCfF"),
    min_size=1,
    max_size=30,
)
LIMITS = st.decimals(min_value=0, max_value=999, places=1).map(float)


def meant(text: str, unit: str = UnitOfTemperature.CELSIUS) -> Reading:
    """Return the one way to understand a text beside that it is a name."""
    name, *others = readings(text, OUTCOMES, unit)
    assert name == Reading(text=" ".join(text.split()))
    [other] = others
    return other


@pytest.mark.parametrize("text", ["Mike", "mike smith", "  Mike  Smith "])
def test_a_name_is_a_name(text: str) -> None:
    """Spaces around it do not count."""
    assert readings(text, OUTCOMES) == (Reading(text=" ".join(text.split())),)


def test_nothing_finds_all() -> None:
    """Who searches for nothing sees what is newest."""
    assert readings("  ", OUTCOMES) == (Reading(),)


@pytest.mark.parametrize(
    "text",
    [
        "above 37.5",
        "Above 37,5",
        "over 37.5 °C",
        "> 37.5",
        ">37.5c",
        "hotter than 37.5°",
    ],
)
def test_above(text: str) -> None:
    """The limit itself is not meant."""
    assert meant(text) == Reading(above=37.5)


@pytest.mark.parametrize(
    "text", ["37.5+", "37.5 +", ">= 37.5", "≥37.5", "at least 37.5 C"]
)
def test_at_least(text: str) -> None:
    """The limit itself is meant too."""
    assert meant(text) == Reading(above=37.5 - 0.001)


@pytest.mark.parametrize(
    "text", ["below -5", "under \u22125 °C", "< -5", "colder than -5"]
)
def test_below(text: str) -> None:
    """Cameras measure frost too."""
    assert meant(text) == Reading(below=-5)


@pytest.mark.parametrize("text", ["<= 36", "at most 36", "up to 36 c"])
def test_at_most(text: str) -> None:
    """The limit itself is meant too."""
    assert meant(text) == Reading(below=36 + 0.001)


@pytest.mark.parametrize(
    "text", ["mike above 37", "above 37 Mike", "mike, > 37", "mike  37 and over 37"]
)
def test_a_name_and_a_temperature(text: str) -> None:
    """In any order."""
    reading = readings(text, OUTCOMES)[1]
    assert reading.above == 37
    assert reading.text.casefold().startswith("mike")


def test_two_limits() -> None:
    """Both count; of two of a kind the narrower one."""
    assert meant("above 36 below 38") == Reading(above=36, below=38)
    assert meant("above 36 above 37") == Reading(above=37)


def test_temperatures_are_in_the_unit_of_the_house() -> None:
    """Unless the other one is typed."""
    assert meant("above 99.5", UnitOfTemperature.FAHRENHEIT) == Reading(above=37.5)
    assert meant("above 37.5c", UnitOfTemperature.FAHRENHEIT) == Reading(above=37.5)
    assert meant("above 99.5 °F") == Reading(above=37.5)


@pytest.mark.parametrize(
    "text", ["37", "gate 37", "above all", "over 9th street", "C+", "37.5.1+x"]
)
def test_not_every_number_is_a_limit(text: str) -> None:
    """Rules and persons have numbers too."""
    assert readings(text, OUTCOMES) == (Reading(text=text),)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("unknown", "stranger"),
        ("Strangers", "stranger"),
        ("let in", "granted"),
        ("denied", "denied"),
        ("Fire", "fire"),
        ("hot spot", "hot_spot"),
        ("storage full", "storage_full"),
    ],
)
def test_an_outcome_may_be_a_name_too(text: str, outcome: str) -> None:
    """A rule can be called "Fire"."""
    assert readings(text, OUTCOMES) == (
        Reading(text=text),
        Reading(outcome=outcome),
    )


def test_an_outcome_among_other_words() -> None:
    """Name, outcome and temperature narrow each other."""
    assert Reading(text="mike", outcome="denied", above=37) in readings(
        "denied mike above 37", OUTCOMES
    )
    assert Reading(outcome="fire") in readings("fire alarm", OUTCOMES)


def test_an_outcome_is_a_word() -> None:
    """No part of one."""
    assert readings("Fireman Sam", OUTCOMES) == (Reading(text="Fireman Sam"),)


@given(text=st.text(max_size=600), unit=st.sampled_from(["°C", "°F"]))
def test_anything_can_be_typed(text: str, unit: str) -> None:
    """It is at least a name."""
    first, *_ = readings(text, OUTCOMES, unit)
    assert first == Reading(text=" ".join(text.split())[:500])


@given(
    text=st.lists(
        st.sampled_from(
            ["above", ">", "<=", "37.5", "+", "°", "c", "-", "fire", "mike"]
        )
    ).map(" ".join)
)
def test_any_mix_of_words_ends(text: str) -> None:
    """Each limit is taken out once."""
    for reading in readings(text, OUTCOMES):
        assert len(reading.text) <= len(text)


@given(name=NAMES, limit=LIMITS)
def test_a_limit_is_found_beside_any_name(name: str, limit: float) -> None:
    """The name is what is left."""
    assert Reading(text=name, above=limit) in readings(f"{name} above {limit}", {})
    assert Reading(text=name, below=limit) in readings(f"below {limit} {name}", {})
