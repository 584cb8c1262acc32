"""Records that wait in memory because they could not be stored and nobody would send them again."""

from collections.abc import Iterator

from .journal import Record

# What a record takes beside its pictures, roughly.
RECORD_BYTES = 2000


class WaitingRecords:
    """Oldest first; at the cost of the oldest where they take more than so many bytes."""

    def __init__(self, max_bytes: int) -> None:
        """Start empty."""
        self._max_bytes = max_bytes
        self._bytes = 0
        self._records: dict[tuple[str, ...], Record] = {}
        self.dropped = 0
        """How many were too many, since the beginning."""

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        """Yield those that wait now, oldest first; they may be removed meanwhile."""
        return iter(list(self._records.values()))

    def __contains__(self, record: Record) -> bool:
        """Whether the same happening waits."""
        return _identity(record) in self._records

    def knows(self, device: str, kind: str, key: str) -> bool:
        """Whether a happening waits."""
        return (device, kind, key) in self._records

    def add(self, record: Record) -> None:
        """Let a record wait, unless the same happening does."""
        if record in self:
            return
        self._records[_identity(record)] = record
        self._bytes += _bytes(record)
        while self._bytes > self._max_bytes:
            self.remove(next(iter(self)))
            self.dropped += 1

    def replace(self, record: Record) -> None:
        """Let a record wait in the place of an earlier one of the same happening, and with the same pictures."""
        self._records[_identity(record)] = record

    def remove(self, record: Record) -> Record | None:
        """Let a record wait no more; returns the one that waited in its place."""
        if waited := self._records.pop(_identity(record), None):
            self._bytes -= _bytes(record)
        return waited


def _identity(record: Record) -> tuple[str, ...]:
    """Return what tells happenings apart; one without a key is always another one."""
    if record.key:
        return (record.device, record.kind, record.key)
    return (record.event_id,)


def _bytes(record: Record) -> int:
    return RECORD_BYTES + sum(len(picture.data) for picture in record.pictures)
