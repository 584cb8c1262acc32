"""What a capture message means."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    MISSING,
    AccessResult,
    Capture,
    DenialReason,
    FaceBox,
    Gps,
    PersonRole,
    parse_message,
)
from tests.facegate.samples import (
    JPEG,
    PNG,
    SERIAL,
    base64,
    granted,
    payload,
    picture,
    stranger,
)

NOBODY = {
    "person_id": "",
    "person_name": "",
    "origin": "none",
    "person_attr": "none",
    "match_type": ["anyface"],
}
SOMEBODY = {"person_id": "0001", "person_name": "Ada"}


def capture(message: dict[str, Any]) -> Capture:
    """Return the capture in a message."""
    found = parse_message(payload(message))
    assert isinstance(found, Capture)
    return found


def test_known_person() -> None:
    """Everything the vendor document shows arrives."""
    found = capture(granted())
    assert found.result is AccessResult.GRANTED
    assert (found.reason, found.reason_code, found.score) == (None, 0, 80)
    assert not found.stranger
    assert not found.anonymous
    assert found.identity is not None
    assert found.identity.person_id == "0001"
    assert found.identity.name == "Ada <b>Lovelace</b>"
    assert found.identity.role is PersonRole.ALLOWED
    assert found.identity.encrypted is False
    assert found.identity.customer_text == "f0e1"
    assert found.identity.origin == "software"
    assert found.identity.validity == "permanent_list"
    assert found.identity.methods == ("face",)
    assert found.identity.photo is not None
    assert found.identity.photo.data == JPEG
    assert found.taken_at == datetime(2026, 1, 31, 16, 45, 30, 3000)
    assert found.realtime
    assert (found.device_sn, found.device_no) == (SERIAL, "0001")
    assert (found.addr_no, found.addr_name) == ("0001", "Main gate")
    assert (found.sex, found.age, found.temperature, found.has_mask) == (
        "female",
        24,
        36.9,
        True,
    )
    assert found.card_number == 8
    assert found.scene is not None
    assert (found.scene.data, found.scene.content_type) == (PNG, "image/png")
    assert found.face is not None
    assert found.face.face == FaceBox(x=236, y=462, width=576, height=762)


def test_stranger_without_match() -> None:
    """Seen on devices: no match block, no full picture, "unauthorized"."""
    found = capture(stranger())
    assert found.result is AccessResult.STRANGER
    assert found.stranger
    assert not found.anonymous
    assert (found.reason, found.reason_code, found.score) == (None, -11, None)
    assert found.identity is None
    assert (found.sex, found.age, found.hat, found.has_mask) == (
        None,
        None,
        "none",
        False,
    )
    assert (found.face_quality, found.turn_angle, found.rotate_angle) == (63, 12, -3)
    assert found.temperature == pytest.approx(36.3614)
    assert found.card_number is None
    assert found.device_no == ""
    assert found.version == "0.42"
    assert found.face is not None
    assert found.face.data == JPEG
    assert found.scene is None
    assert found.clip is None


def test_any_face() -> None:
    """Seen on devices: in the any-face mode a match without anybody, full score."""
    found = capture(stranger(match=NOBODY, match_result=100, match_failed_reson=0))
    assert found.result is AccessResult.GRANTED
    assert found.anonymous
    assert not found.stranger
    assert found.identity is None
    assert found.score == 100


def test_denied_without_identity() -> None:
    """Seen on devices: too hot, with full score and nobody's name."""
    found = capture(stranger(match=NOBODY, match_result=100, match_failed_reson=-6))
    assert found.result is AccessResult.DENIED
    assert found.reason is DenialReason.TEMPERATURE_TOO_HIGH
    assert found.temperature_alarm
    assert not found.mask_alarm
    assert not found.anonymous
    assert found.identity is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (-2, DenialReason.RESTRICTED),
        (-3, DenialReason.EXPIRED),
        (-4, DenialReason.NOT_IN_SCHEDULE),
        (-5, DenialReason.HOLIDAY),
        (-6, DenialReason.TEMPERATURE_TOO_HIGH),
        (-7, DenialReason.NO_MASK),
        (-8, DenialReason.NO_HELMET),
        (-9, DenialReason.CARD_NOT_REGISTERED),
        (-10, DenialReason.ID_MISMATCH),
        (-1, DenialReason.UNKNOWN),
        (-12, DenialReason.UNKNOWN),
        (5, DenialReason.UNKNOWN),
        ("-7", DenialReason.NO_MASK),
        ("what?", DenialReason.UNKNOWN),
    ],
)
@pytest.mark.parametrize("score", [80, 0, -1, None])
def test_denial_whatever_the_score(
    code: object, reason: DenialReason, score: int | None
) -> None:
    """A reason to deny, readable or not, is a denial."""
    found = capture(granted(match_failed_reson=code, match_result=score))
    assert (found.result, found.reason) == (AccessResult.DENIED, reason)
    assert found.mask_alarm is (reason is DenialReason.NO_MASK)


