"""The files a camera serves: pictures, recordings, reports, logs, sounds; and the history it claims to have.

The history is made up from the date: each of the last 30 days has a few recordings and pictures per channel; the pictures of
alarms that there were come on top.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
import io
import json
import math
import struct
import tarfile
from typing import TYPE_CHECKING, Any
import wave

from .encoder import encode_clip
from .fields import TIME_FORMAT
from .pictures import jpeg

if TYPE_CHECKING:
    from .camera import Camera

FILES_KEPT = 100
# Hour, minute and kind (513: 1 alarm, 3 hot spot, 5 by hand, 7 external input) of what each day has.
MOMENTS = ((6, 12, 1), (9, 47, 3), (13, 5, 5), (17, 30, 1), (21, 58, 7))
CHANNELS = {1: "vl", 2: "ir"}
VIDEO, PICTURE = 1, 2
ENDINGS = {VIDEO: "h264", PICTURE: "jpg"}
LENGTHS = {VIDEO: timedelta(seconds=10), PICTURE: timedelta()}
# Made-up files are filled up with zero bytes, so that a list can tell their size beforehand.
SIZES = {VIDEO: 400_000, PICTURE: 160_000}
CLIP_FRAMES = 10
SOUNDS = {"/sound/0.wav": 440, "/sound/1.wav": 660, "/sound/2.wav": 880}


@dataclass(frozen=True)
class Evidence:
    """What an alarm shows of one channel: paths of a picture and a recording, and the picture itself."""

    picture_url: str
    video_url: str
    jpeg: bytes


@dataclass(frozen=True)
class Stored:
    """A picture of an alarm that there was, as 513 lists it."""

    moment: datetime
    channel: str
    entry: dict[str, Any]


class Files:
    """What GET finds, by path."""

    def __init__(self, camera: Camera) -> None:
        """Start without files but those that are made on demand."""
        self._camera = camera
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._alarms: deque[Stored] = deque(maxlen=FILES_KEPT)
        # What was uploaded, by kind: the last part of the path before the token.
        self.uploads: dict[str, bytes] = {}

    def put(self, path: str, data: bytes) -> str:
        """Keep a file and return its path; the oldest goes when there are too many."""
        self._kept[path] = data
        if len(self._kept) > FILES_KEPT:
            self._kept.popitem(last=False)
        return path

    async def get(self, path: str) -> bytes | None:
        """Return a file, made on demand when it is of a kind that can be; None when there is none."""
        if path in self._kept:
            return self._kept[path]
        if path in SOUNDS:
            return tone(SOUNDS[path])
        if path.startswith("/history/"):
            return await self._made_up(path)
        if path.startswith("/video/"):
            return await self._clip("vl" if "_vl" in path else "ir")
        return None

    def clear(self) -> None:
        """Forget what was kept."""
        self._kept.clear()

    def history(
        self, start: datetime, end: datetime, channel: int, kind: int
    ) -> list[dict[str, Any]]:
        """Return the recordings or pictures of a channel that began between two moments, oldest first (513).

        What is made up comes before the alarms that there were.
        """
        found = []
        day = max(start.date(), self.first_day())
        while day <= min(end.date(), self._camera.clock().date()):
            found += [
                entry
                for entry in self._entries(day, channel, kind)
                if start <= datetime.strptime(entry["start"], TIME_FORMAT) <= end
            ]
            day += timedelta(days=1)
        return found + [
            stored.entry
            for stored in self._alarms
            if kind == PICTURE
            and stored.channel == CHANNELS[channel]
            and start <= stored.moment <= end
        ]

    def first_day(self) -> date:
        """Return the first day of what is made up."""
        days = self._camera.options.days_of_history
        return self._camera.clock().date() - timedelta(days=days - 1)

    def _entries(self, day: date, channel: int, kind: int) -> list[dict[str, Any]]:
        """Return what one day has, as 513 lists it; every fifth day has nothing."""
        if day.toordinal() % 5 == 0:
            return []
        now = self._camera.clock()
        entries = []
        for hour, minute, why in MOMENTS[: 2 + day.toordinal() % 4]:
            begin = datetime(day.year, day.month, day.day, hour, minute)
            if begin > now:
                break
            entries.append(
                {
                    "type": why,
                    "url": f"/history/{CHANNELS[channel]}/{begin:%Y%m%d_%H%M%S}.{ENDINGS[kind]}",
                    "start": begin.strftime(TIME_FORMAT),
                    "end": (begin + LENGTHS[kind]).strftime(TIME_FORMAT),
                    "filesize": SIZES[kind],
                }
            )
        return entries

    async def _made_up(self, path: str) -> bytes | None:
        """Return a file of the history."""
        parts = path.removeprefix("/history/").split("/")
        if len(parts) != 2 or parts[0] not in CHANNELS.values():
            return None
        if parts[1].endswith(".jpg"):
            camera = self._camera
            picture = camera.visible_jpeg if parts[0] == "vl" else camera.thermal_jpeg
            return (await picture()).ljust(SIZES[PICTURE], b"\0")
        if parts[1].endswith(".h264"):
            return (await self._clip(parts[0])).ljust(SIZES[VIDEO], b"\0")
        return None

    async def _clip(self, channel: str) -> bytes:
        """Return two seconds of H.264."""
        camera = self._camera
        frames = [
            await camera.visible(640, 480)
            if channel == "vl"
            else await camera.thermal()
            for _ in range(CLIP_FRAMES)
        ]
        return await camera.draw(encode_clip, frames)

    async def keep_evidence(self, moment: datetime, why: int) -> dict[str, Evidence]:
        """Keep a visible and a thermal picture of now and return them by channel; `why` is the kind that 513 tells."""
        camera = self._camera
        stamp = f"{moment:%Y%m%d_%H%M%S_%f}"
        pictures = {"ir": await camera.thermal_jpeg()}
        if "ir-only" not in camera.quirks:
            pixels = await camera.visible(640, 360)
            pictures["vl"] = await camera.draw(jpeg, pixels)
        when = moment.strftime(TIME_FORMAT)
        self._alarms += [
            Stored(
                moment.replace(microsecond=0),
                channel,
                {
                    "type": why,
                    "url": f"/picture/{stamp}_{channel}.jpg",
                    "start": when,
                    "end": when,
                    "filesize": len(data),
                },
            )
            for channel, data in pictures.items()
        ]
        return {
            channel: Evidence(
                self.put(f"/picture/{stamp}_{channel}.jpg", data),
                f"/video/{stamp}_{channel}.h264",
                data,
            )
            for channel, data in pictures.items()
        }

    def put_log(self) -> str:
        """Keep a package of logs and return its path."""
        text = "".join(
            f"{request.transport} {request.cmdtype} {request.retcode}\n"
            for request in self._camera.requests[-1000:]
        ).encode()
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as package:
            entry = tarfile.TarInfo("log/camera.log")
            entry.size = len(text)
            package.addfile(entry, io.BytesIO(text))
        return self.put("/download/log.tar.gz", buffer.getvalue())

    def put_settings(self) -> str:
        """Keep all settings as a file and return its path."""
        camera = self._camera
        values = {
            number: camera.settings.get(number + 1, {})
            for number in range(1, 58, 2)
            if number != 37
        }
        return self.put("/download/config.bin", json.dumps(values).encode())


def tone(frequency: int) -> bytes:
    """Return half a second of a tone as WAV."""
    rate = 8000
    samples = [
        int(12000 * math.sin(2 * math.pi * frequency * n / rate))
        for n in range(rate // 2)
    ]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return buffer.getvalue()
