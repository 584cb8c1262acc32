"""Whatever arrives, nothing but FaceGateMessageError is raised."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from hypothesis import example, given, strategies as st
import orjson
import pytest

from custom_components.thermogate.facegate import (
    COMMANDS,
    Capture,
    FaceGateMessageError,
    Heartbeat,
    Reply,
    SipEvent,
    UnknownMessage,
    UpgradeQuery,
    acknowledgement,
    heartbeat_reply,
    parse_message,
    topics_of,
)
from custom_components.thermogate.facegate.wire import (
    as_bool,
    as_bytes,
    as_float,
    as_int,
    as_picture,
    as_text,
    as_time,
)
from tests.facegate.samples import granted, payload, stranger

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(
        ["1e999", "-11", "data:,", "A", "2026/02/30 00:00:00", "UTC+99", "9" * 400]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = sorted(
    {
        *granted(),
        *stranger(),
        "id_card",
        "qr_code",
        "gps",
        "video",
        "timezone",
        "match_failed_reason",
    }
)
INNER = {
    "match": [*granted()["match"], "origin", "match_type", "long_card_id"],
    "person": [*stranger()["person"], "temperature", "body_temp"],
    "closeup_pic": [*granted()["closeup_pic"]],
    "video": ["data", "format", "start_time", "end_time"],
    "id_card": ["number", "sex", "valid_date_end"],
    "qr_code": ["qr_data", "qr_type"],
    "gps": ["n", "e", "strength"],
}
MESSAGES: dict[str, type] = {
    "face": Capture,
    "heart beat": Heartbeat,
    "sip event": SipEvent,
    "ask_upgrade": UpgradeQuery,
    "questionnaire": UnknownMessage,
}
FIELDS = (
    "device_sn",
    "device_no",
    "addr_no",
    "addr_name",
    "ip",
    "gps",
    "command_id",
    "sip_event",
    "firmware",
    "version",
)


def walk(message: Any) -> str:
    """Look at everything, properties too."""
    if isinstance(message, Capture):
        return f"{message} {message.key} {message.anonymous} {message.gps and message.gps.latitude}"
    return repr(message)


@given(st.binary(max_size=200) | st.text(max_size=200))
@example(b"\xff")
@example("\ud800")
@example(b"[" * 100_000)
@example(b'{"cmd":' * 5000)
def test_arbitrary_bytes(sent: bytes | str) -> None:
    """Noise is refused or understood."""
    with suppress(FaceGateMessageError):
        walk(parse_message(sent))


@given(JSON)
def test_arbitrary_json(value: Any) -> None:
    """Only an object is a message."""
    if isinstance(value, dict):
        walk(parse_message(orjson.dumps(value)))
    else:
        with pytest.raises(FaceGateMessageError):
            parse_message(orjson.dumps(value))


@given(st.sampled_from(KEYS), JSON)
def test_any_value_in_a_capture(key: str, value: Any) -> None:
    """A capture with something wrong in it is a capture, and can be acknowledged."""
    for message in (granted(), stranger()):
        found = parse_message(payload({**message, key: value, "cmd": "face"}))
        assert isinstance(found, Capture)
        walk(found)
        answer = orjson.loads(acknowledgement(found))
        assert answer["code"] == 0


@given(
    st.sampled_from([(block, key) for block, keys in INNER.items() for key in keys]),
    JSON,
)
def test_any_value_inside_a_block(place: tuple[str, str], value: Any) -> None:
    """The same for what is inside its blocks."""
    block, key = place
    found = parse_message(
        payload(granted(**{block: {**granted().get(block, {}), key: value}}))
    )
    assert isinstance(found, Capture)
    walk(found)


@given(st.sampled_from(sorted(MESSAGES)), st.sampled_from(FIELDS), JSON)
def test_any_value_in_other_messages(command: str, key: str, value: Any) -> None:
    """The kind of a message is its command's business alone."""
    found = parse_message(payload({"cmd": command, key: value}))
    assert type(found) is MESSAGES[command]
    walk(found)
    if isinstance(found, Heartbeat):
        assert orjson.loads(heartbeat_reply(found))["reply"] == "ACK"


@given(
    st.sampled_from(["cmd", "code", "desc", "device_sn", "command_id", "reply"]), JSON
)
def test_any_value_in_a_reply(key: str, value: Any) -> None:
    """An answer stays an answer."""
    found = parse_message(
        payload({"reply": "ACK", "cmd": "reboot", "code": 0, key: value})
    )
    assert isinstance(found, Reply)
    assert isinstance(found.code, int)
    walk(found)


@given(st.data())
def test_any_value_in_the_fields_of_an_answer(data: st.DataObject) -> None:
    """Tables read anything."""
    command = data.draw(
        st.sampled_from([command for command in COMMANDS.values() if command.reply])
    )
    field = data.draw(st.sampled_from(command.reply))
    value = data.draw(JSON)
    answer = command.parse({field.name: value})
    assert field.key in answer
    if field.fields and field.item is None:
        inner = data.draw(st.sampled_from(field.fields))
        command.parse({field.name: {inner.name: value}})
        command.parse({field.name: [{inner.name: value}]})


@given(JSON)
def test_coercers(value: Any) -> None:
    """Each gives its type or nothing."""
    assert isinstance(as_int(value), int | None)
    assert isinstance(as_float(value), float | None)
    assert isinstance(as_bool(value), bool | None)
    assert isinstance(as_text(value), str)
    assert isinstance(as_bytes(value), bytes | None)
    assert isinstance(as_time(value), datetime | None)
    as_picture(value, value)


@given(st.text(max_size=80))
def test_arbitrary_topics(topic: str) -> None:
    """What is found leads back to where it was found."""
    for text in (
        topic,
        f"{topic}/topic/face/capture/request/a",
        f"topic/face/capture/request/{topic}",
    ):
        found = topics_of(text)
        assert found is None or found.capture_request == text