@pytest.mark.parametrize(
    ("reason", "score", "match", "result"),
    [
        (0, 80, SOMEBODY, AccessResult.GRANTED),
        (..., 80, SOMEBODY, AccessResult.GRANTED),
        (None, "80", SOMEBODY, AccessResult.GRANTED),
        (0, 100, ..., AccessResult.GRANTED),
        (0, 0, SOMEBODY, AccessResult.GRANTED),
        (0, 0, ..., AccessResult.STRANGER),
        (0, ..., ..., AccessResult.STRANGER),
        (0, 0, NOBODY, AccessResult.STRANGER),
        (0, -1, ..., AccessResult.STRANGER),
        (0, -1, SOMEBODY, AccessResult.STRANGER),
        (-11, -1, ..., AccessResult.STRANGER),
        (-11, -1, NOBODY, AccessResult.STRANGER),
        (-11, 0, {}, AccessResult.STRANGER),
        (-11, ..., "", AccessResult.STRANGER),
        (-11, 80, SOMEBODY, AccessResult.DENIED),
        (-11, -1, SOMEBODY, AccessResult.DENIED),
        (-11, 100, NOBODY, AccessResult.DENIED),
    ],
)
def test_result(
    reason: object, score: object, match: object, result: AccessResult
) -> None:
    """Reason first, then score, then whether there is anybody."""
    found = capture(
        stranger(match_failed_reson=reason, match_result=score, match=match)
    )
    assert found.result is result
    assert (found.reason is not None) is (result is AccessResult.DENIED)


def test_reason_under_its_right_name() -> None:
    """A firmware that spells it right is understood as well."""
    found = capture(granted(match_failed_reson=..., match_failed_reason=-3))
    assert found.reason is DenialReason.EXPIRED


@pytest.mark.parametrize("nothing", [None, "", {}, ...])
def test_nothing_is_nothing(nothing: object) -> None:
    """Null, an empty text, an empty object and a missing one are the same."""
    found = capture(
        granted(
            match=nothing,
            person=nothing,
            overall_pic=nothing,
            closeup_pic=nothing,
            video=nothing,
            id_card=nothing,
            qr_code=nothing,
            gps=nothing,
        )
    )
    empty = (
        found.identity,
        found.temperature,
        found.has_mask,
        found.sex,
        found.age,
        found.hat,
        found.card_number,
    )
    assert empty == (None,) * 7
    assert (
        found.scene,
        found.face,
        found.clip,
        found.id_card,
        found.qr_code,
        found.gps,
    ) == (None,) * 6


def test_identity_may_be_a_number() -> None:
    """An id is a text, even where the terminal sends digits; what is encrypted stays as it is."""
    found = capture(
        granted(
            match={
                "person_id": 42,
                "person_name": "QWRh",
                "person_role": "2",
                "is_encryption": 1,
                "origin": "Sync",
            }
        )
    )
    assert found.identity is not None
    assert (
        found.identity.person_id,
        found.identity.name,
        found.identity.encrypted,
    ) == ("42", "QWRh", True)
    assert (found.identity.role, found.identity.origin) == (PersonRole.BLOCKED, "sync")


