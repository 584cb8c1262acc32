"""One table row says how a value is checked, sent, read and described."""

from datetime import datetime
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateValidationError,
    Field,
    FieldType,
    Picture,
)
from custom_components.thermogate.facegate.fields import (
    encode_fields,
    encode_value,
    parse_fields,
    parse_value,
)
from tests.facegate.samples import JPEG, PNG, base64

WORDS = Field("mode", FieldType.INTEGER, choices={"auto": 1, "online": 2})
LEVEL = Field("level", FieldType.INTEGER, minimum=1, maximum=100, unit="%")
TERM = Field("term", FieldType.TIME, choices={"never": "never", "any": "useless"})
BOX = Field(
    "box", FieldType.OBJECT, fields=(Field("x", FieldType.INTEGER, required=True),)
)
NUMBERS = Field(
    "numbers",
    FieldType.LIST,
    item=Field("number", FieldType.INTEGER, minimum=0),
    max_length=3,
)
BOXES = Field("boxes", FieldType.LIST, fields=BOX.fields)
PHOTO = Field("photo", FieldType.PICTURE, max_bytes=len(PNG))


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        (LEVEL, 1, 1),
        (LEVEL, 100.0, 100),
        (Field("n", FieldType.NUMBER), 36.5, 36.5),
        (Field("n", FieldType.NUMBER), 36, 36),
        (Field("b", FieldType.BOOLEAN), True, True),
        (Field("f", FieldType.FLAG), True, 1),
        (Field("f", FieldType.FLAG), False, 0),
        (WORDS, "online", 2),
        (WORDS, 2, 2),
        (Field("t", FieldType.TEXT, max_bytes=6), "门门", "门门"),
        (Field("t", FieldType.TEXT, max_length=2), "门门", "门门"),
        (Field("t", FieldType.TEXT), "", ""),
        (TERM, datetime(2026, 1, 31, 1, 2, 3), "2026/01/31 01:02:03"),
        (TERM, "any", "useless"),
        (TERM, "never", "never"),
        (Field("d", FieldType.BYTES, max_bytes=3), b"abc", "YWJj"),
        (PHOTO, PNG, base64(PNG)),
        (PHOTO, Picture(data=PNG, content_type="image/png"), base64(PNG)),
        (BOX, {"x": 1}, {"x": 1}),
        (NUMBERS, [1, 2, 3], [1, 2, 3]),
        (NUMBERS, (1,), [1]),
        (BOXES, [{"x": 1}], [{"x": 1}]),
    ],
)
def test_accepted(field: Field, value: Any, wire: object) -> None:
    """What the terminal takes goes out as it wants it, of the type it wants."""
    encoded = encode_value(field, value)
    assert encoded == wire
    assert type(encoded) is type(wire)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (LEVEL, 0),
        (LEVEL, 101),
        (LEVEL, 1.5),
        (LEVEL, True),
        (LEVEL, "50"),
        (Field("n", FieldType.NUMBER), float("nan")),
        (Field("n", FieldType.NUMBER), float("inf")),
        (Field("n", FieldType.NUMBER), True),
        (Field("n", FieldType.NUMBER), "1"),
        (Field("b", FieldType.BOOLEAN), 1),
        (Field("f", FieldType.FLAG), 1),
        (WORDS, "offline"),
        (WORDS, 3),
        (WORDS, True),
        (Field("t", FieldType.TEXT, max_bytes=5), "门门"),
        (Field("t", FieldType.TEXT, max_length=1), "门门"),
        (Field("t", FieldType.TEXT, required=True), " "),
        (Field("t", FieldType.TEXT, pattern="[ab]+"), "abc"),
        (Field("t", FieldType.TEXT), 7),
        (Field("t", FieldType.TEXT), "\ud800"),
        (TERM, "forever"),
        (TERM, "2026/01/31 01:02:03"),
        (TERM, datetime(1969, 1, 1)),
        (Field("d", FieldType.BYTES, max_bytes=2), b"abc"),
        (Field("d", FieldType.BYTES), "YWJj"),
        (PHOTO, JPEG + bytes(100)),
        (PHOTO, b"GIF89a"),
        (PHOTO, "path.jpg"),
        (BOX, 7),
        (BOX, {}),
        (BOX, {"x": 1, "y": 2}),
        (BOX, {"x": "1"}),
        (NUMBERS, []),
        (NUMBERS, [1, 2, 3, 4]),
        (NUMBERS, [-1]),
        (NUMBERS, "123"),
        (NUMBERS, 7),
        (BOXES, [{}]),
    ],
)
def test_refused(field: Field, value: Any) -> None:
    """What the terminal does not take is not sent."""
    with pytest.raises(FaceGateValidationError):
        encode_value(field, value)


def test_refusal_names_field_value_and_range() -> None:
    """So that a person can mend it."""
    with pytest.raises(FaceGateValidationError) as caught:
        encode_value(BOXES, [{"x": 1}, {"x": "two"}])
    assert (caught.value.field, caught.value.value, caught.value.allowed) == (
        "boxes[1].x",
        "two",
        "a whole number",
    )
    with pytest.raises(
        FaceGateValidationError,
        match="^level: 101 is not a whole number from 1 to 100 %$",
    ):
        encode_value(LEVEL, 101)
    with pytest.raises(
        FaceGateValidationError, match="mode: 'x+[.]{3} is not one of auto, online"
    ):
        encode_value(WORDS, "x" * 1000)


