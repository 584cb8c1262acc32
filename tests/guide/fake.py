"""A small camera for these tests: one HTTP server and one control socket, as well-behaved or not as a test wants."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import WSMsgType, web

from custom_components.thermogate.guide import Timing
from custom_components.thermogate.guide.wire import decode, encode
from tests.simulators.ports import free_port
from tests.waiting import until

JPEG = b"\xff\xd8\xff\xe0" + b"\x00picture" * 8
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 8

FAST = Timing(
    heartbeat=0.02,
    silence=10,
    probe=0.2,
    connect=1,
    close=0.05,
    reconnect_first=0.01,
    reconnect_longest=0.02,
    jitter=0.1,
    busy=0.3,
    forced_logout=0.3,
    websocket_retry=0.05,
    login_pause=0.4,
)

type Frame = dict[str, Any]


class FakeCamera:
    """Answers every command with 0 and what `replies` has for it, or makes of what is asked; `override` may answer first."""

    def __init__(self) -> None:
        """Prepare; `start` opens the ports."""
        self.replies: dict[int, Any] = {505: {"serial": "S1"}}
        self.codes: dict[int, list[int]] = {}
        """Return codes to give before answering 0, by command."""
        self.login_message: Frame = {}
        self.override: Callable[[Frame, str], Frame | str | bytes | None] | None = None
        self.silent: set[int] = set()
        self.deaf = False
        """Takes frames and answers nothing at all over the socket."""
        self.requests: list[tuple[str, Frame]] = []
        self.beats: list[tuple[str, float]] = []
        self.sockets: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport] = []
        self.tokens = 0
        self.before_reply: Callable[[], Sequence[Frame | str]] | None = None
        self.files: dict[str, bytes] = {"/pic.jpg": JPEG}
        self.take_upload: Callable[[web.Request], Awaitable[web.Response]] | None = None
        self.http_body: bytes | None = None
        self.http_status = 200
        self.control_port = 0
        self.port = 0
        self._http: web.AppRunner | None = None
        self._control: web.AppRunner | None = None

    # --- life ---

    async def start(self) -> None:
        """Open both ports."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/getmsginfo", self._post)
        app.router.add_post("/upload/{kind}/{token}", self._upload)
        app.router.add_get("/{path:.*}", self._get)
        self._http = web.AppRunner(app, shutdown_timeout=0.05)
        self.port = await self._listen(self._http, 0)
        await self.open_control()

    async def open_control(self) -> None:
        """Open the control socket, on the port it had before."""
        app = web.Application()
        app.router.add_get("/api/v1/control", self._socket)
        self._control = web.AppRunner(app, shutdown_timeout=0.05)
        self.control_port = await self._listen(
            self._control, self.control_port or free_port()
        )

    async def close_control(self) -> None:
        """Close the control socket and everyone on it."""
        await self.drop()
        if self._control:
            await self._control.cleanup()
            self._control = None

    async def stop(self) -> None:
        """Close everything."""
        await self.close_control()
        if self._http:
            await self._http.cleanup()

    def abort(self) -> None:
        """Vanish from everyone's control socket without a word."""
        self.sockets.clear()
        transports, self._transports = self._transports, []
        for transport in transports:
            transport.abort()

    def break_protocol(self) -> None:
        """Send bytes that are no WebSocket frame."""
        for transport in self._transports:
            transport.write(b"\xff\xff\xff\xff")

    async def drop(self) -> None:
        """Hang up on everyone."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            await socket.close()

    @staticmethod
    async def _listen(runner: web.AppRunner, port: int) -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        return int(runner.addresses[0][1])

    # --- what tests look at ---

    def count(self, cmdtype: int, way: str | None = None) -> int:
        """Return how often a command came, over "ws", "http" or any way."""
        return Counter(
            frame.get("cmdtype") for over, frame in self.requests if way in {None, over}
        )[cmdtype]

    def last(self, cmdtype: int) -> Frame:
        """Return the last frame of a command."""
        return next(
            frame
            for _, frame in reversed(self.requests)
            if frame.get("cmdtype") == cmdtype
        )

    async def push(self, frame: Frame | str) -> None:
        """Send something to everyone."""
        for socket in self.sockets:
            await socket.send_str(frame if isinstance(frame, str) else encode(frame))

    async def wait_for(self, cmdtype: int, times: int) -> None:
        """Wait until a command came so often."""
        await until(lambda: self.count(cmdtype) >= times)

    # --- what it does ---

    def answer(self, frame: Frame, way: str) -> Frame | str | bytes | None:
        """Return what to send back, None for silence."""
        cmdtype = frame["cmdtype"]
        if cmdtype == 9999:
            self.beats.append((way, asyncio.get_running_loop().time()))
            return None
        self.requests.append((way, frame))
        if self.override and (special := self.override(frame, way)) is not None:
            return special
        if cmdtype in self.silent:
            return None
        reply: Frame = {
            "action": "response",
            "cmdtype": cmdtype,
            "sequence": frame["sequence"],
            "retcode": 0,
            "retmsg": "success.",
        }
        queue = self.codes.get(cmdtype)
        if queue:
            reply["retcode"] = (
                queue.pop(0) if len(queue) > 1 or queue[0] == 0 else queue[0]
            )
            if cmdtype == 501 and self.login_message:
                reply["message"] = self.login_message
        if reply["retcode"] == 0:
            reply["message"] = self._message(cmdtype, frame.get("message"))
        return reply

    def _message(self, cmdtype: int, asked: Any) -> Any:
        if cmdtype == 500:
            return {"control_port": self.control_port} | self.replies.get(500, {})
        if cmdtype == 501:
            self.tokens += 1
            return {"token": f"token{self.tokens}"}
        reply = self.replies.get(cmdtype)
        return reply(asked) if callable(reply) else reply

    async def _post(self, request: web.Request) -> web.Response:
        reply = self.answer(decode(await request.read()), "http")
        if self.http_body is not None or reply is None or self.http_status != 200:
            return web.Response(
                body=self.http_body or b"",
                status=self.http_status,
                content_type="text/html",
            )
        return web.Response(
            text=encode(reply) if isinstance(reply, dict) else str(reply),
            content_type="text/html",
        )

    async def _upload(self, request: web.Request) -> web.Response:
        return (
            await self.take_upload(request)
            if self.take_upload
            else web.Response(status=404)
        )

    async def _get(self, request: web.Request) -> web.Response:
        data = self.files.get(request.path_qs)
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=16 * 1024 * 1024)
        await socket.prepare(request)
        self.sockets.append(socket)
        if isinstance(request.transport, asyncio.Transport):
            self._transports.append(request.transport)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            reply = self.answer(decode(message.data), "ws")
            if self.deaf or reply is None:
                continue
            for extra in self.before_reply() if self.before_reply else []:
                await socket.send_str(
                    extra if isinstance(extra, str) else encode(extra)
                )
            if isinstance(reply, bytes):
                await socket.send_bytes(reply)
            else:
                await socket.send_str(
                    reply if isinstance(reply, str) else encode(reply)
                )
        return socket
