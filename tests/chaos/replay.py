"""Frames that were recorded, changed by lot: what a broken or hostile device could say."""

from collections.abc import Callable, Sequence
import json
from math import inf, nan
from random import Random
from typing import Any, Final

DEEP: Final = "@deep@"
GARBAGE: Final = bytes(range(256)) * 4
# What may stand in the place of any value.
ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 7, 1.5, -0.0, nan, inf, -inf, 1e308, 1e-320),
    *(2**31, 2**53 + 1, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**30, 10**400),
    *("", " ", "\0", "0", "-11", "1.5e3", "NaN", "1e999", "9" * 400, "٣", "true"),
    *("\ud800", "\udfff\ud800", "\U0001f525" * 300, "x" * 70_000, "\x1b[31m", "\u202e"),
    *("../../../etc/passwd", "file:///etc/passwd", "http://192.0.2.1/x", "//192.0.2.1"),
    *("0000-00-00 00:00:00", "9999-12-31 23:59:59", "2026/02/30 25:61:61", "UTC+99"),
    *("data:image/jpeg;base64,", "/9j/", "/9j/4AAQ====", "iVBORw0KGgo=", "A", "%%%"),
    *([], {}, [[]], [{}], {"": ""}, {"cmd": "face"}, [None] * 500, [1, "2", {}], DEEP),
    *(1000, 1001, 1006, 1011, 10005, 10009, "face", "heart beat", "notify", "response"),
)
MOST_CONTAINERS: Final = 400
DEPTHS: Final = (2, 33, 65, 500, 1100, 60_000)

type Place = tuple[Any, Any]
"""A container and the key or index of one of its values."""


