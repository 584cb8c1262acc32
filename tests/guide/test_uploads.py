"""Files that a camera takes."""

import asyncio
from pathlib import Path
import tracemalloc
from unittest.mock import patch

from aiohttp import BodyPartReader, web
import pytest

from custom_components.thermogate.guide import (
    PACKAGES,
    UPLOADS,
    GuideCommandError,
    GuideConnectionError,
    GuideTimeoutError,
    GuideValidationError,
)
from custom_components.thermogate.guide.uploads import CHUNK

from .conftest import Watched
from .fake import FakeCamera

MEGABYTE = 1024 * 1024
# Three pieces.
CONTENT = bytes(range(256)) * (CHUNK // 100)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of three pieces."""
    path = tmp_path / "Firmware V1 (ö).bin"
    path.write_bytes(CONTENT)
    return path


def answering(camera: FakeCamera, text: str) -> list[tuple[str, str, bytes]]:
    """Let the camera take files and answer so; return what it took: address, name, content."""
    taken: list[tuple[str, str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        part = await (await request.multipart()).next()
        assert isinstance(part, BodyPartReader)
        assert request.content_length
        taken.append((request.path, part.filename or "", bytes(await part.read())))
        return web.Response(text=text, content_type="text/html")

    camera.take_upload = take
    return taken


@pytest.mark.parametrize("cmdtype", UPLOADS)
async def test_a_file_arrives(
    camera: FakeCamera, connected: Watched, file: Path, cmdtype: int
) -> None:
    """Whole, at the address of its kind with the session's secret, and how far it is, is told."""
    taken = answering(camera, f'{{"cmdtype":{cmdtype},"retcode":0}}')
    told: list[tuple[int, int]] = []
    await connected.upload(cmdtype, file, lambda *done: told.append(done))
    size = len(CONTENT)
    assert taken == [(f"{UPLOADS[cmdtype]}/token1", "Firmware_V1____.bin", CONTENT)]
    assert told == [(CHUNK, size), (2 * CHUNK, size), (size, size)]


def test_every_upload_has_a_name() -> None:
    """And one only."""
    assert sorted(PACKAGES.values()) == sorted(UPLOADS)


@pytest.mark.parametrize(
    ("code", "slug"), [(10012, "same_version"), (10013, "lower_version")]
)
async def test_what_the_camera_refuses(
    camera: FakeCamera, connected: Watched, file: Path, code: int, slug: str
) -> None:
    """Is told with its code."""
    answering(camera, f'{{"cmdtype":754,"retcode":{code},"retmsg":"no"}}')
    with pytest.raises(GuideCommandError) as err:
        await connected.upload(754, file)
    assert (err.value.cmdtype, err.value.code, err.value.slug) == (754, code, slug)


@pytest.mark.parametrize("text", ["", "<html>", "[]"])
async def test_an_answer_that_is_none(
    camera: FakeCamera, connected: Watched, file: Path, text: str
) -> None:
    """Nobody knows whether it was taken."""
    answering(camera, text)
    with pytest.raises(GuideConnectionError):
        await connected.upload(754, file)


async def test_a_session_that_has_ended_is_renewed_first(
    camera: FakeCamera, connected: Watched, file: Path
) -> None:
    """A question finds out, not the whole file."""
    taken = answering(camera, '{"retcode":0}')
    camera.codes[505] = [10005, 0]
    await connected.upload(753, file)
    assert [path for path, _, _ in taken] == ["/upload/config/token2"]


async def test_a_camera_that_takes_no_more(
    camera: FakeCamera, connected: Watched, file: Path
) -> None:
    """Is waited for no longer than it must be."""
    stuck = asyncio.Event()

    async def take(_: web.Request) -> web.Response:
        await stuck.wait()
        return web.Response()

    camera.take_upload = take
    with (
        patch("custom_components.thermogate.guide.uploads.STALLED", 0.05),
        pytest.raises(GuideTimeoutError),
    ):
        await connected.upload(754, file)
    stuck.set()


async def test_nothing_is_sent_of_nothing(
    camera: FakeCamera, connected: Watched, tmp_path: Path, file: Path
) -> None:
    """An empty file, none at all, or an upload that does not exist."""
    taken = answering(camera, '{"retcode":0}')
    (tmp_path / "empty").touch()
    with pytest.raises(GuideValidationError):
        await connected.upload(754, tmp_path / "empty")
    with pytest.raises(GuideValidationError):
        await connected.upload(520, file)
    with pytest.raises(OSError):
        await connected.upload(754, tmp_path / "none")
    assert not taken


async def test_a_file_that_becomes_shorter_on_the_way(
    camera: FakeCamera, connected: Watched, file: Path
) -> None:
    """Is not taken for a whole one."""
    answering(camera, '{"retcode":0}')

    def shorten(*_: int) -> None:
        with file.open("r+b") as opened:
            opened.truncate(CHUNK)

    with pytest.raises(GuideConnectionError):
        await connected.upload(754, file, shorten)


async def test_a_large_file_is_never_in_memory(
    camera: FakeCamera, connected: Watched, tmp_path: Path
) -> None:
    """Piece by piece."""
    path = tmp_path / "large.bin"
    with path.open("wb") as opened:
        opened.truncate(64 * MEGABYTE)
    received = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal received
        async for piece in request.content.iter_any():
            received += len(piece)
        return web.Response(text='{"retcode":0}')

    camera.take_upload = take
    tracemalloc.start()
    try:
        await connected.upload(754, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received > 64 * MEGABYTE
    assert peak < 16 * MEGABYTE
