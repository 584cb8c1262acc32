"""Rules are edited one by one, in words, and nothing else in the list changes."""

from copy import deepcopy
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    MATERIALS,
    RULE_FIELDS,
    RULE_NAMES,
    GuideValidationError,
    Message,
    Rule,
    Unit,
    change_rule,
    find_rule,
    put_rule,
    remove_rule,
    rule_in_words,
)
from custom_components.thermogate.guide.commands import command_for
from custom_components.thermogate.guide.materials import material_of
from custom_components.thermogate.guide.rules_editing import MAX_RULES

SIZE = (512, 384)
SQUARE = [(0.25, 0.25), (0.75, 0.75)]


def known(name: str, number: int = 1, **fields: Any) -> Message:
    """Return a rule as a camera tells it, with a field that no document has."""
    return {
        "id": number,
        "rule_name": name,
        "type": 2,
        "points": [{"x": 50, "y": 118}, {"x": 344, "y": 118}],
        "high_temp": 75,
        "firmware_2027": 5,
        **fields,
    }


def answer(*rules: Message) -> Message:
    """Return the answer of command 4."""
    return {"show_type": 1, "rule_list": list(rules)}


def put(message: Message, unit: Unit = Unit.FRACTIONS, **words: Any) -> Message:
    """Save a rule, and return it as it would be written; the whole list must be what a camera takes."""
    put_rule(message, words, unit=unit, size=SIZE)
    rules: list[Message] = message["rule_list"]
    return next(
        rule
        for rule in rules
        if rule["id"] == words.get("rule_id") or rule["rule_name"] == words.get("name")
    )


def refused(
    message: Message, unit: Unit = Unit.FRACTIONS, **words: Any
) -> GuideValidationError:
    """Return why a rule cannot be saved; nothing has changed then."""
    before = deepcopy(message)
    with pytest.raises(GuideValidationError) as raised:
        put(message, unit, **words)
    assert message == before
    return raised.value


def test_a_new_rule_has_all_that_the_document_requires() -> None:
    """With what the whole picture is measured with, and without an alarm; what others there are stays."""
    message = answer(known("Busbar"))
    before = deepcopy(message["rule_list"][0])
    created = put_rule(
        message,
        {"name": "Pump", "shape": "point", "points": [(0.5, 0.5)]},
        size=SIZE,
        measurement={"emiss": 0.7, "emiss_mode": 2, "dist": 12, "flag": 1},
    )
    first, rule = message["rule_list"]
    assert created
    assert first == before
    assert rule.keys() >= RULE_FIELDS.keys() - {"preset", "alarm_interal", "flag"}
    assert (rule["emiss"], rule["emiss_mode"], rule["dist"]) == (0.7, 2, 12)
    assert (rule["id"], rule["alarm_flag"]) == (2, 0)
    assert "flag" not in rule
    command_for(3).check(message, {}, known=answer(before))


def test_a_rule_that_is_changed_keeps_the_rest() -> None:
    """Its shape and what nobody has documented among them."""
    message = answer(known("Busbar"), known("Pump", 2))
    assert put(message, name="Busbar", high=80.5) == known("Busbar", high_temp=80.5)
    assert message["rule_list"][1] == known("Pump", 2)


def test_a_rule_is_renamed_by_its_number() -> None:
    """By name it would be a new one."""
    message = answer(known("Busbar", 7))
    assert put(message, rule_id=7, name="Main busbar") == known("Main busbar", 7)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ((), 1),
        ((1, 2), 3),
        ((2, 3), 1),
        ((1, 3), 2),
        # As in the document's example, where no rule has a number.
        ((0, 0), 0),
        ((0, 1), 2),
    ],
)
def test_the_number_of_a_new_rule(ids: tuple[int, ...], expected: int) -> None:
    """It is one that no other rule has, unless none has any."""
    message = answer(*(known(f"Rule {place}", each) for place, each in enumerate(ids)))
    rule = put(message, name="Pump", shape="point", points=[(0, 0)])
    assert rule["id"] == expected


def test_a_new_rule_needs_points() -> None:
    """And a shape."""
    assert refused(answer(), name="Pump", high=80).field == "points"
    assert refused(answer(), name="Pump", points=SQUARE).field == "shape"
    assert refused(answer(known("Busbar")), name="Busbar", shape="point").field == (
        "points"
    )


def test_a_camera_without_rules_may_send_no_list() -> None:
    """The first rule makes it."""
    for message in ({}, {"rule_list": None}):
        put_rule(
            message, {"name": "A", "shape": "point", "points": [(0, 0)]}, size=SIZE
        )
        assert len(message["rule_list"]) == 1