@pytest.mark.parametrize("role", [3, -1, None, "x"])
def test_unknown_role(role: object) -> None:
    """A role that is not documented is none."""
    identity = capture(granted(match={**SOMEBODY, "person_role": role})).identity
    assert identity is not None
    assert identity.role is None


def test_match_type_as_a_text() -> None:
    """One method or a list of them; numbers mean nothing documented."""
    for sent, methods in (
        ("face", ("face",)),
        (["a", 1, " "], ("a",)),
        (5, ()),
        (None, ()),
    ):
        identity = capture(granted(match={**SOMEBODY, "match_type": sent})).identity
        assert identity is not None
        assert identity.methods == methods


@pytest.mark.parametrize("name", ["temperatur", "temperature", "body_temp"])
def test_temperature_by_any_name(name: str) -> None:
    """The name is misspelt or not, the place is the person or the message."""
    assert capture(granted(person={name: "37.5"})).temperature == 37.5
    assert capture(granted(person=..., **{name: 37.5})).temperature == 37.5


@pytest.mark.parametrize("value", [0, 0.0, -1, "", None, "nan", True])
def test_temperature_not_measured(value: object) -> None:
    """Zero and below are no temperature."""
    assert capture(granted(person={"temperatur": value})).temperature is None


@pytest.mark.parametrize(
    ("person", "match", "number"),
    [
        (
            {"wg_card_id": 0, "long_card_id": 18446744073709551615},
            {},
            18446744073709551615,
        ),
        ({"wg_card_id": 8, "long_card_id": 0}, {"wg_card_id": 9}, 8),
        ({"wg_card_id": 0}, {"long_card_id": 9223372036854775809}, 9223372036854775809),
        ({"long_card_id": "18446744073709551615"}, {}, 18446744073709551615),
        ({"long_card_id": 1.8446744073709552e19}, {}, None),
        ({"long_card_id": 8.0}, {}, 8),
        ({"wg_card_id": 0, "long_card_id": 0}, {"wg_card_id": 0}, None),
        ({"wg_card_id": -1}, {}, None),
        ({}, {}, None),
    ],
)
def test_card_number(
    person: dict[str, Any], match: dict[str, Any], number: int | None
) -> None:
    """Exact to 64 bits, the card shown before the one registered; what lost its digits is no number."""
    assert (
        capture(granted(person=person, match={**SOMEBODY, **match})).card_number
        == number
    )


@pytest.mark.parametrize(
    "data", ["", "!!!", "A", base64(b"no picture"), None, 7, [], {"a": 1}]
)
def test_broken_picture_keeps_the_event(data: object) -> None:
    """The picture is lost, nothing else."""
    found = capture(
        granted(closeup_pic={**picture(), "data": data}, overall_pic="what?")
    )
    assert found.face is None
    assert found.scene is None
    assert found.result is AccessResult.GRANTED


@pytest.mark.parametrize("width", [0, -5, None, "wide"])
def test_picture_without_face_box(width: object) -> None:
    """A rectangle without an area is none."""
    found = capture(granted(closeup_pic=picture(face_width=width)))
    assert found.face is not None
    assert found.face.face is None


def test_clip() -> None:
    """A video, if its bytes are one."""
    mp4 = b"\0\0\0\x18ftypmp42"
    video = {
        "format": "avi",
        "data": base64(mp4),
        "start_time": "2026/01/31 16:45:30.003",
        "end_time": "",
    }
    clip = capture(granted(video=video)).clip
    assert clip is not None
    assert (clip.data, clip.format, clip.start, clip.end) == (
        mp4,
        "mp4",
        datetime(2026, 1, 31, 16, 45, 30, 3000),
        None,
    )
    assert capture(granted(video={**video, "data": base64(JPEG)})).clip is None


