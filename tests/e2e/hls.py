"""Reading HLS as a browser would: playlists by text, pictures by decoder."""

from io import BytesIO
import re

import av

from demo.home_assistant import Api

from .devices import Json
from .house import eventually

INIT = re.compile(r'#EXT-X-MAP:URI="([^"]+)"')


async def first_frame(api: Api, entity_id: str) -> av.VideoFrame:
    """Ask Home Assistant for a stream of a camera, and decode the first picture of its first segment."""
    answer: Json = await api.ws({"type": "camera/stream", "entity_id": entity_id})
    master = answer["url"]
    folder = master.rpartition("/")[0]
    playlist = f"{folder}/{_lines(await api.get_bytes(master))[0]}"

    async def first_segment() -> tuple[str, str] | None:
        text = (await api.get_bytes(playlist)).decode()
        init, segments = INIT.search(text), _lines(text.encode())
        return (init[1], segments[0]) if init and segments else None

    names = await eventually(first_segment, f"segment of {entity_id}", 30)
    parts = [await api.get_bytes(f"{folder}/{name}") for name in names]
    with av.open(BytesIO(b"".join(parts)), "r") as video:
        return next(video.decode(video=0))


def _lines(playlist: bytes) -> list[str]:
    """Return the addresses in a playlist."""
    lines = playlist.decode().splitlines()
    return [line.removeprefix("./") for line in lines if line and not line.startswith("#")]  # fmt: skip
