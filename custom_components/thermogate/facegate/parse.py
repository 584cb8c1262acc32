"""From a payload to a typed message. Every parser takes any JSON object and raises nothing."""

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any, Final

from .errors import CODE_UNREADABLE
from .messages import (
    MISSING,
    AccessResult,
    Capture,
    Clip,
    DenialReason,
    FaceBox,
    Firmware,
    Gps,
    Heartbeat,
    IdCard,
    Identity,
    Message,
    PersonRole,
    Picture,
    Reply,
    SipEvent,
    SipState,
    UnknownMessage,
    UpgradeQuery,
)
from .wire import (
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
    decode,
    normalise,
)

_MAX_QR = 8192
_MAX_COMMAND = 64
_MAX_METHODS = 16
# Outside of these years the clock is not set (1970) or broken.
_PLAUSIBLE_YEARS: Final = range(2020, 2100)

_REASONS: Final = {
    -2: DenialReason.RESTRICTED,
    -3: DenialReason.EXPIRED,
    -4: DenialReason.NOT_IN_SCHEDULE,
    -5: DenialReason.HOLIDAY,
    -6: DenialReason.TEMPERATURE_TOO_HIGH,
    -7: DenialReason.NO_MASK,
    -8: DenialReason.NO_HELMET,
    -9: DenialReason.CARD_NOT_REGISTERED,
    -10: DenialReason.ID_MISMATCH,
    -11: DenialReason.UNAUTHORIZED,
}
_NOTHING: Final[tuple[object, ...]] = (None, "", {}, [])
_ROLES: Final[dict[int | None, PersonRole]] = dict(
    enumerate((PersonRole.NORMAL, PersonRole.ALLOWED, PersonRole.BLOCKED))
)
_SIP_STATES: Final[dict[int | None, SipState]] = dict(enumerate(SipState))


def parse_message(payload: bytes | str) -> Message:
    """Return what a terminal published. Raises FaceGateMessageError if it is no JSON object, too large or too deep."""
    message = decode(payload)
    command = normalise(message.get("cmd"))
    if "reply" in message:
        return _reply(message)
    if parse := _PARSERS.get(command):
        return parse(message)
    # Seen in the vendor document: one answer (2.14.2) has a code and no `reply`.
    if command and "code" in message:
        return _reply(message)
    return UnknownMessage(
        command=_command(message), device_sn=as_text(message.get("device_sn"))
    )


def parse_capture(message: dict[str, Any]) -> Capture:
    """Return the capture in a decoded `face` message (vendor document 2.2.1)."""
    match = as_object(message.get("match"))
    person = as_object(message.get("person"))
    identity = _identity(match)
    code, reason = _reason(message)
    score = as_int(message.get("match_result"))
    result = _classify(reason, score, identity)
    closeup = as_object(message.get("closeup_pic"))
    overall = as_object(message.get("overall_pic"))
    face, scene = _picture(closeup), _picture(overall)
    return Capture(
        sequence_no=message.get("sequence_no", MISSING),
        cap_time=message.get("cap_time", MISSING),
        taken_at=_plausible_time(message.get("cap_time"), message.get("timezone")),
        realtime=as_bool(message.get("is_realtime")) is not False,
        **_sender(message),
        result=result,
        reason=reason if result is AccessResult.DENIED else None,
        reason_code=code,
        score=score if score and score > 0 else None,
        identity=identity,
        temperature=_temperature(person, message),
        has_mask=as_bool(person.get("has_mask")),
        sex=_sex(person.get("sex")),
        age=_positive(person.get("age")),
        hat=as_text(person.get("hat")).lower() or None,
        face_quality=as_int(person.get("face_quality")),
        turn_angle=as_int(person.get("turn_angle")),
        rotate_angle=as_int(person.get("rotate_angle")),
        card_number=_card_number(person) or _card_number(match),
        id_card=_id_card(as_object(message.get("id_card"))),
        qr_code=_qr_code(message.get("qr_code")),
        gps=_gps(as_object(message.get("gps"))),
        face=face,
        scene=scene,
        broken_picture=bool(closeup.get("data") and not face)
        or bool(overall.get("data") and not scene),
        clip=_clip(as_object(message.get("video"))),
        version=as_text(message.get("version")),
    )


