"""What happens to frames between a terminal and its broker."""

import json
from random import Random
from typing import Final

# Seconds by which a frame is late, so that others overtake it.
LATE: Final = 0.6

# How often, of a hundred frames.
LOST, TRUNCATED, GLUED, LATER, TWICE, ACCOMPANIED = 2, 4, 2, 10, 8, 5

# Nothing of this is a capture, and nothing of it may be answered or end anything.
GARBAGE: Final = (
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"\xff\xfe\x00garbage",
    b"[" * 5000,
    b'{"cmd":' * 3000,
    b'{"cmd": "face"',
    b'{"cmd": 7, "sequence_no": 1}',
    b'{"cmd": "time clock", "device_sn": ""}',
    b'{"sequence_no": 1, "cap_time": "2026/03/01 08:00:00.000"}',
    b'{"cmd": "face", "reply": "ACK", "code": 0, "sequence_no": 1, "cap_time": "2026/03/01 08:00:00.000"}',
    b'{"cmd": "face", "sequence_no": ' + b"9" * 5000 + b"}",
    json.dumps({"cmd": "\ud800" * 50}).encode(),
    bytes(range(256)) * 20,
)


def disturbed(frame: bytes, lot: Random) -> list[tuple[float, bytes]]:
    """Return what is published instead of a frame, each with its delay in seconds."""
    published: list[tuple[float, bytes]] = []
    if _happens(lot, ACCOMPANIED):
        published.append((0, lot.choice(GARBAGE)))
    if _happens(lot, LOST):
        return published
    delay = lot.uniform(0, LATE) if _happens(lot, LATER) else 0
    if _happens(lot, TRUNCATED):
        published.append((delay, frame[: lot.randrange(len(frame))]))
    elif _happens(lot, GLUED):
        published.append((delay, frame + lot.choice((b"}", frame, b"\x00\x01"))))
    else:
        published.append((delay, frame))
    if _happens(lot, TWICE):
        published.append((lot.uniform(0, LATE), frame))
    return published


def _happens(lot: Random, percent: int) -> bool:
    return lot.random() * 100 < percent
