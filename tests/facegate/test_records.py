"""What a stored record means: the capture that it was."""

from datetime import datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.facegate import (
    MISSING,
    AccessResult,
    Capture,
    DenialReason,
    PersonRole,
    StoredRecord,
    acknowledgement,
    decode,
    parse_message,
    parse_record,
)
from tests.facegate.samples import (
    JPEG,
    PNG,
    SERIAL,
    base64,
    granted,
    known_record,
    payload,
    picture,
    stranger_record,
)
from tests.facegate.test_hostile import JSON, walk


def stored(raw: dict[str, Any]) -> StoredRecord:
    """Return what is in a record."""
    record = parse_record(raw, SERIAL)
    assert record is not None
    return record


def test_known_person() -> None:
    """Everything the vendor document shows arrives."""
    record = stored(known_record(reg_image=base64(PNG)))
    found = record.capture
    assert (record.uploaded, record.match_type) == (True, 1)
    assert (found.sequence_no, found.cap_time) == (34894, "2026/06/05 11:51:18.454")
    assert found.taken_at == datetime(2026, 6, 5, 11, 51, 18, 454000)
    assert found.realtime is False
    assert found.device_sn == SERIAL
    assert found.result is AccessResult.GRANTED
    assert (found.reason, found.reason_code, found.score) == (None, 0, 94)
    assert found.temperature == pytest.approx(36.3036)
    identity = found.identity
    assert identity is not None
    assert (identity.person_id, identity.name) == ("0001", "Ada Lovelace")
    assert (identity.role, identity.customer_text) == (PersonRole.ALLOWED, "f0e1")
    assert identity.photo is not None
    assert (identity.photo.data, identity.photo.content_type) == (PNG, "image/png")


def test_stranger() -> None:
    """The document's second example: nobody, "unauthorized", not uploaded."""
    record = stored(stranger_record())
    found = record.capture
    assert (record.uploaded, record.match_type) == (False, 0)
    assert found.result is AccessResult.STRANGER
    assert (found.reason, found.reason_code, found.score) == (None, -11, None)
    assert (found.identity, found.face, found.scene) == (None, None, None)
    assert found.broken_picture is False


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ({"name": "Ada", "person_name_ext": ""}, "Ada"),
        (
            {"name": "", "person_name_ext": "Ada of the long name"},
            "Ada of the long name",
        ),
        ({"name": " ", "person_name_ext": "Ada"}, "Ada"),
        ({"name": None, "person_name_ext": "Ada"}, "Ada"),
        ({"name": ..., "person_name_ext": "Ada"}, "Ada"),
        ({"name": "Ada", "person_name_ext": "Ada of the"}, "Ada"),
        ({"name": "", "person_name_ext": ...}, ""),
    ],
)
def test_long_names(names: dict[str, Any], name: str) -> None:
    """Seen on devices: a name over 15 bytes is in a key of its own."""
    identity = stored(known_record(**names)).capture.identity
    assert identity is not None
    assert identity.name == name


@pytest.mark.parametrize(
    "image",
    [
        base64(JPEG),
        f"data:image/jpeg;base64,{base64(JPEG)}",
        {"data": base64(JPEG), "format": "png"},
        picture(),
    ],
)
def test_close_up(image: object) -> None:
    """A text or a block like that of a capture."""
    found = stored(stranger_record(face_image=image)).capture
    assert found.face is not None
    assert (found.face.data, found.face.content_type) == (JPEG, "image/jpeg")
    assert found.broken_picture is False


@pytest.mark.parametrize(
    ("image", "broken"),
    [
        ("!!!", True),
        (base64(b"no picture"), True),
        ({"data": "!!!"}, True),
        ("", False),
        (None, False),
        ({}, False),
        (..., False),
    ],
)
def test_broken_close_up_keeps_the_record(image: object, broken: bool) -> None:
    """The picture is lost, and told from one that was never there."""
    found = stored(known_record(face_image=image, reg_image=image)).capture
    assert found.face is None
    assert found.broken_picture is broken
    assert found.identity is not None
    assert found.identity.photo is None