def _classify(
    reason: DenialReason | None, score: int | None, identity: Identity | None
) -> AccessResult:
    """Say what came of it: `score` is 0 where nothing was compared, negative where nobody was found (document 2.2.1).

    Seen on devices: "unauthorized" on strangers, every other denial together with a full score and nobody's name.
    """
    if reason is DenialReason.UNAUTHORIZED:
        nobody = identity is None and (score is None or score <= 0)
        return AccessResult.STRANGER if nobody else AccessResult.DENIED
    if reason is not None:
        return AccessResult.DENIED
    if score is None or score == 0:
        # A card alone identifies without a comparison.
        return AccessResult.GRANTED if identity else AccessResult.STRANGER
    return AccessResult.GRANTED if score > 0 else AccessResult.STRANGER


def _reason(message: dict[str, Any]) -> tuple[int | None, DenialReason | None]:
    """Return the code as sent and what it means; what cannot be read is a denial too."""
    keys = ("match_failed_reson", "match_failed_reason")
    raw = next((message[key] for key in keys if message.get(key) not in _NOTHING), None)
    if raw is None:
        return None, None
    code = as_int(raw)
    if code == 0:
        return code, None
    return code, DenialReason.UNKNOWN if code is None else _REASONS.get(
        code, DenialReason.UNKNOWN
    )


def _sender(message: dict[str, Any]) -> dict[str, str]:
    return {
        key: as_text(message.get(key))
        for key in ("device_sn", "device_no", "addr_no", "addr_name")
    }


def _identity(match: dict[str, Any]) -> Identity | None:
    """Return who was recognised; a match without id and name is nobody (seen on devices in the any-face mode)."""
    person_id, name = as_text(match.get("person_id")), as_text(match.get("person_name"))
    if not person_id and not name:
        return None
    return Identity(
        person_id=person_id,
        name=name,
        role=_ROLES.get(as_int(match.get("person_role"))),
        encrypted=as_bool(match.get("is_encryption")) is True,
        customer_text=as_text(match.get("customer_text")),
        origin=as_text(match.get("origin")).lower(),
        validity=as_text(match.get("person_attr")).lower(),
        photo=as_picture(match.get("image"), match.get("format")),
        methods=_methods(match.get("match_type")),
    )


def _methods(raw: object) -> tuple[str, ...]:
    words = raw if isinstance(raw, list) else [raw]
    return tuple(
        as_text(word)
        for word in words[:_MAX_METHODS]
        if isinstance(word, str) and word.strip()
    )


def _plausible_time(raw: object, zone: object) -> datetime | None:
    time = as_time(raw)
    if time is None or time.year not in _PLAUSIBLE_YEARS:
        return None
    return time.replace(tzinfo=as_zone(zone))


def _temperature(person: dict[str, Any], message: dict[str, Any]) -> float | None:
    """Return the body temperature; 0 and below mean that none was measured (seen on devices)."""
    for block in (person, message):
        for key in ("temperatur", "temperature", "body_temp"):
            temperature = as_float(block.get(key))
            if temperature is not None and temperature > 0:
                return temperature
    return None


def _sex(raw: object) -> str | None:
    sex = as_text(raw).lower()
    return sex if sex in {"male", "female"} else None


def _positive(raw: object) -> int | None:
    number = as_int(raw)
    return number if number is not None and number > 0 else None


def _card_number(block: dict[str, Any]) -> int | None:
    """Return the card in a block, exact: a 64-bit number that came as a float has lost digits and is none."""
    for key in ("wg_card_id", "long_card_id"):
        raw = block.get(key)
        number = None if isinstance(raw, float) and raw > 2**53 else _positive(raw)
        if number:
            return number
    return None


