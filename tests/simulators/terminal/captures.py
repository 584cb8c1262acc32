"""Captures as firmware "0.42" sends them: vendor document 2.2.1 and what was seen on devices."""

import base64
from dataclasses import dataclass
from functools import lru_cache
import hashlib
from random import Random
import struct
import time

from tests.simulators.common import ControlError, Json
from tests.simulators.terminal.device import Device, Record
from tests.simulators.terminal.faces import (
    FACE_IN_PORTRAIT,
    FACE_IN_SCENE,
    portrait,
    portrait_png,
    scene,
)
from tests.simulators.terminal.people import WHITELISTED, Person, attribute
from tests.simulators.terminal.quirks import Quirk
from tests.simulators.terminal.settings import Values

PROTOCOL_VERSION = "0.42"
TOO_HOT, NO_MASK = -6, -7
DATA_URI_HEAD = "data:image/jpeg;base64,"
STRANGERS = 40


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes one kind of capture; a score of None is a good one drawn by lot."""

    who: str  # whitelisted, blacklisted, nobody or anonymous
    score: int | None
    reason: int
    match_types: tuple[str, ...]
    feverish: bool = False
    masked: bool = True
    record_type: int = 1


KINDS: dict[str, Kind] = {
    "known": Kind("whitelisted", None, 0, ("face",), masked=False),
    "stranger": Kind("nobody", -1, -11, ("face",), masked=False, record_type=0),
    "denied": Kind("blacklisted", None, -2, ("face",), masked=False),
    "hot": Kind("whitelisted", None, TOO_HOT, ("face",), feverish=True, masked=False),
    "masked": Kind("whitelisted", None, 0, ("face",)),
    "nomask": Kind("whitelisted", None, NO_MASK, ("face",), masked=False),
    "card": Kind("whitelisted", 0, 0, ("card",), masked=False, record_type=8),
    "badcard": Kind("nobody", 0, -9, ("card",), masked=False, record_type=8),
    "idcard": Kind(
        "whitelisted", None, 0, ("face", "id-card"), masked=False, record_type=2
    ),
    "qr": Kind("nobody", 0, 0, ("qr",), masked=False, record_type=0),
    "anyface": Kind("anonymous", 100, 0, ("anyface",), masked=False, record_type=16),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a capture shall have instead of what the lot gives."""

    # Name or id of a registered person.
    person: str | None = None
    # In degrees Celsius; the device converts where it measures in Fahrenheit.
    temperature: float | None = None
    score: int | None = None
    reason: int | None = None
    mask: bool | None = None
    # overall, closeup, both or none; else the setting face.pic_form decides.
    pictures: str | None = None
    cap_time: str | None = None
    # The face of a stranger: the same text gives the same face.
    face: str | None = None


