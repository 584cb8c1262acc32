"""The network sides that are HTTP: requests and files, the control WebSocket, the video WebSockets."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import hashlib
import struct
from typing import Any

from aiohttp import BodyPartReader, WSMsgType, web

from tests.simulators.ports import free_port

from . import wire
from .camera import Camera, Peer
from .codes import EMPTY_CONTENT, NOT_LOGGED_IN, OK, Refused
from .commands import CONTROL_PATH
from .encoder import with_start_codes
from .sessions import Session
from .signature import is_signed
from .video import Video

LARGEST_UPLOAD = 256 * 1024 * 1024
LARGEST_FRAME = 16 * 1024 * 1024
# What an upload is answered as.
UPLOADS = {
    "lowpkg": 751,
    "highpkg": 752,
    "config": 753,
    "apppkg": 754,
    "ascpkg": 755,
    "firebin": 756,
    "fireparam": 757,
    "distparam": 758,
}
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "h264": "video/h264",
    "csv": "text/csv",
    "wav": "audio/wav",
}
HTML_ERROR = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
# The greeting of a video WebSocket: head, 1, channel, stream, token (appendix II).
GREETING = struct.Struct(">4sBBB32s")
GREETING_HEAD = b"\x71\x85\x73\x68"
GREETING_TIME = 1.0
VIDEO_PATHS = {
    (1, 1): "/video1/stream0",
    (1, 2): "/video1/stream1",
    (2, 1): "/video2/stream0",
    (2, 2): "/video2/stream1",
}


class Listener:
    """One aiohttp application on one port, which can close and come back on the same port."""

    def __init__(self, application: web.Application, host: str, port: int) -> None:
        """Prepare; 0 picks a free port when first opened."""
        self._application = application
        self._host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Listen; nothing happens when it does already."""
        if self._runner is not None:
            return
        runner = web.AppRunner(
            self._application,
            access_log=None,
            handle_signals=False,
            shutdown_timeout=0.05,
        )
        await runner.setup()
        self.port = self.port or free_port(self._host)
        await web.TCPSite(runner, self._host, self.port, reuse_address=True).start()
        self._runner = runner

    async def move(self, host: str, port: int) -> None:
        """Listen elsewhere; nothing happens when that is where it is."""
        if (host, port) == (self._host, self.port):
            return
        await self.close()
        self._host, self.port = host, port
        await self.open()

    async def close(self) -> None:
        """Stop listening and cut what is connected."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()


@dataclass(eq=False)
class Connection:
    """One control WebSocket."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    peer: Peer