def _id_card(block: dict[str, Any]) -> IdCard | None:
    card = IdCard(
        number=as_text(block.get("number")),
        name=as_text(block.get("name")),
        birthday=as_text(block.get("birthday")),
        sex=_sex(block.get("sex")) or "",
        nationality=as_text(block.get("national")),
        address=as_text(block.get("residence_address")),
        authority=as_text(block.get("organ_issue")),
        valid_from=as_text(block.get("valid_date_start")),
        valid_until=as_text(block.get("valid_date_end")),
    )
    return None if card == IdCard() else card


def _qr_code(raw: object) -> str | None:
    return (
        as_text(
            raw["qr_data"] if isinstance(raw, dict) and "qr_data" in raw else raw,
            _MAX_QR,
        )
        or None
    )


def _gps(block: dict[str, Any]) -> Gps | None:
    gps = Gps(
        n=as_float(block.get("n")),
        e=as_float(block.get("e")),
        satellites=as_int(block.get("strength")),
    )
    return None if gps == Gps() else gps


def _picture(block: dict[str, Any]) -> Picture | None:
    return as_picture(block.get("data"), block.get("format"), _face_box(block))


def _face_box(block: dict[str, Any]) -> FaceBox | None:
    x, y, width, height = (
        as_int(block.get(f"face_{name}")) for name in ("x", "y", "width", "height")
    )
    if x is None or y is None or not width or not height or width < 0 or height < 0:
        return None
    return FaceBox(x=x, y=y, width=width, height=height)


def _clip(block: dict[str, Any]) -> Clip | None:
    data = as_bytes(block.get("data"))
    kind = data and clip_type(data)
    if not data or not kind:
        return None
    return Clip(
        data=data,
        format=kind,
        start=_plausible_time(block.get("start_time"), None),
        end=_plausible_time(block.get("end_time"), None),
    )


def _heartbeat(message: dict[str, Any]) -> Heartbeat:
    return Heartbeat(
        **_sender(message),
        ip=_address(message.get("ip")),
        gps=_gps(as_object(message.get("gps"))),
        command_id=as_text(message.get("command_id")),
    )


def _address(raw: object) -> str:
    """Return an IPv4 address, the only ones that terminals have; whatever else it says leads who knows where."""
    try:
        return str(IPv4Address(as_text(raw)))
    except ValueError:
        return ""


def _sip_event(message: dict[str, Any]) -> SipEvent:
    code = as_int(message.get("sip_event"))
    return SipEvent(**_sender(message), event=_SIP_STATES.get(code), code=code)


def _upgrade_query(message: dict[str, Any]) -> UpgradeQuery:
    firmware = as_object(message.get("firmware"))
    return UpgradeQuery(
        device_sn=as_text(message.get("device_sn")),
        device_no=as_text(message.get("device_no")),
        last_upgrade_code=as_int(message.get("last_upgrade_code")),
        firmware=Firmware(
            system=as_text(firmware.get("system")),
            app_version=as_text(firmware.get("appversion")),
            algorithm_version=as_text(firmware.get("algversion")),
            platform=as_text(firmware.get("platform")),
            sensor=as_text(firmware.get("sensor")),
            board=as_text(firmware.get("board")),
            motor=as_text(firmware.get("motor")),
            lcd=as_text(firmware.get("lcd")),
            built=as_text(firmware.get("timestamp")),
        ),
    )


def _reply(message: dict[str, Any]) -> Reply:
    code = as_int(message.get("code"))
    return Reply(
        command=_command(message),
        # An answer that does not say how it went is no success.
        code=CODE_UNREADABLE if code is None else code,
        text=as_text(message.get("desc")),
        device_sn=as_text(message.get("device_sn")),
        command_id=as_text(message.get("command_id")),
        body=message,
    )


def _command(message: dict[str, Any]) -> str:
    return " ".join(as_text(message.get("cmd"), _MAX_COMMAND).split()).lower()


_PARSERS: Final[dict[str, Callable[[dict[str, Any]], Message]]] = {
    "face": parse_capture,
    "heartbeat": _heartbeat,
    "sipevent": _sip_event,
    "ask_upgrade": _upgrade_query,
}