def widened(value: float) -> float:
    """Return what a 32-bit float becomes when it is printed as a double, as in 36.361408233642578."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def build(
    device: Device, lot: Random, name: str, wishes: Wishes
) -> tuple[Values, Record]:
    """Make a capture: the message to send, and the record that is kept of it."""
    kind = KINDS.get(name)
    if kind is None:
        raise ControlError(f"no capture {name!r}; there are {', '.join(KINDS)}")
    person = _choose(device, lot, kind, wishes.person)
    masked = kind.masked if wishes.mask is None else wishes.mask
    celsius = _celsius(device, lot, kind, wishes)
    reason = _reason(device, kind, wishes, celsius, masked)
    score = kind.score if kind.score is not None else lot.randint(78, 98)
    if wishes.score is not None:
        score = wishes.score
    moment = device.now()
    cap_time = wishes.cap_time or moment.strftime(
        "%Y/%m/%d %H:%M:%S" if device.has(Quirk.NO_FRACTION) else "%Y/%m/%d %H:%M:%S.%f"
    )
    if wishes.cap_time is None and not device.has(Quirk.NO_FRACTION):
        cap_time = cap_time[:-3]
    sequence = device.next_sequence()
    info = device.section("device_info")
    face = (
        person.name if person else wishes.face or f"stranger {lot.randrange(STRANGERS)}"
    )
    closeup = portrait(
        face,
        label=person.name if person else "Unknown",
        mask=masked,
        kilobytes=device.options.closeup_kilobytes,
    )

    message: Values = {
        "addr_name": info["addr_name"],
        "addr_no": info["addr_no"],
        "cap_time": cap_time,
        "cmd": "face",
        "device_no": info["device_no"],
        "device_sn": device.options.serial,
        "is_realtime": 1,
        "match_failed_reson": reason,
        "match_result": score,
        "person": _measured(device, lot, person, kind, celsius, masked),
        "sequence_no": str(sequence) if device.has(Quirk.STRING_SEQUENCE) else sequence,
        "version": PROTOCOL_VERSION,
        "video_flag": False,
    }
    if person is not None:
        message["match"] = _match(device, person, kind)
    elif kind.who == "anonymous" or device.has(Quirk.EMPTY_MATCH):
        message["match"] = _empty_match(kind)
    message |= _pictures(device, wishes, face, closeup, cap_time, masked)
    if name == "qr":
        message["qr_code"] = {
            "qr_data": f"visit-{lot.randrange(10**6):06}",
            "qr_type": "QR-Code",
        }
    if name == "idcard" and person is not None:
        message["id_card"] = _id_card(person)
    if device.has(Quirk.TIMEZONE):
        message["timezone"] = device.zone_text()
    record = Record(
        sequence,
        moment,
        time.time(),
        person,
        reason,
        score,
        celsius,
        kind.record_type,
        closeup,
    )
    return message, record


def _choose(
    device: Device, lot: Random, kind: Kind, wanted: str | None
) -> Person | None:
    if kind.who in {"nobody", "anonymous"}:
        return None
    if wanted is not None:
        for person in device.people.values():
            if wanted in {person.id, person.name}:
                return person
        raise ControlError(f"nobody called {wanted!r} is registered")
    welcome = kind.who == "whitelisted"
    people = [
        person
        for person in device.people.values()
        if (person.role == WHITELISTED) == welcome
        and ("card" not in kind.match_types or person.wg_card_id or person.long_card_id)
    ] or list(device.people.values())
    if not people:
        raise ControlError("nobody is registered")
    return lot.choice(people)


def _celsius(device: Device, lot: Random, kind: Kind, wishes: Wishes) -> float:
    thermometer = device.section("face")["body_temperature"]
    if not isinstance(thermometer, dict) or not thermometer["enable"]:
        return 0.0
    if wishes.temperature is not None:
        return widened(wishes.temperature)
    return widened(
        lot.uniform(38.1, 39.3) if kind.feverish else lot.uniform(36.1, 36.9)
    )


def _reason(
    device: Device, kind: Kind, wishes: Wishes, celsius: float, masked: bool
) -> int:
    if wishes.reason is not None:
        return wishes.reason
    face = device.section("face")
    thermometer, mask = face["body_temperature"], face["mask"]
    if (
        kind.reason == 0
        and isinstance(thermometer, dict)
        and isinstance(thermometer["limit"], int | float)
        and celsius > thermometer["limit"]
    ):
        return TOO_HOT
    if (
        kind.reason == 0
        and isinstance(mask, dict)
        and mask["enable"]
        and mask["must_wear_mask"]
        and not masked
    ):
        return NO_MASK
    return kind.reason


def _measured(
    device: Device,
    lot: Random,
    person: Person | None,
    kind: Kind,
    celsius: float,
    masked: bool,
) -> Values:
    face = device.section("face")
    carries_card = person is not None and "card" in kind.match_types
    measured: Values = {
        "age": person.age if person and face["enable_age"] else 0,
        "face_quality": lot.randint(60, 98),
        "has_mask": masked,
        "hat": "none",
        "rotate_angle": lot.randint(-6, 6),
        "sex": person.sex if person and face["enable_sex"] else "",
        "temperatur": _shown_temperature(device, celsius),
        "turn_angle": lot.randint(-10, 10),
        "wg_card_id": person.wg_card_id if person and carries_card else 0,
    }
    if person and carries_card and person.long_card_id:
        measured["long_card_id"] = person.long_card_id
    if "card" in kind.match_types and person is None:
        measured["wg_card_id"] = lot.randrange(1, 2**24)
    if device.has(Quirk.NO_TEMPERATURE):
        del measured["temperatur"]
    return dict(sorted(measured.items()))


def _shown_temperature(device: Device, celsius: float) -> float:
    shown = (
        widened(celsius * 9 / 5 + 32)
        if celsius and device.has(Quirk.FAHRENHEIT)
        else celsius
    )
    return round(shown) if device.has(Quirk.TEMPERATURE_INT) else shown


def _match(device: Device, person: Person, kind: Kind) -> Values:
    match: Values = {
        "customer_text": person.customer_text,
        "is_encryption": device.aes_enabled,
        "long_card_id": person.long_card_id,
        "match_type": list[Json](kind.match_types),
        "origin": "software",
        "person_attr": attribute(person),
        "person_id": _encrypted(device, person.id),
        "person_name": _encrypted(device, person.name),
        "person_role": person.role,
        "wg_card_id": person.wg_card_id,
    }
    if device.section("face")["enable_output_reg"] and person.picture:
        match |= {"format": "jpg", "image": base64.b64encode(person.picture).decode()}
    return dict(sorted(match.items()))


def _encrypted(device: Device, text: str) -> str:
    """Return the text, or opaque bytes in base64: which mode of AES devices use is not known."""
    if not device.aes_enabled:
        return text
    data = text.encode()
    key = hashlib.shake_256(device.aes_key).digest(len(data))
    return base64.b64encode(
        bytes(a ^ b for a, b in zip(data, key, strict=True))
    ).decode()


def _empty_match(kind: Kind) -> Values:
    return {
        "customer_text": "",
        "is_encryption": False,
        "match_type": list[Json](kind.match_types),
        "origin": "none",
        "person_attr": "none",
        "person_id": "",
        "person_name": "",
        "person_role": 0,
        "wg_card_id": 0,
    }


@lru_cache(maxsize=64)
def _encoded(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def _picture(device: Device, data: str, face: tuple[int, int, int, int]) -> Values:
    head = DATA_URI_HEAD if device.has(Quirk.DATA_URI) else ""
    return {
        "data": head + data,
        "face_height": face[3],
        "face_width": face[2],
        "face_x": face[0],
        "face_y": face[1],
        "format": "jpg",
    }


def _pictures(
    device: Device,
    wishes: Wishes,
    face: str,
    closeup: bytes,
    cap_time: str,
    masked: bool,
) -> Values:
    """Return the pictures and their flags; without a picture its object is missing."""
    form = wishes.pictures or device.section("face")["pic_form"]
    if form not in {"overall", "closeup", "both", "none"}:
        raise ControlError(f"pictures are overall, closeup, both or none, not {form!r}")
    parts: Values = {
        "closeup_pic_flag": form in {"closeup", "both"},
        "overall_pic_flag": form in {"overall", "both"},
    }
    if parts["closeup_pic_flag"]:
        if device.has(Quirk.PNG_CALLED_JPG):
            closeup = portrait_png(face, label=face, mask=masked)
        parts["closeup_pic"] = _picture(device, _encoded(closeup), FACE_IN_PORTRAIT)
    if parts["overall_pic_flag"]:
        parts["overall_pic"] = _picture(
            device, _scene(device, face, cap_time, masked), FACE_IN_SCENE
        )
    return parts


def _scene(device: Device, face: str, cap_time: str, masked: bool) -> str:
    place, size = (
        str(device.section("device_info")["addr_name"]),
        device.options.scene_kilobytes,
    )
    if device.options.stamped_scenes:
        return base64.b64encode(
            scene(face, lines=(cap_time, place), mask=masked, kilobytes=size)
        ).decode()
    return _plain_scene(face, place, masked, size)


@lru_cache(maxsize=64)
def _plain_scene(face: str, place: str, masked: bool, kilobytes: int) -> str:
    return base64.b64encode(
        scene(face, lines=(place,), mask=masked, kilobytes=kilobytes)
    ).decode()


def _id_card(person: Person) -> Values:
    return {
        "birthday": "19801001",
        "name": person.name,
        "national": "",
        "number": f"511{person.id:0>15}",
        "organ_issue": "Town hall",
        "residence_address": "1 Example Street",
        "sex": person.sex,
        "valid_date_end": "20351001",
        "valid_date_start": "20151001",
    }
