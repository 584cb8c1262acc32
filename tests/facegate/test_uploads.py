"""Files that are sent to a terminal in pieces."""

from base64 import b64decode
import hashlib
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateTimeoutError,
    FaceGateValidationError,
    persistence,
    upload,
)

from .terminal import SHORT, Terminal, code, success

PATH = "/data_fs/screensaver/NO1.news.png"
# The vendor document's: 200 kB.
MOST = 204_800


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Try again at once; note for how many seconds it would have been waited."""
    noted: list[float] = []

    async def note(seconds: float) -> None:
        noted.append(seconds)

    monkeypatch.setattr(persistence, "sleep", note)
    return noted


@pytest.fixture(autouse=True)
def _no_pause(pauses: list[float]) -> None:
    """Try again at once."""


def parts(terminal: Terminal) -> list[bytes]:
    """Return the pieces that arrived."""
    return [b64decode(sent["data"]) for sent in terminal.sent]


@pytest.mark.parametrize(
    ("size", "pieces"),
    [
        (1, [1]),
        (MOST - 1, [MOST - 1]),
        (MOST, [MOST]),
        (MOST + 1, [MOST, 1]),
        (2 * MOST, [MOST, MOST]),
    ],
)
async def test_a_file_goes_in_pieces(
    terminal: Terminal, size: int, pieces: list[int]
) -> None:
    """None is larger than a terminal takes, and each says where it belongs."""
    terminal.answers["upload file"] = success
    data = bytes(index * 7 % 251 for index in range(size))
    told: list[tuple[int, int]] = []
    await upload(
        terminal.client.request, PATH, data, lambda *arrived: told.append(arrived)
    )

    assert b"".join(parts(terminal)) == data
    assert [sent["size"] for sent in terminal.sent] == pieces
    assert [sent["offset"] for sent in terminal.sent] == [0, MOST][: len(pieces)]
    assert {sent["total_size"] for sent in terminal.sent} == {size}
    assert {sent["path"] for sent in terminal.sent} == {PATH}
    assert [sent["md5sum"] for sent in terminal.sent] == [
        hashlib.md5(part, usedforsecurity=False).hexdigest() for part in parts(terminal)
    ]
    assert told == [(sum(pieces[: index + 1]), size) for index, _ in enumerate(pieces)]


async def test_a_damaged_piece_is_sent_again(terminal: Terminal) -> None:
    """Only that one."""
    answers = iter([{}, {"code": 11}, {"code": 11}, {}])
    terminal.answers["upload file"] = lambda _request: next(answers)
    await upload(terminal.client.request, PATH, bytes(MOST + 5))

    assert [sent["offset"] for sent in terminal.sent] == [0, MOST, MOST, MOST]


async def test_a_lost_piece_is_sent_again() -> None:
    """The terminal may have it or not. Only newer firmware says which of both it answers."""
    terminal = Terminal()
    answers = iter([None, {}])
    terminal.answers["upload file"] = lambda _request: next(answers)

    async def hasty(command: Any, /, **values: Any) -> dict[str, Any]:
        return await terminal.client.request(command, timeout=SHORT, **values)

    await upload(hasty, PATH, b"content")

    assert parts(terminal) == [b"content", b"content"]


async def test_a_broker_that_is_away(terminal: Terminal, pauses: list[float]) -> None:
    """It goes on with the piece that was lost. Home Assistant tries its broker only every ten seconds."""
    terminal.answers["upload file"] = success

    async def cut_off(command: Any, /, **values: Any) -> dict[str, Any]:
        if values["offset"] and sum(pauses) < 30:
            raise FaceGateConnectionError("no broker")
        return await terminal.client.request(command, **values)

    await upload(cut_off, PATH, bytes(MOST + 1))

    assert [sent["offset"] for sent in terminal.sent] == [0, MOST]


async def test_what_is_lost_again_and_again(terminal: Terminal) -> None:
    """At last it is said."""

    async def hasty(command: Any, /, **values: Any) -> dict[str, Any]:
        return await terminal.client.request(command, timeout=SHORT, **values)

    with pytest.raises(FaceGateTimeoutError):
        await upload(hasty, PATH, b"content")
    assert len(terminal.sent) == persistence.TRIES


@pytest.mark.parametrize(
    ("refusal", "times"), [(11, persistence.TRIES), (20, 1), (23, 1)]
)
async def test_a_refusal(terminal: Terminal, refusal: int, times: int) -> None:
    """What would be refused again is not tried again, and nothing more is sent."""
    terminal.answers["upload file"] = code(refusal)
    with pytest.raises(FaceGateCommandError) as raised:
        await upload(terminal.client.request, PATH, bytes(MOST + 1))
    assert raised.value.code == refusal
    assert len(terminal.sent) == times


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "news.png",
        "/data_fs/",
        "/data_fs/../etc/passwd",
        "/..",
        "/a\nb",
        "/a\0",
    ],
)
async def test_a_path_that_leads_elsewhere(terminal: Terminal, path: str) -> None:
    """Nothing is sent."""
    with pytest.raises(FaceGateValidationError):
        await upload(terminal.client.request, path, b"content")
    assert terminal.sent == []


async def test_a_name_with_dots(terminal: Terminal) -> None:
    """Leads nowhere else."""
    terminal.answers["upload file"] = success
    await upload(terminal.client.request, "/data_fs/a..b", b"content")
    assert len(terminal.sent) == 1


async def test_an_empty_file(terminal: Terminal) -> None:
    """Cannot be sent: there would be no piece of it."""
    with pytest.raises(FaceGateValidationError):
        await upload(terminal.client.request, PATH, b"")
    assert terminal.sent == []