RESULTS = [
    (0, 94, "0001"),
    (0, 100, None),
    (0, 0, "0001"),
    (0, 0, None),
    (0, -1, None),
    (-2, 90, "0001"),
    (-6, 100, None),
    (-7, 0, "0001"),
    (-11, -1, None),
    (-11, 80, "0001"),
    (-11, 100, None),
    (-12, 80, "0001"),
    ("what?", 80, "0001"),
    (None, None, None),
]


def live(raw: dict[str, Any]) -> Capture:
    """Return the capture that the terminal would have sent for a record."""
    message = granted(
        sequence_no=raw["sequence"],
        cap_time=raw["time"],
        is_realtime=0,
        match_failed_reson=raw["match_failed_reson"],
        match_result=raw["score"],
        person={"temperatur": raw["body_temp"]},
        match={
            "person_id": raw["id"],
            "person_name": raw["name"],
            "person_role": raw["role"],
            "customer_text": raw["customer_id"],
        },
        closeup_pic={"data": raw["face_image"]},
        overall_pic=...,
        device_no=...,
        addr_no=...,
        addr_name=...,
    )
    found = parse_message(payload(message))
    assert isinstance(found, Capture)
    return found


@pytest.mark.parametrize(("reason", "score", "person"), RESULTS)
def test_record_is_the_capture_it_was(
    reason: object, score: object, person: str | None
) -> None:
    """Key, result, reason and everything else that both tell."""
    raw = known_record(
        match_failed_reson=reason,
        score=score,
        id=person,
        name=person and "Ada",
        face_image=base64(JPEG),
    )
    assert stored(raw).capture == live(raw)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            (
                "sequence",
                "time",
                "match_failed_reson",
                "score",
                "body_temp",
                "id",
                "role",
                "customer_id",
            ),
            JSON,
        )
    )
)
def test_record_is_the_capture_it_was_whatever_it_says(raw: dict[str, Any]) -> None:
    """No value is read one way live and another way afterwards."""
    raw |= {"name": "Ada", "face_image": base64(JPEG)}
    capture = live(raw)
    record = parse_record(decode(payload(raw)), SERIAL)
    assert (record is None) is (capture.key == "")
    assert record is None or record.capture == capture


def test_reason_under_its_right_name() -> None:
    """A firmware that spells it right is understood as well."""
    found = stored(known_record(match_failed_reson=..., match_failed_reason=-3))
    assert found.capture.reason is DenialReason.EXPIRED


def test_sequence_as_a_text() -> None:
    """The key is that of the capture, number or text."""
    assert (
        stored(known_record(sequence="34894")).capture.key
        == stored(known_record()).capture.key
        == "34894|2026/06/05 11:51:18.454"
    )


def test_half_an_identity_of_a_record() -> None:
    """Sequence or time alone is one; missing is not null."""
    found = stored(known_record(sequence=...)).capture
    assert found.sequence_no is MISSING
    assert found.key == "|2026/06/05 11:51:18.454"
    assert stored(known_record(time=None)).capture.taken_at is None


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        "record",
        [],
        {},
        known_record(sequence=..., time=...),
        known_record(sequence=None, time=" "),
    ],
)
def test_what_is_no_record(raw: object) -> None:
    """What could never be told from its copies would be caught up on for ever."""
    assert parse_record(raw, SERIAL) is None


@given(st.sampled_from(sorted({*known_record(), "face_image", "reg_image"})), JSON)
def test_any_value_in_a_record(key: str, value: Any) -> None:
    """A record with something wrong in it is a record, and nothing is raised."""
    record = parse_record({**known_record(), key: value})
    assert record is not None
    walk(record.capture)
    acknowledgement(record.capture)


@given(JSON)
def test_anything_for_a_record(value: Any) -> None:
    """Or none."""
    record = parse_record(value)
    assert record is None or record.capture.key
