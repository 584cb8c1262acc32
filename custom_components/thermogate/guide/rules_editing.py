"""Measurement rules as people edit them: one by one and in words, within the list that is written as a whole (commands 3 and 4)."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from .errors import GuideValidationError
from .fields import Field, FieldType
from .materials import MATERIALS, is_emissivity, material_of
from .models import SHAPES, Condition, Point, Rule, RuleAlarm, Shape, Size, parse_points
from .numbers import with_numbers
from .picture_places import stored_point, told_point
from .regions import Unit
from .settings_fields import MEASUREMENT, RULE
from .settings_table import SETTINGS
from .wire import Message, as_dicts, as_float, as_int, as_text

RULE_FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {field.name: field for field in RULE}
)
[_LIST] = [
    field
    for command in SETTINGS
    if command.key == "set_rules"
    for field in command.request
    if field.name == "rule_list"
]
MAX_RULES: Final = int(_LIST.maximum or 0)

RULE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "rule_name",
        "label": "show_location",
        "alarm": "alarm_flag",
        "alarm_type": "alarm_type",
        "alarm_condition": "alarm_condition",
        "high": "high_temp",
        "low": "low_temp",
        "average": "avg_temp",
        "difference": "diff_temp",
        "slope": "rate_temp",
        "tolerance": "temp_mod",
        "alarm_time": "alarm_time",
        "emissivity": "emiss",
        "distance": "dist",
        "reflected_temperature": "ref_temp",
        "humidity": "humi",
        "atmosphere": "atmo_trans",
        "optics": "opti_trans",
        "preset": "preset",
    }
)
"""What people call the fields of a rule, and what cameras do. Beside them are shape, points and material."""

THRESHOLDS: Final[Mapping[RuleAlarm, tuple[str, ...]]] = MappingProxyType(
    {
        RuleAlarm.HIGH: ("high",),
        RuleAlarm.LOW: ("low",),
        RuleAlarm.AVERAGE: ("average",),
        RuleAlarm.HIGH_AND_LOW: ("high", "low"),
        RuleAlarm.DIFFERENCE: ("difference",),
        RuleAlarm.SLOPE: ("slope",),
    }
)
"""The thresholds that each type of alarm looks at."""

# How each type of alarm compares unless somebody says otherwise.
_CONDITIONS: Final[Mapping[str, Condition]] = {
    RuleAlarm.LOW: Condition.BELOW,
    RuleAlarm.HIGH_AND_LOW: Condition.ABOVE_AND_BELOW,
}

# How many points can be given for a shape, and how many a camera then gets. Of rectangles and circles two are enough.
_COUNTS: Final[Mapping[Shape, tuple[int, ...]]] = {
    Shape.POINT: (1,),
    Shape.LINE: (2,),
    Shape.RECTANGLE: (2, 4),
    Shape.POLYGON: tuple(range(3, int(RULE_FIELDS["points"].maximum or 0) + 1)),
    Shape.CIRCLE: (2, 4),
}

_STANDARD, _CUSTOM = 1, 2

# A new rule has every field that the document requires; the values are those of its example, without an alarm.
_NEW: Final[Message] = {
    "show_location": 1,
    "alarm_flag": 0,
    "alarm_type": 1,
    "alarm_condition": 1,
    "high_temp": 60,
    "low_temp": 10,
    "avg_temp": 30,
    "diff_temp": 0,
    "rate_temp": 0,
    "temp_mod": 0.2,
    "alarm_time": 0,
    "emiss_mode": _STANDARD,
    "emiss": 0.96,
    "humi": 50,
    "dist": 0.5,
    "ref_temp": 23,
    "atmo_trans": 1,
    "opti_trans": 1,
}


# Reading


def rule_in_words(item: Message, unit: Unit, size: Size | None) -> dict[str, Any]:
    """Return a rule of command 4 as `rule_fields` takes it, with what the camera tells of it. Raises for fractions of no size."""
    shape = SHAPES.get(as_int(item.get("type"), 0))
    told: dict[str, Any] = {
        "name": as_text(item.get("rule_name")),
        "shape": shape.value if shape else None,
        "points": [
            {"x": x, "y": y}
            for point in parse_points(item.get("points"))
            for x, y in [told_point(point, unit, size)]
        ],
    }
    if rule_id := as_int(item.get("id")):
        told["rule_id"] = rule_id
    if as_int(item.get("emiss_mode")) == _STANDARD and (
        material := material_of(as_float(item.get("emiss")))
    ):
        told["material"] = material
    for name, theirs in RULE_NAMES.items():
        if name not in told and item.get(theirs) is not None:
            told[name] = _word(RULE_FIELDS[theirs], item[theirs])
    # A rule of no preset has 0 (seen on devices), which the document does not let be set.
    if not told.get("preset"):
        told.pop("preset", None)
    return told


def rules_in_words(
    message: Message, unit: Unit, size: Size | None
) -> list[dict[str, Any]]:
    """Return the rules in the answer of command 4."""
    return [
        rule_in_words(item, unit, size) for item in as_dicts(message.get("rule_list"))
    ]


def _word(field: Field, value: object) -> Any:
    if field.type is FieldType.SWITCH:
        return bool(as_int(value))
    if field.choices:
        return field.choices.get(as_int(value, -1), value)
    return as_float(value) if field.type is FieldType.NUMBER else as_int(value)


# Writing


def rule_fields(words: Mapping[str, Any]) -> Message:
    """Return what is to change of a rule, as cameras name it. GuideValidationError for a value that is not possible.

    Shape and points are for `put_rule`: what they mean depends on the rule.
    """
    fields = {
        theirs: _checked(name, RULE_FIELDS[theirs], words[name])
        for name, theirs in RULE_NAMES.items()
        if name in words
    }
    if "alarm_type" in words and "alarm_condition" not in words:
        usual = _CONDITIONS.get(words["alarm_type"], Condition.ABOVE)
        if words["alarm_type"] == RuleAlarm.SLOPE and words.get("slope", 0) < 0:
            # Whatever cools down slower, or not at all, is above.
            usual = Condition.BELOW
        fields["alarm_condition"] = _number(RULE_FIELDS["alarm_condition"], usual)
    return fields | _emissivity(words)


def _emissivity(words: Mapping[str, Any]) -> Message:
    """Return the emissivity: that of a material, or a number."""
    if (material := words.get("material")) is None:
        return {"emiss_mode": _CUSTOM} if "emissivity" in words else {}
    if material not in MATERIALS:
        raise GuideValidationError("material", material, ", ".join(MATERIALS))
    known = MATERIALS[material]
    if not is_emissivity(words.get("emissivity", known), material):
        raise GuideValidationError(
            "emissivity", words["emissivity"], f"{known:g}, that of {material}"
        )
    return {"emiss_mode": _STANDARD, "emiss": known}


def _checked(name: str, field: Field, value: Any) -> Any:
    number = _number(field, value)
    field.check(number, name)
    return number


def _number(field: Field, value: Any) -> Any:
    """Return a word, a switch or a whole number as the camera has it."""
    if field.type is FieldType.SWITCH and isinstance(value, bool):
        return int(value)
    if field.choices:
        words = {word: number for number, word in field.choices.items()}
        return words.get(value, value)
    if field.type is FieldType.INTEGER and isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value


def put_rule(
    message: Message,
    words: Mapping[str, Any],
    *,
    unit: Unit = Unit.FRACTIONS,
    size: Size | None = None,
    measurement: Mapping[str, Any] | None = None,
) -> bool:
    """Change the rule that `rule_id`, else `name`, says in the answer of command 4, or add it; return whether it is new.

    All other rules, and fields that nobody named, stay. A new one measures as the whole picture does, whose settings are
    `measurement` (command 2). GuideValidationError for what is not possible.
    """
    fields = rule_fields(words)
    item = find_rule(message, words.get("rule_id"), words.get("name"))
    items = as_dicts(message.get("rule_list"))
    created = item is None
    if item is None:
        if len(items) >= MAX_RULES:
            raise GuideValidationError(
                "rules", len(items) + 1, f"at most {MAX_RULES}: delete one first"
            )
        if "points" not in words:
            raise GuideValidationError(
                "points", None, "those of its shape, because the rule is a new one"
            )
        item = _new(items, measurement or {})
    item.update(fields | _outline(item, words, unit, size))
    if created:
        message["rule_list"] = [*items, item]
    return created


def change_rule(message: Message, rule: Rule, fields: Message) -> None:
    """Change fields of one rule in the answer of command 4, as cameras name them; it may have moved within the list."""
    item = find_rule(message, rule.rule_id, rule.name)
    if item is None:
        raise GuideValidationError("rule", rule.name, "one that the camera has")
    item.update(fields)


def remove_rule(message: Message, rule_id: int | None, name: str | None) -> None:
    """Take a rule out of the answer of command 4. GuideValidationError where it is not there."""
    item = find_rule(message, rule_id, name)
    items = as_dicts(message.get("rule_list"))
    if item is None:
        raise GuideValidationError("name", name, _names(items))
    message["rule_list"] = [each for each in items if each is not item]


def find_rule(
    message: Message, rule_id: int | None, name: str | None
) -> Message | None:
    """Return the rule with a number, else with a name; None where none is called so.

    GuideValidationError where no rule has the number, and where several have the name.
    """
    items = as_dicts(message.get("rule_list"))
    if rule_id:
        return _only(items, "rule_id", rule_id, lambda item: as_int(item.get("id")))
    named = [item for item in items if as_text(item.get("rule_name")) == name]
    if not named:
        return None
    return _only(named, "name", name, lambda item: as_text(item.get("rule_name")))


def _only(
    items: Sequence[Message],
    field: str,
    value: object,
    trait: Callable[[Message], object],
) -> Message:
    found = [item for item in items if trait(item) == value]
    if len(found) == 1:
        return found[0]
    raise GuideValidationError(
        field,
        value,
        "what only one rule has: rename one at the camera, or give the rule_id"
        if found
        else ", ".join(str(trait(item)) for item in items)
        or "none, there are no rules",
    )


def _names(items: Sequence[Message]) -> str:
    return ", ".join(as_text(item.get("rule_name")) for item in items) or "none"


def _new(items: Sequence[Message], measurement: Mapping[str, Any]) -> Message:
    """Return a rule that looks nowhere yet."""
    own = {
        field.name: measurement[field.name]
        for field in MEASUREMENT
        if measurement.get(field.name) is not None
    }
    item: Message = _NEW | with_numbers(MEASUREMENT, own) | {"id": _free_id(items)}
    # In the document's examples only; what is true of one rule is true of the next.
    if items and "flag" in items[0]:
        item["flag"] = items[0]["flag"]
    return item


def _free_id(items: Sequence[Message]) -> int:
    """Return the lowest number that no rule has; 0, as in the document's example, where the rules have none."""
    used = {as_int(item.get("id"), 0) for item in items}
    if items and used == {0}:
        return 0
    return next(number for number in range(1, len(items) + 2) if number not in used)


