"""Commands to one terminal, one at a time, and its answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import secrets
from typing import Any, Final

from .command import ENVELOPE, Command
from .commands import (
    GET_HARDWARE,
    GET_NETWORK,
    GET_VERSION,
    GPIO_CONTROL,
    GPIO_CONTROL_EXTEND,
    HEART_BEAT,
    REBOOT,
    REQUEST_APP_PARAMS,
    REQUEST_TIME,
    SNAPSHOT,
    UPDATE_TIME,
)
from .commands_media import GET_VOLUME, SET_VOLUME
from .errors import (
    CODE_UNSUPPORTED,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
)
from .messages import Capture, Message, Picture, Reply
from .parse import parse_message
from .records import StoredRecord, stored_captures, stored_records
from .settings import without_secrets
from .settings_access import SettingsGroup, read_settings, write_settings
from .topics import Topics
from .wire import as_text, encode, normalise

# How long the answer to a request that was given up may still come (vendor and other clients wait up to 30 s).
_LATE: Final = 30.0
_PROBES: Final = (HEART_BEAT, GET_NETWORK, REQUEST_TIME)


@dataclass(eq=False, slots=True)
class _Request:
    """A request that was sent; `echoed` is what its answer repeats."""

    command: Command
    command_id: str
    echoed: dict[str, str]
    answer: asyncio.Future[Reply]
    late_until: float = 0.0

    @property
    def wire(self) -> str:
        return normalise(self.command.wire)

    def answered_by(self, reply: Reply) -> bool:
        """Tell whether a reply that names no request can be the answer."""
        return normalise(reply.command) == self.wire and all(
            as_text(reply.body[name]) == value
            for name, value in self.echoed.items()
            if name in reply.body
        )

    def will_do_for(self, other: _Request | None) -> bool:
        """Tell whether an answer to this request is as good as one to another."""
        return (
            other is not None
            and self.command.repeatable
            and (self.command, self.echoed) == (other.command, other.echoed)
        )


class FaceGateClient:
    """Sends commands through `publish(topic, payload)` and gets what arrives on `manage_response` through `handle`.

    A terminal gets one request at a time. All methods belong to one event loop; whatever `publish` raises goes to the caller.
    """

    def __init__(
        self,
        topics: Topics,
        publish: Callable[[str, bytes], Awaitable[None]],
        *,
        timeout: float = 10.0,
    ) -> None:
        """Prepare for the terminal with these topics; `timeout` is in seconds."""
        self.topics = topics
        self._publish = publish
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._current: _Request | None = None
        self._given_up: list[_Request] = []
        self._disconnections = 0
        self._echoing: set[str] = set()
        self._unsupported: set[str] = set()
        self._probes = list(_PROBES)

    @property
    def unsupported(self) -> frozenset[str]:
        """The keys of the commands that this terminal said it does not know, as of their last answer."""
        return frozenset(self._unsupported)

    async def request(
        self, command: Command, /, *, timeout: float | None = None, **values: Any
    ) -> dict[str, Any]:
        """Send a command and return the fields of its answer, by the command's table.

        The time limit includes waiting for earlier requests, so that nothing is sent long after it was meant. Raises
        FaceGateValidationError (nothing was sent), FaceGateTimeoutError, FaceGateConnectionError, FaceGateUnsupportedError or
        FaceGateCommandError.
        """
        return command.parse((await self._ask(command, timeout, values)).body)

    def handle(self, payload: bytes | str) -> Message:
        """Take a payload from `manage_response`: give it to the request it answers, if any, and return what it says.

        Raises FaceGateMessageError if it cannot be read.
        """
        message = parse_message(payload)
        self.take(message)
        return message

    def take(self, message: Message) -> None:
        """Take a message that was read elsewhere, as `handle` does."""
        if isinstance(message, Reply) and not self._is_late(message):
            self._answer(message)

    def disconnected(self) -> None:
        """Fail the request under way, and those waiting for it: what was not sent is not sent later."""
        self._disconnections += 1
        if self._current and not self._current.answer.done():
            self._current.answer.set_exception(_lost(self._current.command))

    async def alive(self, *, timeout: float | None = None) -> bool:
        """Tell whether the terminal answers anything, be it a refusal.

        Tries a heartbeat, then other harmless commands, and remembers which one works. Each takes up to `timeout`.
        """
        for probe in tuple(self._probes):
            if probe.key in self._unsupported and probe is not self._probes[-1]:
                continue
            try:
                await self._ask(probe, timeout, {})
            except FaceGateTimeoutError:
                continue
            except FaceGateConnectionError:
                return False
            except FaceGateCommandError:
                return True
            self._probes.sort(key=lambda other: other is not probe)
            return True
        return False

    async def open_gate(
        self, port: int, mode: str = "force", person_id: str | None = None
    ) -> None:
        """Pulse relay 1 or 2, with whichever of the two commands for it the firmware knows.

        `mode` is "force", "scene" (only if the relay is enabled) or "test" (leaves no record); `person_id` goes into the record.
        """
        first, second = GPIO_CONTROL, GPIO_CONTROL_EXTEND
        if first.key in self._unsupported and second.key not in self._unsupported:
            first, second = second, first
        try:
            await self.request(first, port=port, mode=mode, person_id=person_id)
        except FaceGateUnsupportedError:
            await self.request(second, port=port, mode=mode, person_id=person_id)

    async def reboot(self) -> None:
        """Restart the terminal."""
        await self.request(REBOOT)

    async def get_time(self) -> datetime:
        """Return the terminal's clock, naive in its local time."""
        return _present(
            datetime, (await self.request(REQUEST_TIME))["date_time"], REQUEST_TIME
        )

    async def set_time(self, time: datetime, timezone: str | None = None) -> None:
        """Set the terminal's clock to the wall clock time in `time`; newer firmware takes a zone such as "UTC+8"."""
        await self.request(UPDATE_TIME, date_time=time, timezone=timezone)

    async def get_volume(self) -> int:
        """Return the volume in percent."""
        return _present(int, (await self.request(GET_VOLUME))["volume"], GET_VOLUME)

    async def set_volume(self, volume: int) -> None:
        """Set the volume in percent."""
        await self.request(SET_VOLUME, volume=volume)

    async def snapshot(self) -> Picture:
        """Return what the terminal sees now."""
        image = (await self.request(SNAPSHOT))["image"] or {}
        return _present(Picture, image.get("image_data"), SNAPSHOT)

    def records(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        uploaded: bool | None = None,
        pictures: bool = False,
        **conditions: Any,
    ) -> AsyncIterator[Capture]:
        """Return the captures that the terminal keeps, each once and as it was sent or would have been; see `stored_captures`."""
        return stored_captures(
            self._ask,
            since=since,
            until=until,
            uploaded=uploaded,
            pictures=pictures,
            **conditions,
        )

    def stored_records(self, **conditions: Any) -> AsyncIterator[StoredRecord]:
        """Return what the terminal keeps, as `records` does, and whether a server has it; see `stored_records`."""
        return stored_records(self._ask, **conditions)

    async def settings(self) -> dict[str, Any]:
        """Return all settings as the terminal nests and names them, undocumented ones too, without any password."""
        reply = await self._ask(REQUEST_APP_PARAMS, None, {})
        return {
            name: value
            for name, value in without_secrets(reply.body).items()
            if name not in ENVELOPE
        }

    async def read_settings(self, group: SettingsGroup) -> dict[str, Any]:
        """Return the settings of a group that the terminal has, by our keys and without any password."""
        return await read_settings(self._body, group)

    async def write_settings(self, values: Mapping[str, Any]) -> None:
        """Change settings of any group, by our keys; nothing is sent if one of them is not possible."""
        await write_settings(self._body, values)

    async def reset_settings(self, group: SettingsGroup) -> None:
        """Bring the settings of a group back to what the factory set."""
        await self.request(group.reset)

    async def hardware(self) -> dict[str, Any]:
        """Return makers and models of the terminal's parts."""
        return await self.request(GET_HARDWARE)

    async def network(self) -> dict[str, Any]:
        """Return the network settings as the terminal names them; which there are is not documented."""
        return await self.request(GET_NETWORK)

    async def versions(self) -> dict[str, Any]:
        """Return the versions of the terminal's software."""
        return await self.request(GET_VERSION)

    async def _body(
        self, command: Command, values: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        return (await self._ask(command, None, dict(values))).body

    async def _ask(
        self, command: Command, timeout: float | None, values: dict[str, Any]
    ) -> Reply:
        message = command.encode(values)
        before = self._disconnections
        limit = next(
            seconds
            for seconds in (timeout, command.timeout, self._timeout)
            if seconds is not None
        )
        try:
            async with asyncio.timeout(limit), self._lock:
                if self._disconnections != before:
                    raise _lost(command)
                reply = await self._exchange(command, message)
        except TimeoutError:
            raise FaceGateTimeoutError(
                f"{command.key}: no answer within {limit:g} s"
            ) from None
        return self._judged(command, reply)

    async def _exchange(self, command: Command, message: dict[str, Any]) -> Reply:
        names = {field.key: field.name for field in command.request}
        request = _Request(
            command,
            secrets.token_hex(8),
            {
                name: as_text(message[name])
                for key in command.matched_by
                if (name := names[key]) in message
            },
            asyncio.get_running_loop().create_future(),
        )
        self._current = request
        try:
            await self._publish(
                self.topics.manage_request,
                encode({**message, "command_id": request.command_id}),
            )
            return await request.answer
        except asyncio.CancelledError:
            self._give_up(request)
            raise
        except FaceGateConnectionError:
            # Not if it is what `publish` raised.
            if request.answer.done():
                self._give_up(request)
            raise
        finally:
            self._current = None
            # Leaves no future waiting, and marks an error in it as seen.
            request.answer.cancel()

    def _give_up(self, request: _Request) -> None:
        """Remember a request that may have reached the terminal and whose answer may still come."""
        self._forget_old()
        request.late_until = asyncio.get_running_loop().time() + _LATE
        self._given_up.append(request)

    def _forget_old(self) -> None:
        now = asyncio.get_running_loop().time()
        self._given_up = [
            request for request in self._given_up if request.late_until > now
        ]

    def _is_late(self, reply: Reply) -> bool:
        """Tell whether a reply belongs to a request that was given up: by its id, else because a terminal answers in order."""
        self._forget_old()
        for request in self._given_up:
            if reply.command_id == request.command_id or (
                not reply.command_id and request.answered_by(reply)
            ):
                self._given_up.remove(request)
                return not request.will_do_for(self._current)
        return False

    def _answer(self, reply: Reply) -> None:
        """Give a reply to the request under way if it is its answer."""
        request = self._current
        if request is None or request.answer.done():
            return
        if reply.command_id == request.command_id:
            self._echoing.add(request.wire)
            request.answer.set_result(reply)
        # A terminal that repeats the id of this command means somebody else when it does not.
        elif (
            not reply.command_id
            and request.wire not in self._echoing
            and request.answered_by(reply)
        ):
            request.answer.set_result(reply)

    def _judged(self, command: Command, reply: Reply) -> Reply:
        if reply.code == CODE_UNSUPPORTED:
            self._unsupported.add(command.key)
            raise FaceGateUnsupportedError(command.key, reply.code, reply.text)
        self._unsupported.discard(command.key)
        if reply.code not in command.success:
            raise FaceGateCommandError(
                command.key,
                reply.code,
                reply.text,
                as_text(reply.body.get("duplicate_id")),
            )
        return reply


def _lost(command: Command) -> FaceGateConnectionError:
    return FaceGateConnectionError(f"{command.key}: the connection was lost")


def _present[T](kind: type[T], value: object, command: Command) -> T:
    if not isinstance(value, kind):
        raise FaceGateMessageError(
            f"{command.key}: the answer lacks what was asked for"
        )
    return value
