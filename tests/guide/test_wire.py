"""The wire: what is read, what is refused, and how tolerant the values are."""

import base64

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.guide.errors import (
    RETURN_CODES,
    GuideAuthError,
    GuideBusyError,
    GuideCommandError,
    GuideConnectionError,
    GuideError,
    GuideLockedError,
    GuidePermissionError,
    GuideRetryLaterError,
    GuideUnsupportedError,
)
from custom_components.thermogate.guide.wire import (
    MAX_MESSAGE_SIZE,
    Picture,
    as_bool,
    as_dicts,
    as_float,
    as_int,
    as_text,
    decode,
    encode,
    unpack,
)

from .fake import JPEG, PNG
from .strategies import JSON, at_ease


def test_blanks_around_keys_are_removed_at_every_level() -> None:
    """Devices send "content " and "ir_model_w "."""
    assert decode(b'{"content ":{" msg":"x","list":[{" a ":1}]}}') == {
        "content": {"msg": "x", "list": [{"a": 1}]}
    }


def test_a_clean_key_wins_over_its_twin_with_blanks() -> None:
    """Whichever comes first."""
    assert decode('{"a ":1,"a":2}') == {"a": 2} == decode('{"a":2,"a ":1}')


def test_text_that_is_not_utf8_is_read_as_gb18030() -> None:
    """Some firmware keeps Chinese names in its own encoding."""
    assert decode('{"name":"大门"}'.encode("gb18030")) == {"name": "大门"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        "",
        "<html>",
        b"<html></html>",
        "[]",
        "1",
        "null",
        "{",
        b"\xff\xfe{}",
        "[" * 500 + "]" * 500,
        '{"a":' * 500 + "1" + "}" * 500,
        "[" * 100_000,
    ],
)
def test_what_is_not_a_json_object_is_a_connection_error(raw: bytes | str) -> None:
    """Error pages and empty bodies included."""
    with pytest.raises(GuideConnectionError):
        decode(raw)


def test_a_message_over_the_limit_is_refused_before_it_is_parsed() -> None:
    """The limit is far above any honest message."""
    with pytest.raises(GuideConnectionError, match="too large"):
        decode(b" " * (MAX_MESSAGE_SIZE + 1))


@at_ease
@given(
    st.binary()
    | st.text()
    | JSON.filter(lambda value: isinstance(value, dict)).map(repr)
)
def test_nothing_decoded_raises_anything_else(raw: bytes | str) -> None:
    """Whatever arrives."""
    try:
        assert isinstance(decode(raw), dict)
    except GuideError:
        return


def test_a_frame_survives_encoding() -> None:
    """Compact, UTF-8."""
    assert encode({"a": "ä", "b": [1, 2]}) == '{"a":"ä","b":[1,2]}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (1.5, 1.5),
        ("2.5 ", 2.5),
        ("x", None),
        ("nan", None),
        ("inf", None),
        (10**400, None),
        (None, None),
        ([], None),
        (True, 1.0),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    """Sent as number or text; never infinite."""
    assert as_float(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        ("3", 3),
        (3.9, 3),
        ("3.0", 3),
        ("", None),
        (None, None),
        ({}, None),
        (2**63, 2**63),
        (True, 1),
    ],
)
def test_whole_numbers(value: object, expected: int | None) -> None:
    """Fractions are cut, large ones stay exact."""
    assert as_int(value) == expected


def test_defaults_stand_in_for_what_cannot_be_read() -> None:
    """Only then."""
    assert as_int("x", 7) == 7
    assert as_float(None, 1.5) == 1.5
    assert as_int("0", 7) == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, False),
        (1, True),
        ("1", True),
        ("0", False),
        (True, True),
        ("on", None),
        (None, None),
    ],
)
def test_switches(value: object, expected: bool | None) -> None:
    """0 and 1 in any dress."""
    assert as_bool(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [(" a\r\n", "a"), (5, "5"), (True, ""), (None, ""), ({}, "")]
)
def test_text(value: object, expected: str) -> None:
    """Line ends are cut, numbers become text."""
    assert as_text(value) == expected


