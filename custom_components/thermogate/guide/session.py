"""One control WebSocket: frames out, answers matched to requests, pushes handed on."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import logging
from typing import Any, Self

import aiohttp
from yarl import URL

from .command import HEARTBEAT
from .errors import GuideConnectionError, GuideTimeoutError
from .pushes import is_push
from .timing import Timing
from .wire import MAX_MESSAGE_SIZE, Message, as_int, decode, encode

_LOGGER = logging.getLogger(__name__)

# Firmware that answers these commands under another's number (vendor document, examples of 40 to 55).
_WRONG_NUMBERS = {39: 41, 41: 43, 47: 19, 55: 19}
# Frames between this and the decoder's own limit are dropped; only larger ones cost the connection.
_SOCKET_LIMIT = 2 * MAX_MESSAGE_SIZE


@dataclass(slots=True)
class _Pending:
    cmdtype: int
    sequence: int
    reply: asyncio.Future[Message] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class ControlSession:
    """An open control socket. It ends when the camera hangs up or `close` is called, and never reconnects."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse[bool],
        on_push: Callable[[Message], None],
        on_closed: Callable[[ControlSession], None],
    ) -> None:
        """Start reading; `on_closed` is called once, when nothing more will come."""
        self._socket = socket
        self._on_push = on_push
        self._on_closed = on_closed
        self._turn = asyncio.Lock()
        self._pending: _Pending | None = None
        self._abandoned: deque[int] = deque(maxlen=32)
        self._garbage_logged = False
        self._echoed = 0
        self.closed = False
        self.last_received = asyncio.get_running_loop().time()
        self._reader = asyncio.create_task(self._read(), name="guide control socket")

    @classmethod
    async def open(
        cls,
        websession: aiohttp.ClientSession,
        url: URL,
        timing: Timing,
        on_push: Callable[[Message], None],
        on_closed: Callable[[ControlSession], None],
    ) -> Self:
        """Connect; raise GuideConnectionError when that fails."""
        try:
            async with asyncio.timeout(timing.connect):
                # No protocol pings: whether cameras answer them is not known. Text is decoded by us, because one
                # wrong byte in a name must not cost the connection.
                socket = await websession.ws_connect(
                    url,
                    max_msg_size=_SOCKET_LIMIT,
                    decode_text=False,
                    timeout=aiohttp.ClientWSTimeout(ws_close=timing.close),
                )
        except TimeoutError:
            raise GuideTimeoutError("The control socket did not open in time") from None
        except (aiohttp.ClientError, OSError) as err:
            raise GuideConnectionError(
                f"The control socket did not open: {type(err).__name__}"
            ) from err
        return cls(socket, on_push, on_closed)

    async def request(self, frame: Mapping[str, Any], timeout: float) -> Message:
        """Send a frame and return the answering frame; one request is in flight at a time.

        Raises GuideTimeoutError, or GuideConnectionError when the connection ends first.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(timeout):
                    return await self._exchange(frame)
            except TimeoutError:
                raise GuideTimeoutError(
                    f"No answer to command {frame['cmdtype']} in time"
                ) from None

    async def notify(self, frame: Mapping[str, Any], timeout: float) -> None:
        """Send a frame that gets no answer."""
        try:
            async with asyncio.timeout(timeout):
                await self._send(frame)
        except TimeoutError:
            raise GuideTimeoutError("The control socket accepts nothing more") from None

    @property
    def gone(self) -> bool:
        """Whether the socket is closed and nothing of the session runs any more."""
        return self._reader.done()

    def hang_up(self) -> None:
        """Stop at once: pending requests fail, the socket closes in the background."""
        self._end()
        # Called from within the reader (a push handler), the reader stops by itself after this frame.
        if asyncio.current_task() is not self._reader:
            self._reader.cancel()

    async def close(self) -> None:
        """Hang up and wait until the socket and the reader are gone."""
        self.hang_up()
        await asyncio.wait([self._reader])
        # For a reader that was cancelled before it ran at all.
        await self._socket.close()

    async def _send(self, frame: Mapping[str, Any]) -> None:
        if self.closed:
            raise GuideConnectionError("The control socket is closed")
        try:
            await self._socket.send_str(encode(frame))
        except (aiohttp.ClientError, OSError) as err:
            raise GuideConnectionError(f"Sending failed: {type(err).__name__}") from err

    async def _exchange(self, frame: Mapping[str, Any]) -> Message:
        pending = self._pending = _Pending(
            cmdtype=frame["cmdtype"], sequence=frame["sequence"]
        )
        try:
            await self._send(frame)
            return await pending.reply
        finally:
            self._pending = None
            if not pending.reply.done() or pending.reply.cancelled():
                # Its answer may still come, and must not be taken for that of the next request.
                self._abandoned.append(pending.sequence)
            elif pending.reply.exception():
                _LOGGER.debug("Request %s ended with the connection", pending.cmdtype)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type not in {
                    aiohttp.WSMsgType.TEXT,
                    aiohttp.WSMsgType.BINARY,
                }:
                    break
                self.last_received = asyncio.get_running_loop().time()
                self._receive(message.data)
                if self.closed:
                    break
        finally:
            self._end()
            self._on_closed(self)
            await self._socket.close()

    def _end(self) -> None:
        self.closed = True
        if self._pending and not self._pending.reply.done():
            self._pending.reply.set_exception(
                GuideConnectionError("The control socket closed")
            )

    def _receive(self, raw: bytes | str) -> None:
        try:
            frame = decode(raw)
        except GuideConnectionError as err:
            level = logging.DEBUG if self._garbage_logged else logging.WARNING
            _LOGGER.log(level, "Ignored a frame on the control socket: %s", err)
            self._garbage_logged = True
            return
        if is_push(frame):
            self._on_push(frame)
        elif (
            self._pending
            and not self._pending.reply.done()
            and self._answers(frame, self._pending)
        ):
            self._pending.reply.set_result(frame)
        else:
            _LOGGER.debug(
                "Ignored an answer nobody waits for: command %s",
                as_int(frame.get("cmdtype")),
            )

    def _answers(self, frame: Message, pending: _Pending) -> bool:
        """Return whether a frame answers the pending request: by its sequence, else by its command."""
        sequence, cmdtype = as_int(frame.get("sequence")), as_int(frame.get("cmdtype"))
        if cmdtype == HEARTBEAT:
            return False
        if sequence == pending.sequence:
            self._echoed += 1
            return True
        if sequence is None:
            return self._is_command(cmdtype, frame, pending)
        if sequence in self._abandoned:
            self._abandoned.remove(sequence)
            return False
        # A camera that sends the same sequence always can hit ours once, not twice.
        return self._echoed < 2 and self._is_command(cmdtype, frame, pending)

    @staticmethod
    def _is_command(cmdtype: int | None, frame: Message, pending: _Pending) -> bool:
        if cmdtype is None:
            return frame.get("retcode") is not None
        return cmdtype in {pending.cmdtype, _WRONG_NUMBERS.get(pending.cmdtype)}
