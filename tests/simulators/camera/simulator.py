"""The simulated camera with its network: start it, stop it, inject faults and alarms."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

from tests.simulators.common import ControlError, parse_control_line

from .alarms import Alarms
from .camera import DEAD_CLOCK, Camera, Request
from .commands import CONTROL_PATH, stream_urls
from .options import QUIRKS, Options
from .ptz import Ptz
from .rtsp import Account, RtspRequest, RtspServer
from .settings import NETWORK, PORTS
from .video import Video
from .web import Listener, Web

TICK = 0.5
REPLY_TIME = 0.05
HUGE_FRAME = 10_000_000

type Words = list[str]
type Control = Callable[[Words, dict[str, str]], Awaitable[dict[str, Any]]]


class CameraSimulator:
    """One camera on the network.

    `requests` holds every request received, without token and password; `rtsp_requests` those of RTSP.
    """

    def __init__(self, options: Options | None = None) -> None:
        """Switch it on, without network."""
        self.options = options or Options()
        self.camera = Camera(self.options)
        self.rtsp_requests: list[RtspRequest] = []
        self.video = Video(self.camera)
        self._web = Web(self.camera, self.video)
        self.alarms = Alarms(self.camera, self._web.push)
        self._web.on_locked = self.alarms.tell_illegal_access
        self._listeners = {
            "http": Listener(self._web.http(), self.options.host, self.options.http_port),
            "ws": Listener(self._web.control(), self.options.host, self.options.ws_port),
            "ir_video": Listener(self._web.video(1), self.options.host, self.options.ir_video_port),
            "vl_video": Listener(self._web.video(2), self.options.host, self.options.vl_video_port),
        }  # fmt: skip
        self._rtsp = RtspServer(
            self.video.find, self._account, self._web.answering, self._note_rtsp
        )
        self._rtsp_port = self.options.rtsp_port
        self._watching: asyncio.Task[None] | None = None
        self._rebooting: asyncio.Task[None] | None = None
        self._moving: asyncio.Task[None] | None = None
        self.camera.on_reboot = self._reboot
        self.camera.on_moved = self._moved
        self._controls: dict[str, Control] = {
            "alarm": self._alarm,
            "drop-connection": self._drop_connection,
            "expire-token": self._expire_token,
            "huge-frame": self._huge_frame,
            "invalid-json": self._invalid_json,
            "reboot": self._reboot_now,
            "shutter": self._shutter,
            "skip": self._skip,
            "status": self._status,
            "unknown-push": self._unknown_push,
            "unlock": self._unlock,
            "wrong-password": self._wrong_password,
            "ws": self._ws,
        }

    # Life

    async def start(self) -> None:
        """Open all ports that the quirks leave open; OSError when one is taken, and nothing stays open."""
        try:
            await self._open()
        except OSError:
            await self.stop()
            raise
        if "half-open" in self.camera.quirks:
            self._web.go_deaf()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Close everything."""
        tasks = [
            task
            for task in (self._watching, self._rebooting, self._moving)
            if task is not None
        ]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._close()
        self.camera.close()
        for task in tasks:
            # A defect in the background must not go unseen.
            if not task.cancelled():
                task.result()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _open(self) -> None:
        """Open every port once, to know it, and close those that quirks keep closed."""
        for listener in self._listeners.values():
            await listener.open()
        self._rtsp_port = await self._rtsp.start(self.options.host, self._rtsp_port)
        self.camera.ports = {
            name: listener.port for name, listener in self._listeners.items()
        } | {"rtsp": self._rtsp_port}
        ports = self.camera.settings[PORTS]
        ports |= {
            "tcp_port": self.ws_port,
            "rtsp_port": self.rtsp_port,
            "http_port": self.http_port,
        }
        await self._close_quirky_ports()

    async def _close(self) -> None:
        """Close every port."""
        self._web.drop()
        for listener in self._listeners.values():
            await listener.close()
        await self._rtsp.stop()
        await self.video.stop()

    async def _close_quirky_ports(self) -> None:
        """Open or close the ports as the quirks say."""
        quirks = self.camera.quirks
        closed = set()
        if "ws-closed" in quirks:
            closed.add("ws")
        if "http-only" in quirks:
            closed |= {"ws", "ir_video", "vl_video"}
        for name, listener in self._listeners.items():
            await (listener.close() if name in closed else listener.open())

    async def _watch(self) -> None:
        """Look for alarms as long as somebody could be told."""
        while True:
            await asyncio.sleep(TICK)
            if self._web.listeners() and self._web.answering.is_set():
                await self.alarms.tick()

    def _reboot(self, seconds: float) -> None:
        """Restart, unless it does already."""
        if not self.rebooting:
            self._rebooting = asyncio.create_task(self._restart(seconds))

    async def _restart(self, seconds: float) -> None:
        """Let the reply out, go away and come back on the same ports."""
        await asyncio.sleep(REPLY_TIME)
        await self._close()
        await asyncio.sleep(seconds)
        await self._open()

    def _moved(self) -> None:
        """Go where it was told to be; one that was told twice at once goes the last way."""
        if self._moving is not None:
            self._moving.cancel()
        self._moving = asyncio.create_task(self._move())

    async def _move(self) -> None:
        """Let the reply out, and take requests at the new address (of this machine) and ports; video stays where it was."""
        await asyncio.sleep(REPLY_TIME)
        address = str(self.camera.settings[NETWORK]["ipaddr"])
        if address.startswith("127."):
            self.options.host = address
        ports = self.camera.settings[PORTS]
        for name, port in (("http", ports["http_port"]), ("ws", ports["tcp_port"])):
            await self._listeners[name].move(self.options.host, port)
            self.camera.ports[name] = port

    def _account(self) -> Account | None:
        if "rtsp-open" in self.camera.quirks:
            return None
        return Account(self.options.username, self.options.password)

    def _note_rtsp(self, request: RtspRequest) -> None:
        self.rtsp_requests.append(request)
        self.camera.log.write(
            "rtsp", method=request.method, path=request.path, status=request.status
        )

    # What tests look at

    @property
    def requests(self) -> list[Request]:
        """Return every request received, oldest first."""
        return self.camera.requests

    def received(self, cmdtype: int) -> list[Request]:
        """Return the requests with that number, oldest first."""
        return [item for item in self.requests if item.cmdtype == cmdtype]

    @property
    def ptz(self) -> Ptz:
        """Return the head, brought up to now."""
        self.camera.ptz.advance(self.camera.now())
        return self.camera.ptz

    @property
    def http_port(self) -> int:
        """Return the port of requests and files over HTTP."""
        return self._listeners["http"].port

    @property
    def ws_port(self) -> int:
        """Return the port of the control WebSocket."""
        return self._listeners["ws"].port

    @property
    def rtsp_port(self) -> int:
        """Return the port of RTSP."""
        return self._rtsp_port

    @property
    def rebooting(self) -> bool:
        """Tell whether it is restarting."""
        return self._rebooting is not None and not self._rebooting.done()

    @property
    def ws_url(self) -> str:
        """Return the address of the control WebSocket."""
        return f"ws://{self.options.host}:{self.ws_port}{CONTROL_PATH}"

    @property
    def http_url(self) -> str:
        """Return the address that relative paths belong to."""
        return f"http://{self.options.host}:{self.http_port}"

    @property
    def listeners(self) -> int:
        """Return how many connections pushes would reach."""
        return len(self._web.listeners())

    def ready(self) -> dict[str, Any]:
        """Return what the ready line tells."""
        options, ports = self.options, self.camera.ports
        return {
            "kind": "camera",
            "serial": options.serial,
            "mac": options.mac,
            "model": options.model,
            "host": options.host,
            "http_port": self.http_port,
            "ws_port": self.ws_port,
            "rtsp_port": self.rtsp_port,
            "ir_video_port": ports["ir_video"],
            "vl_video_port": ports["vl_video"],
            "username": options.username,
            "password": options.password,
            "streams": stream_urls(self.camera),
        }

    # What tests do

    async def push(
        self, cmdtype: int, body: dict[str, Any], *, wrapper: str = "content"
    ) -> int:
        """Push anything to every connection that is logged in; return how many got it."""
        return await self._web.push(cmdtype, body, wrapper=wrapper)

    async def push_text(self, text: str | bytes) -> int:
        """Send a text frame as it is, however broken, UTF-8 or not; return how many got it."""
        return await self._web.send_raw(text)

    def push_cut(self, text: str, share: float) -> int:
        """Send the first part (0 to 1) of a frame and lose the connection; return how many got it."""
        return self._web.send_cut(text, share)

    async def inject(self, line: str) -> dict[str, Any]:
        """Obey one control line, as `alarm fire` or `no-globals off`; ControlError when there is no such."""
        return await self.control(*parse_control_line(line))

    async def control(self, words: Words, options: dict[str, str]) -> dict[str, Any]:
        """Obey a control line that was split."""
        name = words[0]
        if name in self._controls:
            return await self._controls[name](words[1:], options)
        if name in QUIRKS:
            return await self._switch(name, words[1:])
        known = ", ".join(sorted({*self._controls, *QUIRKS}))
        raise ControlError(f"unknown control {name!r}: one of {known}")

    async def _switch(self, name: str, words: Words) -> dict[str, Any]:
        """Switch a quirk on or off."""
        state = words[0] if words else "on"
        if state not in ("on", "off"):
            raise ControlError(f"{name} is on or off, not {state!r}")
        quirks = self.camera.quirks
        (quirks.add if state == "on" else quirks.discard)(name)
        if name in ("ws-closed", "http-only"):
            await self._close_quirky_ports()
        if name == "half-open":
            (self._web.go_deaf if state == "on" else self._web.hear_again)()
        if name == "clock-1970" and state == "on":
            self.camera.set_clock(DEAD_CLOCK)
        return {"state": state}

    async def _alarm(self, words: Words, options: dict[str, str]) -> dict[str, Any]:
        """Obey `alarm KIND [name=...]` and `alarm clear`."""
        if not words:
            raise ControlError("alarm what?")
        if words[0] == "clear":
            await self.alarms.clear()
            return {}
        return await self.alarms.stage(words[0], options.get("name"))

    async def _drop_connection(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Cut all connections."""
        dropped = self._web.drop()
        await self._rtsp.drop()
        return {"dropped": dropped}

    async def _expire_token(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Let all sessions end, as if no heartbeat had come."""
        self.camera.sessions.close_all()
        return {}

    async def _huge_frame(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Push a frame of so many bytes."""
        size = _number(words, HUGE_FRAME)
        return {"told": await self.push(4242, {"filling": "x" * int(size)})}

    async def _invalid_json(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Send a frame that is no JSON."""
        return {"told": await self.push_text('{"action":"notify","cmdtype":1000,')}

    async def _reboot_now(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Restart, and be away for so many seconds."""
        seconds = _number(words, self.options.reboot_time)
        self.camera.reboot(seconds)
        return {"seconds": seconds}

    async def _shutter(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Close the shutter: for so many seconds, or on and off."""
        if words and words[0] not in ("on", "off"):
            self.camera.close_shutter(_number(words, 0))
            return {}
        return await self._switch("shutter", words)

    async def _skip(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Let so many seconds pass at once."""
        seconds = _number(words, 0)
        self.camera.skip(seconds)
        return {"seconds": seconds}

    async def _status(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Tell where it looks and what it is asked to do."""
        place = self.ptz.position
        return {
            "pan": round(place.pan, 2),
            "tilt": round(place.tilt, 2),
            "zoom": round(place.zoom, 2),
            "moving": self.ptz.moving,
            "listeners": self.listeners,
            "quirks": sorted(self.camera.quirks),
            "alarmed_rules": sorted(self.camera.alarmed_rules),
        }

    async def _unknown_push(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Push a kind that no document knows."""
        return {"told": await self.push(1099, {"what": "unknown"})}

    async def _unlock(self, _: Words, __: dict[str, str]) -> dict[str, Any]:
        """Forget wrong passwords and the lock."""
        self.camera.sessions.unlock()
        return {}

    async def _wrong_password(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Let so many logins to come fail."""
        count = int(_number(words, 1))
        self.camera.sessions.staged_failures = count
        return {"count": count}

    async def _ws(self, words: Words, _: dict[str, str]) -> dict[str, Any]:
        """Open or close the control port."""
        if words not in (["open"], ["closed"]):
            raise ControlError("ws open or ws closed")
        return await self._switch("ws-closed", ["on" if words == ["closed"] else "off"])


def _number(words: Words, default: float) -> float:
    """Return the number after a control word."""
    try:
        return float(words[0]) if words else default
    except ValueError as error:
        raise ControlError(f"{words[0]!r} is no number") from error
