"""What the terminals of the chaos see: all of it follows from the seed, so that everything that is stored can be verified.

Messages are as in vendor document 2.2.1; each carries a QR code of its own, the mark by which it is found again.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import hashlib
from io import BytesIO
import json
from random import Random
from typing import Any, Final

from PIL import Image

PEOPLE: Final = (
    ("1001", "Ada"),
    ("1002", "Björn Ek"),
    ("1003", "李娜"),
    ("1004", "Robert'); DROP TABLE"),
    ("7f00a1", "O'Brien, Maeve"),
)
FIRST_MOMENT: Final = datetime(2026, 3, 1, 8, tzinfo=UTC)
# Milliseconds between two captures: two within one are told apart by their number alone.
STEPS: Final = (0, 1, 40, 900, 1700, 5000)
# Terminals print the time with or without milliseconds.
WITHOUT_FRACTION: Final = 5
# The share of pictures: a close-up, the scene beside it, and a scene that never changes.
CLOSEUP, SCENE, SAME_SCENE = 0.95, 0.2, 0.1
PICTURE_BYTES: Final = (1500, 5000)
# Some are large: they find no room where a small one does.
LARGE, LARGE_BYTES = 0.05, 24_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes a capture what it is, and what is to come of it."""

    outcome: str
    score: int
    reason: int
    known: bool


KINDS: Final = (
    Kind("granted", 93, 0, known=True),
    Kind("granted", 81, 0, known=True),
    Kind("denied", 90, -2, known=True),
    Kind("denied", 88, -6, known=True),
    Kind("stranger", -1, -11, known=False),
)


@dataclass(frozen=True, slots=True)
class Capture:
    """Somebody at a terminal."""

    serial: str
    mark: str
    sequence_no: int | str
    cap_time: str
    at: datetime
    kind: Kind
    person_id: str
    person: str
    temperature: float
    # Role, what its content is made from, and how many bytes that is.
    drawn: tuple[tuple[str, str, int], ...]

    @property
    def echo(self) -> str:
        """What an acknowledgement must repeat exactly, type included, as JSON."""
        return json.dumps([self.sequence_no, self.cap_time])

    def pictures(self) -> list[tuple[str, bytes]]:
        """Return roles and pictures."""
        return [(role, picture(origin, size)) for role, origin, size in self.drawn]

    def frame(self, *, realtime: bool) -> bytes:
        """Return the message."""
        pictures = dict(self.pictures())
        message: dict[str, Any] = {
            "addr_name": "Gate",
            "cap_time": self.cap_time,
            "closeup_pic_flag": "face" in pictures,
            "cmd": "face",
            "device_no": "",
            "device_sn": self.serial,
            "is_realtime": int(realtime),
            "match_failed_reson": self.kind.reason,
            "match_result": self.kind.score,
            "overall_pic_flag": "scene" in pictures,
            "person": {"has_mask": False, "sex": "", "temperatur": self.temperature},
            "qr_code": {"qr_data": self.mark, "qr_type": "QR-Code"},
            "sequence_no": self.sequence_no,
            "version": "0.42",
            "video_flag": False,
        }
        if self.kind.known:
            message["match"] = {
                "customer_text": "",
                "is_encryption": False,
                "match_type": ["face"],
                "origin": "software",
                "person_attr": "permanent_list",
                "person_id": self.person_id,
                "person_name": self.person,
                "person_role": 1,
            }
        for role, key in (("face", "closeup_pic"), ("scene", "overall_pic")):
            if role in pictures:
                data = base64.b64encode(pictures[role]).decode()
                message[key] = {"data": data, "format": "jpg"}
        return json.dumps(message).encode()


def serial_of(terminal: int) -> str:
    """Return the serial number of the n-th terminal."""
    return f"0C4A05-{terminal:06X}-0000EE"


def captures(seed: int, terminal: int, count: int) -> Sequence[Capture]:
    """Return all that one terminal will ever see, in order.

    Every fourth terminal counts in texts, and every third begins to count anew in the middle.
    """
    lot = Random(f"{seed}/{terminal}")
    serial = serial_of(terminal)
    restart = lot.randrange(count // 4, count) if terminal % 3 == 0 else count
    seen = []
    at = FIRST_MOMENT
    for number in range(count):
        at += timedelta(milliseconds=lot.choice(STEPS))
        sequence = number + 1
        if number >= restart:
            sequence -= restart
        if number == restart:
            at += timedelta(minutes=1)
        kind = lot.choice(KINDS)
        person_id, person = lot.choice(PEOPLE) if kind.known else ("", "")
        shown = at.replace(microsecond=0) if terminal % WITHOUT_FRACTION == 1 else at
        mark = f"{seed}-{terminal}-{number}"
        seen.append(
            Capture(
                serial=serial,
                mark=mark,
                sequence_no=str(sequence) if terminal % 4 == 2 else sequence,
                cap_time=_printed(shown, terminal),
                at=shown,
                kind=kind,
                person_id=person_id,
                person=person,
                temperature=round(lot.uniform(35.5, 39.0), 1),
                drawn=_drawn(lot, mark, serial),
            )
        )
    return seen


def _printed(at: datetime, terminal: int) -> str:
    if terminal % WITHOUT_FRACTION == 1:
        return at.strftime("%Y/%m/%d %H:%M:%S")
    return at.strftime("%Y/%m/%d %H:%M:%S.%f")[:-3]


def _drawn(lot: Random, mark: str, serial: str) -> tuple[tuple[str, str, int], ...]:
    drawn = []
    if lot.random() < CLOSEUP:
        size = lot.randrange(*PICTURE_BYTES)
        large = lot.random() < LARGE
        drawn.append(("face", f"{mark} face", LARGE_BYTES if large else size))
    share = lot.random()
    if share < SAME_SCENE:
        drawn.append(("scene", f"{serial} empty", PICTURE_BYTES[1]))
    elif share < SCENE:
        drawn.append(("scene", f"{mark} scene", lot.randrange(*PICTURE_BYTES)))
    return tuple(drawn)


def _small_jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "grey").save(file, "JPEG")
    return file.getvalue()


_JPEG: Final = _small_jpeg()


def picture(origin: str, size: int) -> bytes:
    """Return a JPEG with a comment of so many bytes that no other origin has."""
    comment = hashlib.shake_256(origin.encode()).digest(size)
    length = (size + 2).to_bytes(2)
    return _JPEG[:2] + b"\xff\xfe" + length + comment + _JPEG[2:]
