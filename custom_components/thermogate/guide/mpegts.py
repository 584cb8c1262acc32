"""H.264 as a camera sends it (Annex B, without times) in an MPEG transport stream, which video players open.

ISO/IEC 13818-1: packets of 188 bytes; a table of programs, a table of the one program, and the pictures with their times.
"""

from collections.abc import Iterator
from typing import Final

_PACKET: Final = 188
_PAYLOAD: Final = 184
_PROGRAMS, _PROGRAM, _VIDEO = 0x0000, 0x1000, 0x0100
_H264: Final = 0x1B
_CLOCK: Final = 90_000
_START: Final = b"\0\0\0\1"
# Types of units.
_PICTURE, _KEY_PICTURE, _SETTINGS, _DELIMITER = 1, 5, 7, 9
# Units that come before the first of a picture, and so tell that the last one is whole.
_BEFORE_PICTURE: Final = frozenset({6, 7, 8, 9})
# A picture may be shown so much later than it is decoded.
_OFFSET: Final = _CLOCK // 2


class TransportStream:
    """Makes one stream of units; times are those of their arrival. Begins with a picture that needs no other."""

    def __init__(self) -> None:
        """Begin."""
        self._counters = dict.fromkeys((_PROGRAMS, _PROGRAM, _VIDEO), 0)
        self._units: list[bytes] = []
        self._has_picture = False
        self._arrived = 0.0
        self._first: float | None = None
        self._last = -1

    def add(self, data: bytes, now: float) -> bytes:
        """Take what arrived at a time (seconds of a steady clock), and return what of the stream is ready by that."""
        ready = b""
        for unit in _units(data):
            if self._has_picture and _begins_picture(unit):
                ready += self._picture()
            if not self._units:
                self._arrived = now
            self._units.append(unit)
            self._has_picture |= _type(unit) in (_PICTURE, _KEY_PICTURE)
        return ready

    def _picture(self) -> bytes:
        """Return the picture that is whole."""
        units, self._units, self._has_picture = self._units, [], False
        types = {_type(unit) for unit in units}
        key = _KEY_PICTURE in types
        if self._first is None:
            if not key or _SETTINGS not in types:
                return b""
            self._first = self._arrived
        time = max(self._last + 1, int((self._arrived - self._first) * _CLOCK))
        self._last = time
        if _DELIMITER not in types:
            units.insert(0, b"\x09\xf0")
        picture = b"".join(_START + unit for unit in units)
        # A video packet's head: no length, as it may be longer than can be told, and the time to show it.
        head = b"\0\0\1\xe0\0\0\x80\x80\5" + _timestamp(time + _OFFSET)
        return (self._tables() if key else b"") + b"".join(
            self._packets(head + picture, time, key)
        )

    def _tables(self) -> bytes:
        """Return both tables; a player may begin to watch at any of them."""
        programs = b"\0\1\xc1\0\0" + b"\0\1" + (0xE000 | _PROGRAM).to_bytes(2)
        program = (
            b"\0\1\xc1\0\0"
            + (0xE000 | _VIDEO).to_bytes(2)
            + b"\xf0\0"
            + bytes([_H264])
            + (0xE000 | _VIDEO).to_bytes(2)
            + b"\xf0\0"
        )
        return self._table(_PROGRAMS, 0, programs) + self._table(_PROGRAM, 2, program)

    def _table(self, channel: int, number: int, body: bytes) -> bytes:
        section = bytes([number]) + (0xB000 | len(body) + 4).to_bytes(2) + body
        payload = b"\0" + section + _checksum(section).to_bytes(4)
        return self._head(channel, 0x4000, 0x10) + payload.ljust(_PAYLOAD, b"\xff")

    def _packets(self, data: bytes, time: int, key: bool) -> Iterator[bytes]:
        """Cut a picture into packets; the first tells the time and whether one may begin here, the last is filled up."""
        clock = (time << 15 | 0x7E00).to_bytes(6)
        first = bytes([0x50 if key else 0x10]) + clock
        position = 0
        start = 0x4000
        while position < len(data):
            room = _PAYLOAD - (len(first) + 1 if start else 0)
            part = data[position : position + room]
            position += len(part)
            missing = room - len(part)
            extra = b""
            if start:
                extra = bytes([len(first) + missing]) + first + b"\xff" * missing
            elif missing == 1:
                extra = b"\0"
            elif missing:
                extra = bytes([missing - 1, 0]) + b"\xff" * (missing - 2)
            yield self._head(_VIDEO, start, 0x30 if extra else 0x10) + extra + part
            start = 0

    def _head(self, channel: int, start: int, control: int) -> bytes:
        counter = self._counters[channel]
        self._counters[channel] = (counter + 1) & 15
        return b"\x47" + (start | channel).to_bytes(2) + bytes([control | counter])


def _units(data: bytes) -> Iterator[bytes]:
    """Yield the units of a byte stream, without their start codes; a message is one, or several."""
    for part in data.split(b"\0\0\1"):
        # A start code of four bytes leaves its first zero at the end of the unit before.
        if unit := part.rstrip(b"\0"):
            yield unit


def _type(unit: bytes) -> int:
    return unit[0] & 31


def _begins_picture(unit: bytes) -> bool:
    """Whether a unit belongs to a new picture: what comes before pictures, and the first slice of one."""
    if _type(unit) in _BEFORE_PICTURE:
        return True
    # The number of its first macroblock is 0, which is written as a single 1.
    return _type(unit) in (_PICTURE, _KEY_PICTURE) and unit[1:2] >= b"\x80"


def _timestamp(time: int) -> bytes:
    """Return a time of 33 bits in its five bytes."""
    time &= (1 << 33) - 1
    return (
        bytes([0x21 | time >> 29 & 0x0E])
        + (time >> 14 & 0xFFFE | 1).to_bytes(2)
        + (time << 1 & 0xFFFE | 1).to_bytes(2)
    )


def _checksum(data: bytes) -> int:
    """Return the CRC-32 of MPEG-2."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
            crc &= 0xFFFFFFFF
    return crc
