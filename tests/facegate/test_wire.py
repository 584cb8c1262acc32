"""Reading JSON and its values."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    MAX_PAYLOAD,
    FaceBox,
    FaceGateMessageError,
    decode,
    encode,
)
from custom_components.thermogate.facegate.wire import (
    MAX_DEPTH,
    as_bool,
    as_bytes,
    as_float,
    as_int,
    as_object,
    as_picture,
    as_text,
    as_time,
    as_zone,
    clip_type,
    normalise,
    picture_type,
)
from tests.facegate.samples import JPEG, PNG, base64


def nested(levels: int) -> bytes:
    """Return an object with lists inside, so many levels in all."""
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def test_keys_lose_their_blanks_at_every_level() -> None:
    """As in "origin " and "image " of the vendor document."""
    assert decode(b'{" a ": {"b ": [{"c\\t": 1}]}, "d": " e "}') == {
        "a": {"b": [{"c": 1}]},
        "d": " e ",
    }


def test_clean_key_wins_over_padded_one() -> None:
    """Whatever their order."""
    assert decode(b'{"a ": 1, "a": 2}') == {"a": 2}
    assert decode(b'{"a": 2, "a ": 1}') == {"a": 2}


def test_strings_are_not_copied() -> None:
    """Tidying touches keys only, a picture stays the object that the decoder made."""
    text = "x" * 1000
    assert decode(encode({"a ": text}))["a"] == text


def test_integers_are_exact() -> None:
    """Card numbers have 64 bits."""
    assert decode(b'{"a": 18446744073709551615}')["a"] == 18446744073709551615


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"face"',
        b"\xff\xfe",
        b"{'a': 1}",
        b'{"a": NaN}',
        "",
    ],
)
def test_no_object(payload: bytes | str) -> None:
    """Everything but an object is refused."""
    with pytest.raises(FaceGateMessageError):
        decode(payload)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"name": "\xe5\xbc", "a": 1}', {"name": "�", "a": 1}),
        (b'{"name": "\\ud83d", "a": 1}', {"name": "?", "a": 1}),
        (b'{"name": "x\ny", "a": 1}', {"name": "x\ny", "a": 1}),
        (b'{"a": 1}\0', {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"name": "\ud83d", "a": 1}', {"name": "?", "a": 1}),
    ],
)
def test_mended(payload: bytes | str, message: dict[str, Any]) -> None:
    """A name cut inside a character must not cost the acknowledgement."""
    assert decode(payload) == message


def test_size_limit() -> None:
    """The limit holds before anything is read."""
    assert decode(b"{}".ljust(MAX_PAYLOAD)) == {}
    with pytest.raises(FaceGateMessageError, match="bytes"):
        decode(b"{}".ljust(MAX_PAYLOAD + 1))


def test_depth_limit() -> None:
    """The limit holds well below the one of the decoder, which is an error as well."""
    decode(nested(MAX_DEPTH))
    for levels in (MAX_DEPTH + 1, 500, 100_000):
        with pytest.raises(FaceGateMessageError):
            decode(nested(levels))


@pytest.mark.parametrize(
    "spelling",
    ["request persons", " Request  Persons ", "requestpersons", "REQUEST\tPERSONS"],
)
def test_command_spellings(spelling: str) -> None:
    """Blanks and case do not count."""
    assert normalise(spelling) == "requestpersons"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        (" -7 ", -7),
        (7.9, 7),
        ("7.9", 7),
        (True, 1),
        ("18446744073709551615", 2**64 - 1),
        (2**64, None),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, None),
        (float("inf"), None),
        ("1e999", None),
        ("1_000", None),
        ("9" * 5000, None),
        ("", None),
        ("seven", None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_as_int(value: object, number: int | None) -> None:
    """Numbers come as texts and as floats, too."""
    assert as_int(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (36.5, 36.5),
        ("36.5", 36.5),
        (36, 36.0),
        ("nan", None),
        ("inf", None),
        (float("nan"), None),
        (10**400, None),
        (True, None),
        ("", None),
        (None, None),
        ({}, None),
    ],
)
def test_as_float(value: object, number: float | None) -> None:
    """Only finite numbers count."""
    assert as_float(value) == number


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        (" True ", True),
        ("1", True),
        ("YES", True),
        ("false", False),
        ("0", False),
        ("no", False),
        ("", None),
        ("maybe", None),
        (None, None),
        ([1], None),
    ],
)
def test_as_bool(value: object, truth: bool | None) -> None:
    """Truth comes in many forms."""
    assert as_bool(value) is truth


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", "a"),
        ("a\0\0", "a"),
        (7, "7"),
        (0.5, "0.5"),
        (True, ""),
        (None, ""),
        ([], ""),
        ({}, ""),
    ],
)
def test_as_text(value: object, text: str) -> None:
    """A number is a text where one is expected."""
    assert as_text(value) == text


def test_text_is_limited() -> None:
    """No terminal fills a state with megabytes."""
    assert len(as_text("x" * 1_000_000)) == 1024
    assert as_text("abc", 2) == "ab"


def test_as_object() -> None:
    """Nothing, in any form, is the empty object."""
    assert as_object({"a": 1}) == {"a": 1}
    assert as_object(None) == as_object("") == as_object([]) == {}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026/01/31 10:20:30.003", datetime(2026, 1, 31, 10, 20, 30, 3000)),
        ("2026/01/31 10:20:30", datetime(2026, 1, 31, 10, 20, 30)),
        ("2026-01-31 10:20:30", datetime(2026, 1, 31, 10, 20, 30)),
        ("2026-1-31T1:2:3.1234567", datetime(2026, 1, 31, 1, 2, 3, 123456)),
        ("1970/01/01 00:00:00", datetime(1970, 1, 1)),
        ("2026/02/30 10:20:30", None),
        ("2026/01/31 25:00:00", None),
        ("2026/01/31", None),
        ("", None),
        (None, None),
        (1700000000, None),
    ],
)
def test_as_time(text: object, time: datetime | None) -> None:
    """Times are naive, with or without a fraction, with slashes or dashes."""
    assert as_time(text) == time


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("UTC+8", 8.0),
        ("UTC+8:30", 8.5),
        ("utc-3", -3.0),
        ("GMT+05:45", 5.75),
        ("+0800", 8.0),
        ("UTC", 0.0),
    ],
)
def test_as_zone(text: str, hours: float) -> None:
    """A zone is an offset from UTC."""
    zone = as_zone(text)
    assert zone is not None
    assert zone.utcoffset(datetime.now(UTC)) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "UTC+15", "UTC+99", "Europe/Berlin", None, 8])
def test_no_zone(text: object) -> None:
    """What is no offset is none."""
    assert as_zone(text) is None


@pytest.mark.parametrize(
    "text",
    [
        base64(JPEG),
        f"data:image/jpeg;base64,{base64(JPEG)}",
        base64(JPEG).rstrip("="),
        "\r\n".join(
            base64(JPEG)[at : at + 20] for at in range(0, len(base64(JPEG)), 20)
        ),
        "\n".join(
            base64(JPEG).rstrip("=")[at : at + 20]
            for at in range(0, len(base64(JPEG)), 20)
        ),
    ],
    ids=["plain", "data-uri", "no-padding", "line-breaks", "line-breaks-no-padding"],
)
def test_base64_of_all_kinds(text: str) -> None:
    """Whatever surrounds the data, the bytes are the same."""
    assert as_bytes(text) == JPEG


@pytest.mark.parametrize(
    "text", ["", "A", "data:", "data:image/jpeg;base64,", "…", None, 7, [], "===="]
)
def test_no_bytes(text: object) -> None:
    """What is no base64 is nothing."""
    assert as_bytes(text) is None


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF87a...", "image/gif"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
        (b"BMW is no picture", None),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"<svg onload='alert(1)'/>", None),
        (b"", None),
    ],
)
def test_bytes_tell_what_a_picture_is(data: bytes, content_type: str | None) -> None:
    """Nothing is served that is no picture."""
    assert picture_type(data) == content_type


def test_called_jpg_but_png() -> None:
    """Seen on devices: what the terminal calls a picture means nothing."""
    box = FaceBox(x=1, y=2, width=3, height=4)
    found = as_picture(base64(PNG), "jpg", box)
    assert found is not None
    assert (found.content_type, found.data, found.face) == ("image/png", PNG, box)
    assert as_picture(base64(b"neither"), "jpg") is None
    assert as_picture(None, "jpg") is None


def test_picture_bytes_are_not_shown() -> None:
    """A picture that ends up in a log line shows none of its bytes."""
    assert "xff" not in repr(as_picture(base64(JPEG), "jpg"))


def test_clips() -> None:
    """Two kinds of video are documented."""
    assert clip_type(b"\0\0\0\x18ftypmp42") == "mp4"
    assert clip_type(b"RIFF\x10\0\0\0AVI LIST") == "avi"
    assert clip_type(JPEG) is None
