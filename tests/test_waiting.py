"""What nobody would send again waits in memory, as far as that has room."""

from custom_components.thermogate.waiting import RECORD_BYTES, WaitingRecords
from tests.journal.makers import jpeg, record

PICTURE = b"x" * 10_000
SIZE = RECORD_BYTES + len(PICTURE)


def test_records_wait_in_their_order_each_once() -> None:
    """A copy is no other record; what cannot be recognised as a copy is."""
    waiting = WaitingRecords(1_000_000)
    given = [record(1), record(2), record(3, key=""), record(4, key="")]
    for each in [*given, record(1, event_id="copy")]:
        waiting.add(each)
    assert list(waiting) == given
    assert len(waiting) == 4
    assert record(1) in waiting
    assert record(5) not in waiting
    assert waiting.knows("front door", "access", "key-1")
    assert not waiting.knows("back door", "access", "key-1")
    assert not waiting.knows("front door", "access", "")


def test_the_oldest_go_when_there_is_no_room() -> None:
    """And it is told how many; what is stored makes room."""
    waiting = WaitingRecords(3 * SIZE)
    for number in range(5):
        waiting.add(record(number, pictures=(jpeg(PICTURE),)))
    assert [each.event_id for each in waiting] == ["event-2", "event-3", "event-4"]
    assert waiting.dropped == 2
    for each in waiting:
        waiting.remove(each)
        waiting.remove(each)
    for number in range(3):
        waiting.add(record(number, pictures=(jpeg(PICTURE),)))
    assert (len(waiting), waiting.dropped) == (3, 2)


def test_what_has_no_picture_takes_room_too() -> None:
    """Or a flood of alarms would fill the memory."""
    waiting = WaitingRecords(10 * RECORD_BYTES)
    for number in range(1000):
        waiting.add(record(number))
    assert len(waiting) == 10