class Web:
    """Everything HTTP of one camera."""

    def __init__(self, camera: Camera, video: Video) -> None:
        """Prepare; `answering` is cleared while the camera is deaf and mute."""
        self._camera = camera
        self._video = video
        self.answering = asyncio.Event()
        self.answering.set()
        self.connections: set[Connection] = set()
        self._others: set[asyncio.Transport] = set()
        self._sequence = 0
        # Told when a wrong login locked the account: user name and address.
        self.on_locked: Callable[[str, str], Awaitable[None]] | None = None

    # Applications

    def http(self) -> web.Application:
        """Return requests, uploads and files: port 80 of a real camera."""
        application = web.Application(
            client_max_size=LARGEST_UPLOAD, middlewares=[self._gate]
        )
        for path in ("/getmsginfo", "/api/v1/msg"):
            application.router.add_post(path, self._post_request)
        for method in ("POST", "PUT"):
            application.router.add_route(method, "/upload/{kind}/{token}", self._upload)
        application.router.add_get("/{path:.*}", self._download)
        return application

    def control(self) -> web.Application:
        """Return the control WebSocket: port 9980 of a real camera."""
        application = web.Application(middlewares=[self._gate])
        application.router.add_get(CONTROL_PATH, self._control)
        return application

    def video(self, channel: int) -> web.Application:
        """Return the video WebSocket of a channel, 1 thermal and 2 visible: ports 9982 and 9981."""
        application = web.Application(middlewares=[self._gate])

        async def watch(request: web.Request) -> web.StreamResponse:
            return await self._watch(request, channel)

        application.router.add_get("/ws", watch)
        return application

    @web.middleware
    async def _gate(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Hold every request while the camera is deaf and mute; remember its connection."""
        transport = request.transport
        if transport is not None:
            self._others.add(transport)
        try:
            await self.answering.wait()
            return await handler(request)
        finally:
            if transport is not None:
                self._others.discard(transport)

    # Requests and files over HTTP

    async def _post_request(self, request: web.Request) -> web.Response:
        """Answer one request; the answer calls itself HTML, as real ones do."""
        quirks = self._camera.quirks
        body = await request.read()
        if "html-body" in quirks:
            return web.Response(text=HTML_ERROR, content_type="text/html")
        peer = Peer("http", request.remote or "")
        if is_signed(request, body, self._camera.options.app_key):
            body = self._camera.with_session(body)
        answer = await self._camera.answer(body, peer)
        await self._tell_lock(peer)
        if answer is None or (
            "empty-http-body" in quirks and f'"retcode":{NOT_LOGGED_IN}' in answer
        ):
            return web.Response(text="", content_type="text/html")
        return web.Response(text=answer, content_type="text/html")

    async def _download(self, request: web.Request) -> web.Response:
        """Answer with a file."""
        path = "/" + request.match_info["path"]
        data = await self._camera.files.get(path)
        self._camera.log.write("download", path=path, found=data is not None)
        if data is None:
            return web.Response(
                status=404,
                text=HTML_ERROR.replace("502 Bad Gateway", "404 Not Found"),
                content_type="text/html",
            )
        kind = CONTENT_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
        return _answer_file(request, data, kind, "no-ranges" in self._camera.quirks)

    async def _upload(self, request: web.Request) -> web.Response:
        """Take a file: the bare body, or the first part of a form."""
        kind = request.match_info["kind"]
        outcome: dict[str, Any] | None | Refused = None
        data = b""
        try:
            if kind not in UPLOADS:
                raise web.HTTPNotFound
            self._camera.sessions.find(request.match_info["token"], self._camera.now())
            data = await _uploaded(request)
            await self._camera.take_file(UPLOADS[kind], data, request.remote or "")
            self._camera.files.uploads[kind] = data
        except Refused as refusal:
            outcome = refusal
        code = outcome.code if isinstance(outcome, Refused) else OK
        self._camera.log.write(
            "upload",
            what=kind,
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            retcode=code,
        )
        envelope = {"cmdtype": UPLOADS[kind], "sequence": 1}
        return web.Response(
            text=wire.reply(envelope, outcome, self._camera.quirks),
            content_type="text/html",
        )

    # The control WebSocket

    async def _control(self, request: web.Request) -> web.StreamResponse:
        """Answer the requests of one connection, one after the other."""
        socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME, timeout=0.2)
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        connection = Connection(socket, transport, Peer("ws", request.remote or ""))
        self.connections.add(connection)
        try:
            async for message in socket:
                await self.answering.wait()
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                answer = await self._camera.answer(message.data, connection.peer)
                await self._tell_lock(connection.peer)
                if answer is not None:
                    await socket.send_str(answer)
        except ConnectionError:
            # The client left while an answer was under way.
            pass
        finally:
            self.connections.discard(connection)
        return socket

    async def _tell_lock(self, peer: Peer) -> None:
        """Let it be told when the request just answered locked the account."""
        locked = self._camera.sessions.take_lock()
        if locked is not None and self.on_locked is not None:
            await self.on_locked(locked, peer.address)

    async def push(
        self,
        cmdtype: int,
        body: dict[str, Any],
        *,
        wrapper: str = "content",
        session: Session | None = None,
    ) -> int:
        """Push to every connection that is logged in and alive, or to those of one session; return how many."""
        self._sequence += 1
        text = wire.push(
            cmdtype, self._sequence, body, self._camera.quirks, wrapper=wrapper
        )
        return await self.send_raw(text, session=session)

    def listeners(self, session: Session | None = None) -> list[Connection]:
        """Return the connections that pushes go to."""
        now = self._camera.now()
        return [
            connection
            for connection in self.connections
            if (known := connection.peer.session) is not None
            and session in (None, known)
            and self._camera.sessions.is_alive(known, now)
        ]

    async def send_raw(
        self, text: str | bytes, *, session: Session | None = None
    ) -> int:
        """Send a text frame as it is, however broken; return how many got it."""
        data = text if isinstance(text, bytes) else text.encode()
        if not self.answering.is_set():
            return 0
        told = 0
        for connection in self.listeners(session):
            try:
                await connection.socket.send_frame(data, WSMsgType.TEXT)
            except ConnectionError:
                # It left this moment; its own handler cleans up.
                continue
            told += 1
        self._camera.log.write("push", frame=text, told=told)
        return told

    def send_cut(self, text: str, share: float) -> int:
        """Send the first part of a frame, then hang up; return how many got it."""
        data = text.encode()
        # The longest form of a frame's head: a text, its length in eight bytes.
        frame = struct.pack(">BBQ", 0x81, 0x7F, len(data)) + data
        listeners = self.listeners() if self.answering.is_set() else []
        for connection in listeners:
            connection.transport.write(frame[: int(len(frame) * share)])
            connection.transport.close()
        return len(listeners)

    # The video WebSockets

    async def _watch(self, request: web.Request, channel: int) -> web.StreamResponse:
        """Wait for the greeting, then send one unit of H.264 per message."""
        socket = web.WebSocketResponse(timeout=0.2)
        await socket.prepare(request)
        try:
            message = await socket.receive(timeout=GREETING_TIME)
        except TimeoutError:
            await socket.close()
            return socket
        path = self._greeted_path(message.data, channel)
        stream = self._video.find(path) if path else None
        self._camera.log.write("video", transport="ws", path=path)
        if stream is None:
            await socket.close()
            return socket
        ending = asyncio.create_task(socket.receive())
        try:
            async with stream.watch() as viewer:
                while not ending.done():
                    picture = await viewer.pictures.get()
                    await self.answering.wait()
                    for unit in picture.units:
                        await socket.send_bytes(with_start_codes([unit]))
        except ConnectionError:
            # The client left while a picture was under way.
            pass
        finally:
            ending.cancel()
        return socket

    def _greeted_path(self, greeting: Any, channel: int) -> str | None:
        """Return the stream that a valid greeting of a living session asks for."""
        if not isinstance(greeting, bytes) or len(greeting) != GREETING.size:
            return None
        head, kind, asked, quality, token = GREETING.unpack(greeting)
        if head != GREETING_HEAD or kind != 1 or asked != channel:
            return None
        try:
            self._camera.sessions.find(
                token.decode("ascii", "replace"), self._camera.now()
            )
        except Refused:
            return None
        return VIDEO_PATHS.get((asked, quality))

    # Faults

    def drop(self) -> int:
        """Cut every HTTP and WebSocket connection without a word; return how many."""
        transports = self._others | {item.transport for item in self.connections}
        for transport in transports:
            transport.abort()
        return len(transports)

    def go_deaf(self) -> None:
        """Keep the connections, but neither read nor answer."""
        self.answering.clear()
        for transport in self._others:
            transport.pause_reading()

    def hear_again(self) -> None:
        """Go on where it stopped."""
        self.answering.set()
        for transport in self._others:
            transport.resume_reading()


def _answer_file(
    request: web.Request, data: bytes, kind: str, no_ranges: bool
) -> web.Response:
    """Answer with a file, or with the part of it that is asked for."""
    wanted = request.http_range
    if no_ranges or (wanted.start is None and wanted.stop is None):
        return web.Response(body=data, content_type=kind)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        return web.Response(status=416)
    return web.Response(
        status=206,
        body=data[start:stop],
        content_type=kind,
        headers={"Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"},
    )


async def _uploaded(request: web.Request) -> bytes:
    """Return what was uploaded; nothing is refused."""
    data = b""
    if request.content_type.startswith("multipart/"):
        part = await (await request.multipart()).next()
        if isinstance(part, BodyPartReader):
            data = bytes(await part.read())
    else:
        data = await request.read()
    if not data:
        raise Refused(EMPTY_CONTENT)
    return data