# Shapes


def _outline(
    item: Message, words: Mapping[str, Any], unit: Unit, size: Size | None
) -> Message:
    """Return shape and points as the camera has them, nothing where nobody gave any."""
    if "points" not in words:
        if "shape" in words:
            raise GuideValidationError("points", None, "those of the new shape")
        return {}
    shape = words.get("shape") or SHAPES.get(as_int(item.get("type"), 0))
    if shape is None:
        raise GuideValidationError("shape", None, ", ".join(Shape))
    shape = Shape(shape)
    given, counts = words["points"], _COUNTS[shape]
    if len(given) not in counts:
        allowed = (
            f"{counts[0]} to {counts[-1]}"
            if len(counts) > 2
            else " or ".join(str(count) for count in counts)
        )
        raise GuideValidationError("points", len(given), f"{allowed} for a {shape}")
    points = [stored_point(x, y, unit, size) for x, y in given]
    return {
        "type": next(number for number, known in SHAPES.items() if known is shape),
        "points": [{"x": x, "y": y} for x, y in _as_kept(shape, points)],
    }


def _as_kept(shape: Shape, points: list[Point]) -> list[Point]:
    """Return the points in the camera's way: of a rectangle the corners clockwise, of a circle top, bottom, left and right."""
    if shape not in (Shape.RECTANGLE, Shape.CIRCLE):
        return points
    across, down = [x for x, _ in points], [y for _, y in points]
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    if shape is Shape.RECTANGLE:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    middle_x, middle_y = (left + right) // 2, (top + bottom) // 2
    return [(middle_x, top), (middle_x, bottom), (left, middle_y), (right, middle_y)]
