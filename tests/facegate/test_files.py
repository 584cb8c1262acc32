"""Files from a terminal."""

import base64
from collections.abc import Callable
import hashlib
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FOLDER,
    FaceGateCommandError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateValidationError,
    check_file,
    download,
    persistence,
)
from tests.facegate.terminal import SHORT, Answer, Terminal, code

PATH = "/data_fs/log/today.txt"
CHUNK = 10_240


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(persistence, "PAUSE", 0)


def contents(size: int) -> bytes:
    """Return a file in which no two chunks are alike."""
    return hashlib.shake_128(b"file").digest(size)


def file(
    data: bytes, change: Callable[[dict[str, Any], int], Any] | None = None
) -> Answer:
    """Answer with chunks of a file; `change` may alter the answer to the request of a number, counted from 1."""
    count = 0

    def answer(message: dict[str, Any]) -> dict[str, Any] | None:
        nonlocal count
        count += 1
        offset, size = message["offset"], message["size"]
        chunk = data[offset : offset + size]
        fields = {
            "path": message["path"],
            "total_size": len(data),
            "offset": offset,
            "size": len(chunk),
            "data": base64.b64encode(chunk).decode(),
            "md5sum": hashlib.md5(chunk).hexdigest(),
        }
        if change:
            changed: dict[str, Any] | None = change(fields, count)
            return changed
        return fields

    return answer


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_a_file_comes_in_chunks(terminal: Terminal, size: int) -> None:
    """As many as it takes, and what has come is told."""
    terminal.answers["download file"] = file(contents(size))
    told: list[tuple[int, int]] = []
    found = await download(
        terminal.client.request,
        PATH,
        progress=lambda done, total: told.append((done, total)),
    )
    assert found == contents(size)
    chunks = [(sent["offset"], sent["size"]) for sent in terminal.sent]
    assert chunks == [(offset, CHUNK) for offset in range(0, max(size, 1), CHUNK)]
    assert told == [(min(offset + CHUNK, size), size) for offset, _ in chunks]


def without(*names: str) -> Callable[[dict[str, Any], int], Any]:
    """Leave fields out of every answer."""
    return lambda fields, _: {
        name: value for name, value in fields.items() if name not in names
    }


async def test_what_an_answer_repeats_may_be_missing(terminal: Terminal) -> None:
    """The size of the file and the data are what is needed."""
    terminal.answers["download file"] = file(
        contents(CHUNK + 5), without("path", "offset", "size", "md5sum")
    )
    assert await download(terminal.client.request, PATH) == contents(CHUNK + 5)


async def test_chunks_may_be_of_another_size(terminal: Terminal) -> None:
    """The document's own example answers with more than may be asked for."""
    data = contents(5 * CHUNK)

    def more(message: dict[str, Any]) -> dict[str, Any]:
        return file(data)({**message, "size": 2 * CHUNK}) or {}

    terminal.answers["download file"] = more
    assert await download(terminal.client.request, PATH) == data
    assert [sent["offset"] for sent in terminal.sent] == [0, 2 * CHUNK, 4 * CHUNK]


DAMAGES: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
    "lost": lambda _: None,
    "busy": lambda _: {"code": 5},
    "refused": lambda _: {"code": 11},
    "altered": lambda fields: fields | {"data": base64.b64encode(b"other").decode()},
    "cut short": lambda fields: fields | {"data": fields["data"][:400]},
    "unreadable": lambda fields: fields | {"data": "?"},
    "empty": lambda fields: fields | {"data": "", "size": 0, "md5sum": ""},
    "beyond the end": lambda fields: fields | {"total_size": 5},
    "without size": lambda fields: fields | {"total_size": None},
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_chunk_that_does_not_arrive_is_asked_for_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """And what arrived before it is not."""
    monkeypatch.setattr(terminal.client, "_timeout", SHORT)
    data = contents(3 * CHUNK)
    terminal.answers["download file"] = file(
        data,
        lambda fields, number: DAMAGES[damage](fields) if number in (2, 3) else fields,
    )
    assert await download(terminal.client.request, PATH) == data
    assert [sent["offset"] // CHUNK for sent in terminal.sent] == [0, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ("lost", FaceGateTimeoutError),
        ("busy", FaceGateCommandError),
        ("altered", FaceGateMessageError),
    ],
)
async def test_what_never_arrives_is_given_up(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
    error: type[Exception],
) -> None:
    """After some tries, one less than which is not too few."""
    monkeypatch.setattr(terminal.client, "_timeout", SHORT)
    data = contents(CHUNK)
    terminal.answers["download file"] = file(
        data, lambda fields, number: DAMAGES[damage](fields)
    )
    with pytest.raises(error):
        await download(terminal.client.request, PATH)
    assert len(terminal.sent) == persistence.TRIES
    terminal.answers["download file"] = file(
        data,
        lambda fields, number: (
            DAMAGES[damage](fields) if number < persistence.TRIES else fields
        ),
    )
    assert await download(terminal.client.request, PATH) == data


async def test_a_refusal_is_final(terminal: Terminal) -> None:
    """A file that is not there does not come by asking."""
    terminal.answers["download file"] = code(24)
    with pytest.raises(FaceGateCommandError):
        await download(terminal.client.request, PATH)
    assert len(terminal.sent) == 1


async def test_a_file_that_changes_meanwhile(terminal: Terminal) -> None:
    """Halves of two files are none."""
    terminal.answers["download file"] = file(
        contents(3 * CHUNK),
        lambda fields, number: fields | {"total_size": 3 * CHUNK + number // 2},
    )
    with pytest.raises(FaceGateMessageError, match="changed"):
        await download(terminal.client.request, PATH)


async def test_a_file_that_is_too_large(terminal: Terminal) -> None:
    """It is given up after the first chunk; one that just fits is not."""
    terminal.answers["download file"] = file(contents(2 * CHUNK))
    request = terminal.client.request
    with pytest.raises(FaceGateValidationError):
        await download(request, PATH, most=2 * CHUNK - 1)
    assert len(terminal.sent) == 1
    assert len(await download(request, PATH, most=2 * CHUNK)) == 2 * CHUNK


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        FOLDER,
        "data_fs/x",
        "/etc/passwd",
        "/data_fsx/x",
        "/data_fs/../etc/passwd",
        "/data_fs/a/..",
        "/data_fs/a/",
        "/data_fs/a\nb",
        "/data_fs/\ud800",
    ],
)
async def test_paths_that_lead_elsewhere(terminal: Terminal, path: str) -> None:
    """Nothing is asked for."""
    with pytest.raises(FaceGateValidationError):
        await download(terminal.client.request, path)
    assert terminal.sent == []


@pytest.mark.parametrize(
    "path", ["/data_fs/x", "/data_fs/a/b.c", "/data_fs/..x", "/data_fs/日志 1.txt"]
)
def test_paths_that_do(path: str) -> None:
    """Whatever is below the folder."""
    check_file(path)


async def test_an_answer_that_is_only_late(
    silent: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers the second request as well as the first; what answers the second is then nobody's."""
    monkeypatch.setattr(silent.client, "_timeout", SHORT)
    data = contents(2 * CHUNK)
    first: list[dict[str, Any]] = []

    def late(message: dict[str, Any]) -> dict[str, Any] | None:
        answer = file(data)(message) or {}
        if len(silent.sent) == 1:
            first.append(answer)
            return None
        if len(silent.sent) == 2:
            silent.reply(message, **first[0])
        return answer

    silent.answers["download file"] = late
    assert await download(silent.client.request, PATH) == data
    assert [sent["offset"] for sent in silent.sent] == [0, 0, CHUNK]
