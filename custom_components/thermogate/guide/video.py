"""Video over a WebSocket (vendor document, appendix II): a greeting, and then H.264 as it is, a unit per message."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from .errors import GuideConnectionError, GuideTimeoutError
from .link import Link

_GREETING: Final = b"\x71\x85\x73\x68\x01"
_TOKEN_BYTES: Final = 32
_PATH: Final = "/ws"
_CONNECT: Final = 10.0
# After so many seconds without a picture the camera's own web page takes the stream for dead (seen on devices).
SILENCE: Final = 30.0
# More than any picture of a camera takes.
_LONGEST: Final = 4 * 1024 * 1024


class VideoStream(NamedTuple):
    """Which stream: in the greeting the thermal lens is 1 and the visible one 2, the large stream 1 and the small one 2."""

    lens: int
    size: int


STREAMS: Final = {
    "thermal": VideoStream(1, 1),
    "thermal_sub": VideoStream(1, 2),
    "visible": VideoStream(2, 1),
    "visible_sub": VideoStream(2, 2),
}


async def watch(
    link: Link, websession: aiohttp.ClientSession, host: str, stream: str
) -> AsyncGenerator[bytes]:
    """Yield what the camera sends of a stream of `STREAMS`, until it hangs up.

    GuideConnectionError when it cannot be watched, GuideTimeoutError when nothing more comes, and what `GuideClient` raises
    for a session that cannot be renewed.
    """
    asked = STREAMS[stream]
    # The greeting gets no answer: that a session has ended would not be found out by it.
    token = (await link.secret()).encode()
    if len(token) != _TOKEN_BYTES:
        raise GuideConnectionError("The session's token is none for video")
    info = link.info
    port = info.ir_video_port if asked.lens == 1 else info.vl_video_port
    url = URL.build(scheme="ws", host=host, port=port, path=_PATH)
    try:
        async with asyncio.timeout(_CONNECT):
            socket = await websession.ws_connect(url, max_msg_size=_LONGEST)
            await socket.send_bytes(_GREETING + bytes(asked) + token)
    except TimeoutError:
        raise GuideTimeoutError("The video did not open in time") from None
    except (aiohttp.ClientError, OSError) as err:
        raise GuideConnectionError(
            f"The video did not open: {type(err).__name__}"
        ) from err
    try:
        while True:
            async with asyncio.timeout(SILENCE):
                message = await socket.receive()
            if message.type is not aiohttp.WSMsgType.BINARY:
                return
            yield message.data
    except TimeoutError:
        raise GuideTimeoutError("No more video") from None
    finally:
        await socket.close()