class Mutator:
    """Changes frames of a corpus; the same lot makes the same frames."""

    def __init__(self, lot: Random, corpus: Sequence[bytes]) -> None:
        """Take what to choose from, and by what to choose."""
        self._lot = lot
        self._corpus = corpus
        self._of_bytes: tuple[Callable[[bytes], bytes], ...] = (
            self._flip,
            self._cut,
            self._splice,
            self._stuff,
            self._drop,
            self._repeat,
            self._recode,
            self._nothing_or_noise,
        )
        self._of_values: tuple[Callable[[Any], None], ...] = (
            self._replace,
            self._replace,
            self._replace,
            self._remove,
            self._rename,
            self._swap,
            self._graft,
            self._wrap,
        )

    def frame(self) -> bytes:
        """Return a frame with one to three things wrong with it."""
        frame = self._lot.choice(self._corpus)
        for _ in range(self._lot.choice((1, 1, 1, 2, 3))):
            if self._lot.random() < 0.75:
                frame = self._change_values(frame)
            else:
                frame = self._lot.choice(self._of_bytes)(frame)
        return frame

    # The values of a frame

    def _change_values(self, frame: bytes) -> bytes:
        """Change the JSON in a frame, if there is any left in it and it is not too deep for that."""
        if frame.count(b"[") + frame.count(b"{") > MOST_CONTAINERS:
            return frame
        try:
            message = json.loads(frame)
        except ValueError:
            return frame
        root = [message]
        self._lot.choice(self._of_values)(root)
        try:
            text = json.dumps(
                root[0] if root else None, ensure_ascii=self._lot.random() < 0.3
            )
        except ValueError:
            return frame
        return self._doubled(self._deepened(text.encode("utf-8", "surrogatepass")))

    def _deepened(self, frame: bytes) -> bytes:
        """Put lists in lists in lists where such was drawn."""
        if DEEP.encode() not in frame:
            return frame
        depth = self._lot.choice(DEPTHS)
        opened, closed = self._lot.choice(((b"[", b"]"), (b'{"x":', b"}")))
        inner = b"null" if opened != b"[" else b""
        return frame.replace(
            f'"{DEEP}"'.encode(), opened * depth + inner + closed * depth
        )

    def _doubled(self, frame: bytes) -> bytes:
        """Let a key be there twice, now and then."""
        if self._lot.random() > 0.1 or not frame.startswith(b'{"'):
            return frame
        key = frame[1 : frame.find(b'"', 2) + 1]
        odd = json.dumps(self._lot.choice(ODD[:12])).encode()
        if self._lot.random() < 0.5:
            return b"{" + key + b":" + odd + b"," + frame[1:]
        return frame[:-1] + b"," + key + b":" + odd + b"}"

    def _place(self, root: Any) -> Place:
        """Return a place somewhere in a tree, its top included."""
        container, key = root, 0
        while True:
            value = container[key]
            if not isinstance(value, dict | list) or not value:
                return container, key
            if self._lot.random() < 0.15:
                return container, key
            container = value
            key = self._lot.choice(
                list(value) if isinstance(value, dict) else range(len(value))
            )

    def _replace(self, root: Any) -> None:
        container, key = self._place(root)
        container[key] = self._lot.choice(ODD)

    def _remove(self, root: Any) -> None:
        container, key = self._place(root)
        del container[key]

    def _rename(self, root: Any) -> None:
        container, key = self._place(root)
        if isinstance(container, dict):
            odd = (f"{key} ", f" {key}", str(key).upper(), "", "\0", "x" * 5000, "cmd")
            container[self._lot.choice(odd)] = container.pop(key)

    def _swap(self, root: Any) -> None:
        one, key = self._place(root)
        other, place = self._place(root)
        try:
            # One may lie within the other.
            one[key], other[place] = (
                json.loads(json.dumps(other[place])),
                json.loads(json.dumps(one[key])),
            )
        except LookupError, ValueError:
            return

    def _graft(self, root: Any) -> None:
        container, key = self._place(root)
        donor = [json.loads(self._lot.choice(self._corpus))]
        branch, place = self._place(donor)
        container[key] = branch[place]

    def _wrap(self, root: Any) -> None:
        container, key = self._place(root)
        value = container[key]
        container[key] = self._lot.choice(
            ([value], {"value": value}, json.dumps(value))
        )

    # The bytes of a frame

    def _range(self, frame: bytes) -> tuple[int, int]:
        start = self._lot.randrange(len(frame) + 1)
        return start, min(len(frame), start + self._lot.choice((1, 2, 8, 64, 4096)))

    def _flip(self, frame: bytes) -> bytes:
        flipped = bytearray(frame)
        for _ in range(self._lot.choice((1, 1, 4, 32)) if flipped else 0):
            flipped[self._lot.randrange(len(flipped))] ^= 1 << self._lot.randrange(8)
        return bytes(flipped)

    def _cut(self, frame: bytes) -> bytes:
        place = self._lot.randrange(len(frame) + 1)
        return frame[:place] if self._lot.random() < 0.7 else frame[place:]

    def _splice(self, frame: bytes) -> bytes:
        other = self._lot.choice(self._corpus)
        here, there = self._range(frame)[0], self._range(other)[0]
        return frame[:here] + other[there:]

    def _stuff(self, frame: bytes) -> bytes:
        start, _ = self._range(frame)
        first, last = sorted(self._lot.randrange(len(GARBAGE)) for _ in range(2))
        return frame[:start] + GARBAGE[first:last] + frame[start:]

    def _drop(self, frame: bytes) -> bytes:
        start, end = self._range(frame)
        return frame[:start] + frame[end:]

    def _repeat(self, frame: bytes) -> bytes:
        start, end = self._range(frame)
        return (
            frame[:end] + frame[start:end] * self._lot.choice((1, 2, 50)) + frame[end:]
        )

    def _recode(self, frame: bytes) -> bytes:
        text = frame.decode("utf-8", "replace")
        code = self._lot.choice(("utf-16", "utf-32", "utf-8-sig", "gb18030", "cp037"))
        return text.encode(code, "replace")

    def _nothing_or_noise(self, frame: bytes) -> bytes:
        return self._lot.choice(
            (
                *(b"", b"\0", b"null", b"[]", b"{}", b"{", b"7", b'""', b"NaN"),
                *(GARBAGE, b"\xff" * 1000, b" " * 10_000, frame + frame, frame + b"\0"),
                *(frame[::-1], frame + b"\n", b"[" + frame + b"]"),
            )
        )