def test_as_many_rules_as_a_camera_holds() -> None:
    """And not one more; those that are there can still be changed."""
    full = [known(f"Rule {number}", number) for number in range(1, MAX_RULES)]
    message = answer(*full)
    put(message, name="Last", shape="point", points=[(0, 0)])
    assert len(message["rule_list"]) == MAX_RULES == 21
    error = refused(message, name="More", shape="point", points=[(0, 0)])
    assert (error.field, error.value) == ("rules", 22)
    assert put(message, name="Rule 1", high=9)["high_temp"] == 9


@pytest.mark.parametrize(
    ("shape", "counts"),
    [
        ("point", {1}),
        ("line", {2}),
        ("rectangle", {2, 4}),
        ("polygon", {3, 4, 5, 6, 7}),
        ("circle", {2, 4}),
    ],
)
def test_how_many_points_a_shape_has(shape: str, counts: set[int]) -> None:
    """No others are taken."""
    for count in range(9):
        points = [(place / 10, place / 10) for place in range(count)]
        if count in counts:
            assert put(answer(), name="A", shape=shape, points=points)
        else:
            error = refused(answer(), name="A", shape=shape, points=points)
            assert (error.field, error.value) == ("points", count)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("rectangle", [(129, 97), (385, 97), (385, 289), (129, 289)]),
        ("circle", [(257, 97), (257, 289), (129, 193), (385, 193)]),
    ],
)
@pytest.mark.parametrize(
    "points",
    [
        SQUARE,
        [(0.75, 0.25), (0.25, 0.75)],
        [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)],
        [(0.5, 0.25), (0.5, 0.75), (0.25, 0.5), (0.75, 0.5)],
    ],
)
def test_rectangles_and_circles(
    shape: str, expected: list[tuple[int, int]], points: list[tuple[float, float]]
) -> None:
    """Any two opposite corners, or the camera's own four points, make the four that it wants in its order."""
    rule = put(answer(), name="A", shape=shape, points=points)
    assert [(point["x"], point["y"]) for point in rule["points"]] == expected


@pytest.mark.parametrize(
    ("unit", "within", "beyond"),
    [
        (Unit.FRACTIONS, [(0, 0), (1, 1)], [(-0.01, 0), (1.01, 0), (0, 1.01)]),
        (Unit.PIXELS, [(1, 1), (512, 384)], [(0, 1), (513, 1), (1, 385), (1.5, 1)]),
    ],
)
def test_points_are_in_the_picture(
    unit: Unit, within: list[tuple[float, float]], beyond: list[tuple[float, float]]
) -> None:
    """Up to its edges."""
    for point in within:
        assert put(answer(), unit, name="A", shape="point", points=[point])
    for point in beyond:
        assert refused(
            answer(), unit=unit, name="A", shape="point", points=[point]
        ).field in ("x", "y")


def test_fractions_need_the_size_of_the_picture() -> None:
    """Pixels do not."""
    words = {"name": "A", "shape": "point", "points": [(0.5, 1)]}
    with pytest.raises(GuideValidationError, match="pixels"):
        put_rule(answer(), words)
    assert put_rule(answer(), words | {"points": [(5, 1)]}, unit=Unit.PIXELS)


NUMBERS = [
    (name, RULE_FIELDS[theirs])
    for name, theirs in RULE_NAMES.items()
    if RULE_FIELDS[theirs].minimum is not None and not RULE_FIELDS[theirs].choices
]


@pytest.mark.parametrize(("name", "field"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_both_ends_of_every_range(name: str, field: Any) -> None:
    """Within is taken, beyond refused by the name that people know."""
    for value in (field.minimum, field.maximum):
        rule = put(answer(known("A")), name="A", **{name: value})
        assert rule[RULE_NAMES[name]] == value
    for value in (field.minimum - 1, field.maximum + 1):
        assert refused(answer(known("A")), name="A", **{name: value}).field == name


def test_the_length_of_a_name() -> None:
    """Twenty characters, as the document says."""
    words = {"shape": "point", "points": [(0, 0)]}
    assert put(answer(), name="A" * 20, **words)
    assert refused(answer(), name="A" * 21, **words).field == "name"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"material": "rust"}, (1, 0.8)),
        ({"emissivity": 0.5}, (2, 0.5)),
        ({"material": "rust", "emissivity": 0.8}, (1, 0.8)),
    ],
)
def test_emissivity(words: dict[str, Any], expected: tuple[int, float]) -> None:
    """Of a material, or any."""
    rule = put(answer(known("A")), name="A", **words)
    assert (rule["emiss_mode"], rule["emiss"]) == expected


