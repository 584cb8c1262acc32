"""What terminals say, written by hand after what was seen on devices and what the vendor document shows."""

from base64 import b64encode
from typing import Any

import orjson

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(64)) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
SERIAL = "0123F6-DEFAB2-4D65EE"


def base64(data: bytes) -> str:
    """Return base64 text as a terminal writes it."""
    return b64encode(data).decode()


def payload(message: dict[str, Any]) -> bytes:
    """Return the bytes of a message."""
    return orjson.dumps(message)


def picture(data: bytes = JPEG, **changes: Any) -> dict[str, Any]:
    """Return a picture block."""
    block = {
        "format": "jpg",
        "data": base64(data),
        "face_x": 236,
        "face_y": 462,
        "face_width": 576,
        "face_height": 762,
    }
    return {**block, **changes}


def stranger(**changes: Any) -> dict[str, Any]:
    """Return a stranger as newer firmware tells it: no match block, "unauthorized", empty device number."""
    message = {
        "addr_name": "",
        "addr_no": "",
        "cap_time": "2024/05/06 07:08:09.010",
        "closeup_pic": picture(),
        "closeup_pic_flag": True,
        "cmd": "face",
        "device_no": "",
        "device_sn": SERIAL,
        "is_realtime": 1,
        "match_failed_reson": -11,
        "match_result": -1,
        "overall_pic_flag": False,
        "person": {
            "age": 0,
            "face_quality": 63,
            "has_mask": False,
            "hat": "none",
            "long_card_id": 0,
            "rotate_angle": -3,
            "sex": "",
            "temperatur": 36.361408233642578,
            "turn_angle": 12,
            "wg_card_id": 0,
        },
        "sequence_no": 7,
        "version": "0.42",
        "video_flag": False,
    }
    return _changed(message, changes)


def granted(**changes: Any) -> dict[str, Any]:
    """Return a known person who may pass, as the vendor document shows it."""
    message = {
        "cmd": "face",
        "sequence_no": 1,
        "device_no": "0001",
        "device_sn": SERIAL,
        "addr_no": "0001",
        "addr_name": "Main gate",
        "cap_time": "2026/01/31 16:45:30.003",
        "is_realtime": 1,
        "match_failed_reson": 0,
        "match_result": 80,
        "match": {
            "is_encryption": False,
            "person_id": "0001",
            "person_name": "Ada <b>Lovelace</b>",
            "person_role": 1,
            "format": "jpg",
            "image": base64(JPEG),
            "origin ": "software",
            "person_attr": "permanent_list",
            "customer_text": "f0e1",
            "match_type": ["face"],
            "wg_card_id": 8,
        },
        "overall_pic_flag": True,
        "overall_pic": picture(PNG, format="png"),
        "closeup_pic_flag": True,
        "closeup_pic": picture(),
        "person": {"sex": "female", "age": 24, "temperatur": 36.9, "has_mask": True},
    }
    return _changed(message, changes)


def known_record(**changes: Any) -> dict[str, Any]:
    """Return a stored record of a known person, as the vendor document shows it."""
    record = {
        "body_temp": 36.303585052490234,
        "customer_id": "f0e1",
        "id": "0001",
        "match_failed_reson": 0,
        "match_type": 1,
        "name": "Ada Lovelace",
        "person_name_ext": "",
        "role": 1,
        "score": 94,
        "sequence": 34894,
        "time": "2026/06/05 11:51:18.454",
        "upload_state": 1,
    }
    return _changed(record, changes)


def stranger_record(**changes: Any) -> dict[str, Any]:
    """Return a stored record of a stranger, as the vendor document shows it."""
    record = {
        "body_temp": 36.335811614990234,
        "match_failed_reson": -11,
        "match_type": 0,
        "score": -1,
        "sequence": 34903,
        "time": "2026/07/01 17:14:18.116",
        "upload_state": 0,
    }
    return _changed(record, changes)


def _changed(message: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a message with some keys changed, those set to ... left out."""
    return {
        key: value for key, value in {**message, **changes}.items() if value is not ...
    }