def test_refusal_hides_secrets_and_pictures() -> None:
    """Neither belongs in a message or a log."""
    with pytest.raises(FaceGateValidationError) as caught:
        encode_value(
            Field("password", FieldType.TEXT, max_length=3, secret=True), "hunter2"
        )
    assert "hunter2" not in str(caught.value)
    assert caught.value.value == "***"
    with pytest.raises(
        FaceGateValidationError, match="bytes' is not a JPEG or PNG picture of at most"
    ):
        encode_value(PHOTO, JPEG + bytes(100))


def test_defaults_missing_and_unknown() -> None:
    """A default fills in, None is not given, what is required must be."""
    fields = (
        Field("a", FieldType.INTEGER, default=7),
        Field("b", FieldType.INTEGER, required=True),
    )
    assert encode_fields(fields, {"b": 1, "a": None}) == {"a": 7, "b": 1}
    with pytest.raises(FaceGateValidationError, match="b: None"):
        encode_fields(fields, {"a": 1})
    with pytest.raises(FaceGateValidationError, match="field: 'c' is not one of a, b"):
        encode_fields(fields, {"b": 1, "c": 1})


def test_company() -> None:
    """Some fields come together, some never do."""
    pair = (
        Field("start", FieldType.INTEGER, partner="end"),
        Field("end", FieldType.INTEGER, partner="start"),
        Field("short", FieldType.INTEGER, rival="long"),
        Field("long", FieldType.INTEGER),
    )
    assert encode_fields(pair, {"start": 1, "end": 2, "short": 3}) == {
        "start": 1,
        "end": 2,
        "short": 3,
    }
    with pytest.raises(
        FaceGateValidationError, match="start: 1 is not allowed without end"
    ):
        encode_fields(pair, {"start": 1})
    with pytest.raises(
        FaceGateValidationError, match="short: 1 is not allowed together with long"
    ):
        encode_fields(pair, {"short": 1, "long": 2})


def test_names_of_the_wire_stay_there() -> None:
    """Blanks, slips and several spellings are the table's business."""
    fields = (
        Field("room id", FieldType.TEXT),
        Field("moduler_4g", FieldType.TEXT, alias="module"),
        Field("sequence", FieldType.INTEGER, also=("sequnce",)),
    )
    wire = {"room id": "1", "moduler_4g": "YES", "sequence": 3, "sequnce": 3}
    ours = {"room_id": "1", "module": "YES", "sequence": 3}
    assert encode_fields(fields, ours) == wire
    assert parse_fields(fields, wire) == ours
    assert parse_fields(fields, {"sequnce": 3})["sequence"] == 3


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (LEVEL, "50", 50),
        (LEVEL, 500, 500),
        (LEVEL, None, None),
        (Field("n", FieldType.NUMBER), "36.5", 36.5),
        (Field("b", FieldType.BOOLEAN), "true", True),
        (Field("f", FieldType.FLAG), 0, False),
        (WORDS, "2", "online"),
        (WORDS, 9, 9),
        (WORDS, None, None),
        (Field("t", FieldType.TEXT, choices={"yes": "YES"}), " yes ", "yes"),
        (Field("t", FieldType.TEXT, choices={"yes": "YES"}), "maybe", "maybe"),
        (Field("t", FieldType.TEXT), 7, "7"),
        (Field("t", FieldType.TEXT), None, None),
        (TERM, "useless", "any"),
        (TERM, "2026/01/31 01:02:03", datetime(2026, 1, 31, 1, 2, 3)),
        (TERM, "whenever", None),
        (Field("d", FieldType.BYTES), "YWJj", b"abc"),
        (PHOTO, base64(PNG), Picture(data=PNG, content_type="image/png")),
        (PHOTO, "broken", None),
        (BOX, {"x": "1"}, {"x": 1}),
        (BOX, "", None),
        (NUMBERS, [1, "2", None], [1, 2, None]),
        (NUMBERS, None, []),
        (BOXES, [{}, {"x": 2}], [None, {"x": 2}]),
    ],
)
def test_read(field: Field, raw: object, value: object) -> None:
    """Reading is lenient: ranges do not count, an unknown choice stays what it is."""
    assert parse_value(field, raw) == value


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (LEVEL, "a whole number from 1 to 100 %"),
        (
            Field("n", FieldType.INTEGER, maximum=4294967295, minimum=0),
            "a whole number from 0 to 4294967295",
        ),
        (
            Field("n", FieldType.INTEGER, minimum=1, unit="B"),
            "a whole number of 1 B or more",
        ),
        (Field("n", FieldType.NUMBER, unit="°C"), "a number in °C"),
        (WORDS, "one of auto, online"),
        (TERM, "a time or one of never, any"),
        (
            Field("t", FieldType.TEXT, required=True, max_bytes=19),
            "a text that is not empty of at most 19 bytes",
        ),
        (Field("t", FieldType.TEXT, max_length=64), "a text of at most 64 characters"),
        (Field("t", FieldType.TEXT, pattern="a+"), "a text like a+"),
        (NUMBERS, "a list of at most 3 items"),
    ],
)
def test_in_words(field: Field, words: str) -> None:
    """A row describes itself."""
    assert field.allowed == words
