"""The connection to one camera: login, both transports, heartbeats, and coming back after a loss."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
import logging
from typing import Any

import aiohttp
from yarl import URL

from .command import HEARTBEAT, Command
from .commands import command_for
from .connection import Connection, tell
from .crypto import encrypt_password
from .errors import (
    BAD_USERNAME,
    LOGIN,
    NO_PERMISSION,
    NOT_AUTHENTICATED,
    GuideAuthError,
    GuideBusyError,
    GuideCommandError,
    GuideConnectionError,
    GuideError,
    GuideValidationError,
)
from .http import HttpTransport
from .models import GeneralInfo
from .pushes import ForcedLogout, Push, parse_push
from .session import ControlSession
from .timing import Timing
from .wire import Message, as_text, unpack

_LOGGER = logging.getLogger(__name__)

_GENERAL_INFO = 500
_LOGOUT = 502
_PROBE = 505
_SUBSCRIBE = 516

# Once a login worked, all of these mean that the session is gone (seen on devices).
_SESSION_GONE = frozenset({BAD_USERNAME, NOT_AUTHENTICATED, NO_PERMISSION})


class Link:
    """What `GuideClient` stands on; see there for the arguments."""

    def __init__(
        self,
        websession: aiohttp.ClientSession,
        host: str,
        *,
        port: int,
        username: str,
        password: str,
        timing: Timing,
        on_push: Callable[[Push], None] | None,
        on_connection: Callable[[Connection], None] | None,
        on_auth_failed: Callable[[GuideAuthError], None] | None,
        app_key: str,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self._websession = websession
        self._host = host.strip("[]")
        self._username = username
        self._password = password
        self._timing = timing
        self._on_push = on_push
        self._on_connection = on_connection
        self._on_auth_failed = on_auth_failed

        self.http = HttpTransport(websession, self._host, port, app_key)
        self._signed = bool(app_key)
        self.info = GeneralInfo()
        self.connection = Connection.DISCONNECTED
        self._session: ControlSession | None = None
        # All that are not gone yet, among them those still closing.
        self._sessions: list[ControlSession] = []
        self._token: str | None = None
        self._sequence = count(1)
        self._auth_error: GuideAuthError | None = None
        self._forbidden: set[int] = set()
        self._login_lock = asyncio.Lock()
        self._no_login_before = 0.0
        self._supervisor: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._suspect = False
        self._was_lost = False

    # --- what the client calls ---

    async def general_info(self) -> GeneralInfo:
        """Ask 500 over HTTP and remember the answer."""
        self.info = GeneralInfo.from_message(
            await self._exchange(command_for(_GENERAL_INFO), {}, None)
        )
        return self.info

    async def connect(self) -> None:
        """Ask 500, open the control socket, log in and subscribe; without the socket log in over HTTP."""
        async with self._login_lock:
            if self.connection is not Connection.DISCONNECTED:
                return
            self._raise_if_refused()
            http_error = await self._ask_info(None)
            session = await self._open_session()
            if session and await self._try_login(session):
                if http_error:
                    await self._ask_info(session)
                await self._adopt(session)
                return
            if http_error:
                raise http_error
            if self._signed:
                # The signature stands for the login; empty is not "logged out".
                self._token = ""
            else:
                await self._login(None)
            self._set_connection(Connection.POLLING)

    def start(self) -> None:
        """Keep the connection up in the background from now on."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(
                self._supervise(), name=f"guide {self._host}"
            )

    async def close(self) -> None:
        """Log out as well as possible and leave nothing behind."""
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
            self._supervisor = None
        async with self._login_lock:
            if self._token:
                try:
                    logout = command_for(_LOGOUT)
                    await self._exchange(
                        logout,
                        {"username": self._username},
                        self._session,
                        timeout=self._timing.close,
                    )
                except GuideError as err:
                    _LOGGER.debug("Logout failed: %s", err)
            self._token = None
            self.connection = Connection.DISCONNECTED
            self._retire()
        for session in self._sessions:
            await session.close()

    async def request(
        self,
        cmdtype: int,
        message: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        top_level: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Message:
        """Check a command, send it, and return the body of its answer; see `GuideClient.request`."""
        command = command_for(cmdtype)
        if command.action != "request":
            raise GuideValidationError("cmdtype", cmdtype, "a command that is answered")
        body = message or {}
        beside = top_level or {}
        command.check(body, beside, known)
        try:
            return await self._request(command, body, beside, timeout)
        except GuideConnectionError:
            self._suspect = True
            self._wake.set()
            raise

    async def secret(self) -> str:
        """Return the session's secret, for what is neither a command nor a file of the camera; never to log.

        A session that has ended is renewed before. Where a signature stood for the login until now, there is none yet.
        """
        await self.request(_PROBE)
        if self._signed and not self._token:
            await self._login_again(self._token)
        if not self._token:
            raise GuideConnectionError("Not logged in")
        return self._token

    async def _ask_info(
        self, session: ControlSession | None
    ) -> GuideConnectionError | None:
        """Ask 500, keep what was known before when that fails, and return what was wrong with the transport."""
        try:
            self.info = GeneralInfo.from_message(
                await self._exchange(command_for(_GENERAL_INFO), {}, session)
            )
        except GuideConnectionError as err:
            return err
        except GuideError as err:
            _LOGGER.debug("No general information: %s", err)
        return None

    # --- requests ---

    async def _request(
        self,
        command: Command,
        message: Mapping[str, Any],
        top_level: Mapping[str, Any],
        timeout: float | None,
    ) -> Message:
        if command.needs_login:
            self._raise_if_refused()
            if self._token is None:
                raise GuideConnectionError("Not connected")
        token = self._token
        try:
            return await self._exchange(
                command, message, self._session, top_level, timeout
            )
        except GuideCommandError as err:
            if not self._may_login_again(err):
                raise
        await self._login_again(token)
        try:
            return await self._exchange(
                command, message, self._session, top_level, timeout
            )
        except GuideCommandError as err:
            if err.code == NO_PERMISSION:
                self._forbidden.add(command.cmdtype)
            elif err.code in _SESSION_GONE:
                self._no_login_before = self._now() + self._timing.login_pause
            raise

    def _may_login_again(self, err: GuideCommandError) -> bool:
        """Return whether a refusal may be cured by a new login: not one that a new login did not cure before."""
        if err.code not in _SESSION_GONE or self._now() < self._no_login_before:
            return False
        return err.code != NO_PERMISSION or err.cmdtype not in self._forbidden

    async def _exchange(
        self,
        command: Command,
        message: Mapping[str, Any],
        session: ControlSession | None,
        top_level: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> Message:
        """Send one command once, over the session when there is one, and return the body of its answer."""
        frame = self._frame(command, message, top_level)
        limit = command.timeout if timeout is None else timeout
        if session and not command.http_only:
            reply = await session.request(frame, limit)
        else:
            reply = await self.http.request(frame, limit)
        try:
            return unpack(command.cmdtype, reply)
        except GuideAuthError as err:
            self._refuse(err)
            raise

    def _frame(
        self,
        command: Command,
        message: Mapping[str, Any],
        top_level: Mapping[str, Any] | None = None,
    ) -> Message:
        frame: Message = {
            "action": command.action,
            "cmdtype": command.cmdtype,
            "sequence": next(self._sequence),
            "message": message,
            **(top_level or {}),
        }
        if command.needs_login:
            frame["token"] = self._token or ""
        return frame

    # --- login ---

    def _raise_if_refused(self) -> None:
        """Raise once more what the camera said about this password; asking again would lock the account."""
        if self._auth_error:
            raise type(self._auth_error)(self._auth_error.attempts_left)

    def _refuse(self, err: GuideAuthError) -> None:
        if self._auth_error:
            return
        self._auth_error = err
        self._lose("the camera refuses user name or password")
        if self._supervisor:
            tell(self._on_auth_failed, err)

    async def _login(self, session: ControlSession | None) -> None:
        """Log in once; every kind of refusal decides when the next attempt may be."""
        self._raise_if_refused()
        message = {
            "username": self._username,
            "password": encrypt_password(self._password),
        }
        try:
            reply = await self._exchange(command_for(LOGIN), message, session)
        except GuideBusyError:
            self._no_login_before = self._now() + self._timing.spread(self._timing.busy)
            raise
        except GuideCommandError:
            # Not the password, says the camera; but a refused login may count towards the lock all the same.
            self._no_login_before = self._now() + self._timing.spread(
                self._timing.forced_logout
            )
            raise
        token = as_text(reply.get("token"))
        if not token:
            raise GuideConnectionError("The camera answered a login without a token")
        self._token = token

    async def _login_again(self, stale: str | None) -> None:
        """Replace a token that the camera no longer knows, unless another request already did."""
        async with self._login_lock:
            if self.connection is Connection.DISCONNECTED:
                raise GuideConnectionError("Not connected")
            if self._token != stale:
                return
            session = self._session
            try:
                await self._login(session)
            except GuideError as err:
                self._lose(f"login failed: {err}")
                raise
            if session:
                await self._subscribe(session)

    async def _open_session(self) -> ControlSession | None:
        url = URL.build(
            scheme="ws",
            host=self._host,
            port=self.info.control_port,
            path=self.info.control_uri,
        )
        try:
            session = await ControlSession.open(
                self._websession,
                url,
                self._timing,
                self._on_frame,
                self._on_session_closed,
            )
        except GuideConnectionError as err:
            _LOGGER.debug("%s", err)
            return None
        self._sessions = [each for each in self._sessions if not each.gone] + [session]
        return session

    async def _try_login(self, session: ControlSession) -> bool:
        """Log in over a new session; return False, the session hung up, when it does not answer."""
        try:
            await self._login(session)
        except GuideConnectionError as err:
            _LOGGER.debug("No login over the control socket: %s", err)
            session.hang_up()
        except BaseException:
            session.hang_up()
            raise
        return not session.closed

    async def _adopt(self, session: ControlSession) -> None:
        self._session = session
        self._set_connection(Connection.CONNECTED)
        await self._subscribe(session)
        if session.closed:
            raise GuideConnectionError(
                "The control socket closed right after the login"
            )

    async def _subscribe(self, session: ControlSession) -> None:
        try:
            await self._exchange(command_for(_SUBSCRIBE), {"push_report": 1}, session)
        except GuideError as err:
            _LOGGER.debug("No temperature reports from this camera: %s", err)

    # --- the state of the connection ---

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _set_connection(self, connection: Connection, reason: str = "") -> None:
        if connection is self.connection:
            return
        self.connection = connection
        if connection is Connection.DISCONNECTED:
            self._was_lost = True
            _LOGGER.warning("Camera %s is lost: %s", self._host, reason)
        elif self._was_lost:
            self._was_lost = False
            _LOGGER.warning("Camera %s is back (%s)", self._host, connection)
        tell(self._on_connection, connection)

    def _lose(self, reason: str) -> None:
        """Drop what is left of the connection and let the supervisor bring it back."""
        self._token = None
        self._suspect = False
        self._retire()
        self._set_connection(Connection.DISCONNECTED, reason)
        self._wake.set()

    def _retire(self) -> None:
        session, self._session = self._session, None
        if session:
            session.hang_up()

    def _on_session_closed(self, session: ControlSession) -> None:
        if session is self._session:
            self._session = None
            self._lose("the control socket closed")

    def _on_frame(self, frame: Message) -> None:
        push = parse_push(frame)
        if push is None:
            return
        tell(self._on_push, push)
        if isinstance(push, ForcedLogout):
            # Whoever took the session shall have it for a while.
            self._no_login_before = self._now() + self._timing.spread(
                self._timing.forced_logout
            )
            self._lose("someone else logged in")

    # --- supervision ---

    async def _supervise(self) -> None:
        attempt = 0
        while not self._auth_error:
            try:
                await self._wait_for_turn()
                await self.connect()
                since = self._now()
                await self._watch()
                if self._now() - since > self._timing.reconnect_longest:
                    attempt = 0
            except GuideAuthError:
                return
            except GuideError as err:
                _LOGGER.debug("Camera %s did not come back: %s", self._host, err)
            if not self._auth_error:
                await asyncio.sleep(self._timing.reconnect_delay(attempt))
            attempt += 1

    async def _wait_for_turn(self) -> None:
        while (
            self.connection is Connection.DISCONNECTED
            and (wait := self._no_login_before - self._now()) > 0
        ):
            await asyncio.sleep(wait)

    async def _watch(self) -> None:
        """Send heartbeats and probe what is silent or suspect, until the connection is lost."""
        self._suspect = False
        beat = self._now() + self._timing.heartbeat
        retry = self._now() + self._timing.websocket_retry
        while self.connection is not Connection.DISCONNECTED:
            await self._sleep_until(
                min(beat, retry if self._session is None else self._silent_from())
            )
            if self._now() >= beat:
                beat = self._now() + self._timing.heartbeat
                await self._beat()
            if self._suspect or self._now() >= self._silent_from():
                await self._probe()
            if self.connection is Connection.POLLING and self._now() >= retry:
                retry = self._now() + self._timing.websocket_retry
                await self._upgrade()

    def _silent_from(self) -> float:
        return (
            self._session.last_received + self._timing.silence
            if self._session
            else float("inf")
        )

    async def _sleep_until(self, when: float) -> None:
        """Sleep, but wake when something happens to the connection."""
        self._wake.clear()
        if self._suspect or self.connection is Connection.DISCONNECTED:
            return
        try:
            async with asyncio.timeout_at(when):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _beat(self) -> None:
        frame = self._frame(command_for(HEARTBEAT), {})
        transport = self._session or self.http
        try:
            await transport.notify(frame, self._timing.probe)
        except GuideConnectionError as err:
            _LOGGER.debug("Heartbeat failed: %s", err)
            self._suspect = True

    async def _probe(self) -> None:
        """Ask something cheap; a camera that does not answer is lost."""
        self._suspect = False
        try:
            await self._request(command_for(_PROBE), {}, {}, self._timing.probe)
        except GuideCommandError as err:
            _LOGGER.debug("The camera answers, if only with %s", err.slug)
        except GuideConnectionError as err:
            self._lose(str(err))

    async def _upgrade(self) -> None:
        """Try the control socket again; HTTP goes on until the socket is logged in."""
        async with self._login_lock:
            session = await self._open_session()
            if session is None:
                return
            try:
                if await self._try_login(session):
                    await self._adopt(session)
            except (GuideBusyError, GuideCommandError) as err:
                _LOGGER.debug("Staying with HTTP: %s", err)