def test_a_material_has_one_emissivity() -> None:
    """And must be known."""
    message = answer(known("A"))
    assert refused(message, name="A", material="rust", emissivity=0.7).field == (
        "emissivity"
    )
    assert refused(message, name="A", material="cheese").field == "material"


def test_materials_are_within_what_cameras_take() -> None:
    """Each of them; and where one alone has its emissivity, it is told again."""
    field = RULE_FIELDS["emiss"]
    for name, emissivity in MATERIALS.items():
        field.check(emissivity, name)
        alone = [*MATERIALS.values()].count(emissivity) == 1
        assert material_of(emissivity) == (name if alone else None)
    assert material_of(0.5) is None
    assert material_of(None) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"alarm_type": "high"}, (1, 1)),
        ({"alarm_type": "low"}, (2, 2)),
        ({"alarm_type": "high_and_low"}, (4, 4)),
        ({"alarm_type": "slope"}, (6, 1)),
        ({"alarm_type": "slope", "slope": 5}, (6, 1)),
        ({"alarm_type": "slope", "slope": -5}, (6, 2)),
        ({"alarm_type": "low", "alarm_condition": "above"}, (2, 1)),
    ],
)
def test_the_condition_fits_the_alarm(
    words: dict[str, str], expected: tuple[int, int]
) -> None:
    """Unless somebody wants another."""
    rule = put(answer(known("A")), name="A", **words)
    assert (rule["alarm_type"], rule["alarm_condition"]) == expected


def test_what_is_told_can_be_saved_again() -> None:
    """Every field of it, in either unit."""
    rule = put(
        answer(),
        name="Pump",
        shape="polygon",
        points=[(0.1, 0.1), (0.5, 0.2), (0.3, 0.9)],
        material="concrete",
        alarm=True,
        alarm_type="difference",
        difference=12.5,
        preset=3,
        label="middle",
    )
    for unit in Unit:
        told = rule_in_words(rule, unit, SIZE)
        told["points"] = [(point["x"], point["y"]) for point in told["points"]]
        message = answer(deepcopy(rule))
        assert put(message, unit, **told) == rule


def test_two_rules_of_one_name() -> None:
    """Only their numbers tell them apart."""
    message = answer(known("A", 1), known("A", 2))
    assert refused(message, name="A", high=9).field == "name"
    assert put(message, rule_id=2, high=9)["id"] == 2
    error = refused(message, rule_id=3, high=9)
    assert (error.field, error.allowed) == ("rule_id", "1, 2")


def test_deleting() -> None:
    """By name or number; who is not there cannot go."""
    message = answer(known("A", 1), known("B", 2), known("C", 3))
    remove_rule(message, None, "A")
    remove_rule(message, 3, None)
    assert message == answer(known("B", 2))
    with pytest.raises(GuideValidationError) as raised:
        remove_rule(message, None, "A")
    assert raised.value.allowed == "B"
    assert find_rule(message, None, "B") == known("B", 2)


def test_a_rule_is_found_wherever_it_stands() -> None:
    """By its number, or without one by its name; one that has gone is not mistaken for another."""
    message = answer(known("A", 0), known("B", 5))
    change_rule(message, Rule(key="5", rule_id=5, name="Old name"), {"high_temp": 1})
    change_rule(message, Rule(key="0_A", rule_id=0, name="A"), {"high_temp": 2})
    assert [rule["high_temp"] for rule in message["rule_list"]] == [2, 1]
    for gone in (Rule(key="0_C", name="C"), Rule(key="9", rule_id=9, name="A")):
        with pytest.raises(GuideValidationError):
            change_rule(message, gone, {"high_temp": 3})


@pytest.mark.parametrize("number", [0, 1])
def test_a_rule_of_no_preset(number: int) -> None:
    """Cameras tell 0, which cannot be set; what is told can be saved all the same, and changes nothing."""
    rule = known("A", number, preset=0, emiss_mode=1, emiss=0.9700000286)
    told = rule_in_words(rule, Unit.PIXELS, SIZE)
    assert told["material"] == "concrete"
    assert "preset" not in told
    assert ("rule_id" in told) == bool(number)
    told["points"] = [(point["x"], point["y"]) for point in told["points"]]
    assert put(answer(deepcopy(rule)), Unit.PIXELS, **told) == rule | {"emiss": 0.97}