def test_only_objects_of_a_list_are_kept() -> None:
    """Null, missing and mixed lists are common."""
    assert as_dicts([{"a": 1}, None, 3, []]) == [{"a": 1}]
    assert as_dicts(None) == []


@pytest.mark.parametrize(("data", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png")])
def test_pictures_are_known_by_their_first_bytes(data: bytes, kind: str) -> None:
    """Also with a data: prefix, line breaks, or the padding missing."""
    text = base64.b64encode(data).decode()
    expected = Picture(data=data, content_type=kind)
    for variant in (
        text,
        f"data:{kind};base64,{text}",
        f"{text[:8]}\r\n{text[8:]}",
        text.rstrip("="),
    ):
        assert Picture.from_base64(variant) == expected


@pytest.mark.parametrize(
    "value",
    [None, "", "  ", 5, "fsdfjlslsdjfklsfjsdklsdjlk", "!!!!", "ä", "aGVsbG8=", "="],
)
def test_what_is_no_picture_is_none(value: object) -> None:
    """Absent, empty, garbage, or something else in base64."""
    assert Picture.from_base64(value) is None


@at_ease
@given(JSON)
def test_no_value_breaks_a_coercer(value: object) -> None:
    """All of them take anything."""
    as_int(value)
    as_float(value)
    as_bool(value)
    assert isinstance(as_text(value), str)
    Picture.from_base64(value)


@pytest.mark.parametrize(
    "reply", [{"retcode": 0}, {"retcode": "0", "message": None}, {"message": [1]}, {}]
)
def test_success_without_a_body_is_an_empty_one(reply: dict[str, object]) -> None:
    """Many answers have null or no message, some no code."""
    assert unpack(1, reply) == {}


@pytest.mark.parametrize(
    ("cmdtype", "code", "error"),
    [
        (501, 10004, GuideAuthError),
        (501, 10009, GuideAuthError),
        (501, "10011", GuideAuthError),
        (501, 10010, GuideLockedError),
        (501, 10018, GuideBusyError),
        (520, 10009, GuideAuthError),
        (503, 10009, GuideCommandError),
        (520, 10004, GuideCommandError),
        (520, 10005, GuideCommandError),
        (520, 10007, GuidePermissionError),
        (530, 10021, GuideRetryLaterError),
        (530, 10022, GuideRetryLaterError),
        (600, 19999, GuideUnsupportedError),
        (600, 4711, GuideCommandError),
        (600, "rubbish", GuideCommandError),
    ],
)
def test_return_codes_become_exceptions(
    cmdtype: int, code: object, error: type[GuideError]
) -> None:
    """Errors come without a message, and the code may be text."""
    with pytest.raises(error) as caught:
        unpack(cmdtype, {"retcode": code, "retmsg": "no"})
    assert type(caught.value) is error


def test_a_refused_login_says_how_many_attempts_are_left() -> None:
    """When the camera does."""
    with pytest.raises(GuideAuthError) as caught:
        unpack(501, {"retcode": 10009, "message": {"count": "3"}})
    assert caught.value.attempts_left == 3


def test_a_refused_command_keeps_code_and_text() -> None:
    """And has a name for translations."""
    with pytest.raises(GuideCommandError) as caught:
        unpack(9, {"retcode": 10014, "retmsg": "bad ip"})
    err = caught.value
    assert (err.cmdtype, err.code, err.text, err.slug) == (
        9,
        10014,
        "bad ip",
        "illegal_ip",
    )
    assert GuideCommandError(9, 4711).slug == "unknown"


def test_every_known_code_has_its_own_name() -> None:
    """They are translation keys."""
    assert len(set(RETURN_CODES.values())) == len(RETURN_CODES) == 25
