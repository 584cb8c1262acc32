"""The four streams, encoded only while somebody watches and once for all who do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import time

from .camera import Camera
from .encoder import Encoder, is_key
from .pictures import Pixels
from .settings import VIDEO

# Paths as 500 tells them, and the type command 23 gives each stream.
STREAMS = {
    "/video1/stream0": ("ir", 3),
    "/video1/stream1": ("ir", 4),
    "/video2/stream0": ("vl", 1),
    "/video2/stream1": ("vl", 2),
}
# A viewer that is so many pictures behind misses some, up to the next key picture.
MOST_WAITING = 30


@dataclass(frozen=True)
class Picture:
    """One encoded picture: its units, and when it was taken in seconds of a steady clock."""

    units: list[bytes]
    taken: float
    key: bool


@dataclass(eq=False)
class Viewer:
    """Somebody who watches; begins with a key picture."""

    pictures: asyncio.Queue[Picture] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING)
    )
    waits_for_key: bool = True

    def offer(self, picture: Picture) -> None:
        """Hand over a picture, or drop it when the viewer is too slow."""
        if self.waits_for_key and not picture.key:
            return
        self.waits_for_key = self.pictures.full()
        if not self.waits_for_key:
            self.pictures.put_nowait(picture)


class Stream:
    """One path."""

    def __init__(self, camera: Camera, channel: str, kind: int) -> None:
        """Wait for the first viewer."""
        self._camera = camera
        self._channel = channel
        self._kind = kind
        self._viewers: set[Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        # Pictures encoded so far.
        self.encoded = 0

    @property
    def encoding(self) -> bool:
        """Tell whether pictures are being encoded."""
        return self._task is not None

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Viewer]:
        """Watch; the encoder stops when the last viewer goes."""
        viewer = Viewer()
        self._viewers.add(viewer)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            if not self._viewers:
                await self.stop()

    async def stop(self) -> None:
        """Stop encoding."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                # It ended by itself: a defect.
                task.result()

    def _open_encoder(self) -> tuple[Encoder, int, tuple[int, int]]:
        """Return an encoder as command 23 set it, its pictures a second, its size."""
        params = self._camera.settings[VIDEO]["params"]
        settings = next(item for item in params if item["type"] == self._kind)
        width, height = (int(part) for part in settings["ratio"].split("x"))
        fps = settings["fps"]
        encoder = Encoder(
            width, height, fps, settings["gop_size"], settings["bit_size"]
        )
        return encoder, fps, (width, height)

    async def _picture(self, size: tuple[int, int]) -> Pixels:
        if self._channel == "ir":
            return await self._camera.thermal()
        return await self._camera.visible(*size)

    async def _run(self) -> None:
        """Encode at an even pace until cancelled."""
        encoder, fps, size = await self._camera.draw(self._open_encoder)
        due = time.monotonic()
        while True:
            taken = time.monotonic()
            pixels = await self._picture(size)
            units = await self._camera.draw(encoder.encode, pixels)
            self.encoded += 1
            picture = Picture(units, taken, is_key(units))
            for viewer in self._viewers:
                viewer.offer(picture)
            # A slow machine shows fewer pictures rather than old ones.
            due = max(due + 1 / fps, time.monotonic())
            await asyncio.sleep(due - time.monotonic())


class Video:
    """All streams of a camera."""

    def __init__(self, camera: Camera) -> None:
        """Prepare the streams."""
        self._camera = camera
        self._streams = {path: Stream(camera, *what) for path, what in STREAMS.items()}

    def find(self, path: str) -> Stream | None:
        """Return a stream; a camera without visible channel has only two."""
        if "ir-only" in self._camera.quirks and path.startswith("/video2"):
            return None
        return self._streams.get(path)

    async def stop(self) -> None:
        """Stop all encoders."""
        for stream in self._streams.values():
            await stream.stop()