def test_id_card_qr_code_and_position() -> None:
    """What other readers of the terminal saw."""
    found = capture(
        granted(
            id_card={
                "number": "511",
                "name": "Ada",
                "sex": "female",
                "residence_address": "x",
                "valid_date_end": "long",
            },
            qr_code={"qr_type": "QR-Code", "qr_data": "admin"},
            gps={"n": "104.06", "e": "30.67", "strength": 7},
        )
    )
    assert found.id_card is not None
    assert (found.id_card.number, found.id_card.sex, found.id_card.address) == (
        "511",
        "female",
        "x",
    )
    assert found.id_card.valid_until == "long"
    assert found.qr_code == "admin"
    assert found.gps == Gps(n=104.06, e=30.67, satellites=7)
    assert (found.gps.latitude, found.gps.longitude) == (30.67, 104.06)
    assert capture(granted(qr_code="plain")).qr_code == "plain"


@pytest.mark.parametrize(
    ("n", "e", "position"),
    [
        (30.0, 104.0, (30.0, 104.0)),
        (104.0, 30.0, (30.0, 104.0)),
        (30.0, 40.0, (None, None)),
        (104.0, 105.0, (None, None)),
        (30.0, 200.0, (None, None)),
        (None, 104.0, (None, None)),
    ],
)
def test_position_only_if_unmistakable(
    n: float | None, e: float, position: tuple[float | None, float | None]
) -> None:
    """The document says both, so only a value beyond 90 degrees tells which is which."""
    gps = Gps(n=n, e=e)
    assert (gps.latitude, gps.longitude) == position


@pytest.mark.parametrize(
    "text",
    [
        "1970/01/01 00:00:12",
        "2019/12/31 23:59:59",
        "2100/01/01 00:00:00",
        "",
        None,
        7,
        {},
    ],
)
def test_time_not_plausible(text: object) -> None:
    """A clock that is not set tells no time."""
    assert capture(granted(cap_time=text)).taken_at is None


def test_time_with_zone() -> None:
    """Newer firmware says where its clock is; without that it is nobody's guess but the caller's."""
    zone = timezone(timedelta(hours=8))
    assert capture(granted(timezone="UTC+8")).taken_at == datetime(
        2026, 1, 31, 16, 45, 30, 3000, zone
    )
    assert capture(granted(timezone="UTC")).taken_at == datetime(
        2026, 1, 31, 16, 45, 30, 3000, UTC
    )
    naive = capture(granted(timezone="somewhere")).taken_at
    assert naive is not None
    assert naive.tzinfo is None


@pytest.mark.parametrize(
    ("flag", "realtime"),
    [(1, True), ("1", True), (True, True), (..., True), (0, False), ("0", False)],
)
def test_backlog(flag: object, realtime: bool) -> None:
    """What the terminal sends late says so."""
    assert capture(granted(is_realtime=flag)).realtime is realtime


@pytest.mark.parametrize("command", ["face", " face ", "FACE", "Face\t"])
def test_command_spellings(command: str) -> None:
    """Blanks and case do not count."""
    capture(granted(cmd=command))


def test_key() -> None:
    """Two copies of a capture have one key, however late the second; two captures have two."""
    assert capture(granted()).key == "1|2026/01/31 16:45:30.003"
    assert capture(granted(is_realtime=0)).key == capture(granted()).key
    assert capture(granted(sequence_no=2)).key != capture(granted()).key
    assert (
        capture(granted(cap_time="2026/01/31 16:45:30.004")).key
        != capture(granted()).key
    )
    assert capture(granted(cap_time=...)).key == "1|"
    assert capture(granted(sequence_no=None)).key == "|2026/01/31 16:45:30.003"


def test_key_of_a_capture_without_any() -> None:
    """Without both there is no telling copies from captures."""
    found = capture(granted(sequence_no=..., cap_time=""))
    assert found.key == ""
    assert found.sequence_no is MISSING


def test_key_has_a_limit() -> None:
    """No terminal fills a memory of keys with megabytes."""
    long = capture(granted(cap_time="x" * 100_000))
    assert len(long.key) == 64
    assert long.key == capture(granted(cap_time="x" * 100_000)).key
