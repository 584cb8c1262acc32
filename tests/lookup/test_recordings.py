"""What is read of a recording on a camera, and where it is."""

from datetime import date, datetime, timedelta

import pytest

from custom_components.thermogate.guide import (
    Channel,
    MediaKind,
    Recording,
    RecordingKind,
)
from custom_components.thermogate.lookup.recordings import (
    REASONS,
    SHELVES,
    Place,
    file_title,
    is_here,
    parse,
)

START = datetime(2026, 6, 15, 14, 3, 12)


def recording(
    media: MediaKind = MediaKind.VIDEO,
    *,
    kind: RecordingKind | None = RecordingKind.HOT_SPOT,
    start: datetime | None = START,
    seconds: int | None = None,
) -> Recording:
    """Return a recording that lasts so long."""
    end = None if seconds is None else START + timedelta(seconds=seconds)
    return Recording(
        channel=Channel.THERMAL, media=media, kind=kind, start=start, end=end
    )


@pytest.mark.parametrize(
    ("stored", "title"),
    [
        (recording(), "14:03:12 Hot spot"),
        (recording(seconds=59), "14:03:12 Hot spot, 59 s"),
        (recording(seconds=60), "14:03:12 Hot spot, 1 min"),
        (recording(seconds=125), "14:03:12 Hot spot, 2 min 5 s"),
        (recording(seconds=0), "14:03:12 Hot spot"),
        (recording(seconds=-5), "14:03:12 Hot spot"),
        (recording(MediaKind.PICTURE, seconds=5), "14:03:12 Hot spot"),
        (recording(kind=RecordingKind.MANUAL), "14:03:12 Recorded by hand"),
        (recording(kind=None), "14:03:12 Recorded"),
        (recording(start=None), "Hot spot"),
    ],
)
def test_titles(stored: Recording, title: str) -> None:
    """When, why and how long, as far as the camera tells."""
    assert file_title(stored) == title


def test_everything_has_a_name() -> None:
    """Each reason of the document, each lens and kind."""
    assert REASONS.keys() == {*RecordingKind, None}
    assert SHELVES.keys() == {(lens, kind) for lens in Channel for kind in MediaKind}


@pytest.mark.parametrize(
    "place",
    [
        Place(device="a serial & number?"),
        Place(device="1", channel=Channel.THERMAL, media=MediaKind.VIDEO),
        Place(
            device="1",
            channel=Channel.THERMAL,
            media=MediaKind.VIDEO,
            after="2026-05",
        ),
        Place(
            device="1",
            channel=Channel.VISIBLE,
            media=MediaKind.PICTURE,
            day=date(2026, 6, 15),
            after="50",
        ),
        Place(
            device="1",
            channel=Channel.VISIBLE,
            media=MediaKind.PICTURE,
            day=date(2026, 6, 15),
            file="0123456789abcdef" * 2,
        ),
    ],
)
def test_an_identifier_says_which_place_it_is(place: Place) -> None:
    """And is read as that place."""
    assert is_here(place.identifier)
    assert parse(place.identifier) == place
