"""The client of one camera: everything the integration asks of it, typed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import aiohttp

from . import history, uploads
from .commands import command_for
from .connection import Connection
from .errors import (
    GuideAuthError,
    GuideConnectionError,
    GuideDeniedError,
    GuideValidationError,
)
from .history_models import Channel, MediaKind, Recording, Statistic, TemperatureSeries
from .http import MAX_FILE_SIZE
from .link import Link
from .models import (
    LIGHT_MODES,
    FillLight,
    GeneralInfo,
    LightMode,
    NetworkInfo,
    RecordingStatus,
    Rule,
    Shape,
    Temperatures,
    VersionInfo,
    parse_rules,
)
from .numbers import with_numbers
from .ptz import PTZ_COMMANDS, PtzAction
from .ptz_models import (
    Cruise,
    LineScan,
    Preset,
    PtzStatus,
    Trace,
    parse_cruises,
    parse_line_scans,
    parse_presets,
    parse_traces,
)
from .pushes import Push
from .remote_file import Part, RemoteFile
from .rule_matching import align_rules
from .timing import Timing
from .video import watch
from .wire import Message, Picture, as_text

_DOWNLOAD_TIMEOUT = 30.0
MAX_REPORT = 4 * 1024 * 1024
# A recording has 1000 MB at most (vendor document 15.1).
MAX_RECORDING_SIZE = 1024 * 1024 * 1024
_MODE_NUMBERS = {mode: number for number, mode in LIGHT_MODES.items()}


class GuideClient:
    """A camera. `connect` once, then `start` to stay connected, `close` at the end.

    All commands raise GuideConnectionError (GuideTimeoutError) when the camera is not there, GuideAuthError
    (GuideLockedError) when it refuses the credentials, GuideBusyError when it has too many users, GuideCommandError
    (GuidePermissionError, GuideRetryLaterError, GuideUnsupportedError) when it refuses the command, and
    GuideValidationError when a value was not even sent. After one GuideAuthError this client never logs in again: new
    credentials mean a new client.
    """

    def __init__(
        self,
        websession: aiohttp.ClientSession,
        host: str,
        *,
        port: int = 80,
        username: str,
        password: str,
        on_push: Callable[[Push], None] | None = None,
        on_connection: Callable[[Connection], None] | None = None,
        on_auth_failed: Callable[[GuideAuthError], None] | None = None,
        timing: Timing | None = None,
        app_key: str = "",
    ) -> None:
        """Prepare a client; nothing is sent yet.

        `port` is that of HTTP. The listeners are called in the event loop: `on_push` for every push,
        `on_connection` for every change of the way to the camera, `on_auth_failed` once, when a login in the
        background was refused and the client gave up. With an `app_key` what goes over HTTP is signed, and needs no
        login where the control socket cannot be opened; see `signed`.
        """
        self._link = Link(
            websession,
            host,
            port=port,
            username=username,
            password=password,
            timing=timing or Timing(),
            on_push=on_push,
            on_connection=on_connection,
            on_auth_failed=on_auth_failed,
            app_key=app_key,
        )
        self._modifying = asyncio.Lock()
        self._websession = websession
        self._host = host.strip("[]")

    @property
    def connection(self) -> Connection:
        """The way to the camera that works now."""
        return self._link.connection

    @property
    def info(self) -> GeneralInfo:
        """The last answer to command 500, or its defaults."""
        return self._link.info

    async def general_info(self) -> GeneralInfo:
        """Ask command 500 over HTTP; needs no login."""
        return await self._link.general_info()

    async def connect(self) -> None:
        """Log in: over the control socket, or over HTTP when the socket cannot be opened."""
        await self._link.connect()

    def start(self) -> None:
        """Stay connected from now on: heartbeats, and reconnecting with growing delays after a loss."""
        self._link.start()

    async def close(self) -> None:
        """Log out as well as possible; no task, timer or socket is left."""
        await self._link.close()

    async def request(
        self,
        cmdtype: int,
        message: Message | None = None,
        *,
        timeout: float | None = None,
        **top_level: Any,
    ) -> Message:
        """Send any command of the table and return the body of its answer, {} when it has none.

        `top_level` are the fields that stand beside the message, such as subtype. When the camera forgot the session
        (10005, 10004, 10007), one new login is made and the command sent once more.
        """
        return await self._link.request(
            cmdtype, message, timeout=timeout, top_level=top_level
        )

    async def modify(
        self, get_cmdtype: int, change: Callable[[Message], Message]
    ) -> Message:
        """Read settings, change them, write them back whole, and return them as read again.

        `change` gets a copy of what the camera said and returns what to write; fields it does not know it leaves
        alone. One modification runs at a time.
        """
        async with self._modifying:
            await self._rewrite(get_cmdtype, change)
            return await self._link.request(get_cmdtype)

    async def rewrite(
        self, get_cmdtype: int, change: Callable[[Message], Message]
    ) -> None:
        """Change settings as `modify` does, and do not read them again: for those after which the camera may be elsewhere."""
        async with self._modifying:
            await self._rewrite(get_cmdtype, change)

    async def _rewrite(
        self, get_cmdtype: int, change: Callable[[Message], Message]
    ) -> None:
        asked = command_for(get_cmdtype)
        if asked.paired_set is None:
            raise GuideValidationError(
                "cmdtype", get_cmdtype, "a command that reads settings"
            )
        taken = command_for(asked.paired_set).request
        current = with_numbers(taken, await self._link.request(get_cmdtype))
        # Echoed by some firmware; as 1 it would write factory values.
        current.pop("default", None)
        wanted = change(deepcopy(current))
        for field in asked.reply:
            # Such as how full the storage is: only told, and not to be sent.
            if field not in taken:
                wanted.pop(field.name, None)
        await self._link.request(asked.paired_set, wanted, known=current)

    async def download(self, url: str, *, limit: int = MAX_FILE_SIZE) -> bytes:
        """Return a file that the camera named, always from the camera itself."""
        return await self._link.http.download(url, _DOWNLOAD_TIMEOUT, limit)

    async def upload(
        self, cmdtype: int, path: Path, sent: Callable[[int, int], None] | None = None
    ) -> None:
        """Send a file that the camera takes, 751 to 758; see `uploads.upload`."""
        await uploads.upload(self._link, cmdtype, path, sent)

    @asynccontextmanager
    async def open_file(
        self, url: str, part: Part | None = None, *, limit: int | None = None
    ) -> AsyncGenerator[RemoteFile]:
        """Read a file that the camera named, or a part of it, while it comes, always from the camera itself; leaving ends it.

        A camera that wants a session for it gets a new one where it forgot the old. Raises GuideMissingError for a file that
        is gone, GuideDeniedError for one that is not given out, and GuideValidationError for a part behind its end.
        """
        async with AsyncExitStack() as stack:

            async def opened() -> RemoteFile:
                return await stack.enter_async_context(
                    self._link.http.open_file(
                        url,
                        part or Part(),
                        timeout=_DOWNLOAD_TIMEOUT,
                        limit=limit or MAX_RECORDING_SIZE,
                    )
                )

            try:
                file = await opened()
            except GuideDeniedError:
                # Any command that needs a session brings a new one.
                await self.version()
                file = await opened()
            yield file

    def video(self, stream: str) -> AsyncGenerator[bytes]:
        """Yield the H.264 of a stream over its WebSocket, without RTSP; see `video.watch`."""
        return watch(self._link, self._websession, self._host, stream)

    # --- what it is and measures ---

    async def version(self) -> VersionInfo:
        """Return model, versions and serial number."""
        return VersionInfo.from_message(await self.request(505))

    async def network(self) -> NetworkInfo:
        """Return the network settings, among them the MAC address."""
        return NetworkInfo.from_message(await self.request(10))

    async def temperatures(self) -> Temperatures:
        """Return the temperatures of the whole picture and of every rule, in °C."""
        return Temperatures.from_message(await self.request(520))

    async def rules_raw(self) -> Message:
        """Return the measurement rules as the camera sends them."""
        return await self.request(4)

    async def rules(self) -> tuple[Rule, ...]:
        """Return the measurement rules, keyed like their temperatures."""
        rules = parse_rules(await self.rules_raw())
        if all(rule.rule_id and rule.key == str(rule.rule_id) for rule in rules):
            return rules
        return align_rules(rules, (await self.temperatures()).rules)

    async def recording_status(self) -> RecordingStatus:
        """Return what is being recorded on the camera."""
        return RecordingStatus.from_message(
            await self.request(509, {"record_stream": 0}, subtype=4)
        )

    # --- what it remembers ---

    def recordings(
        self, since: datetime, until: datetime, channel: Channel, media: MediaKind
    ) -> AsyncIterator[Recording]:
        """Return the files of a period, each once; see `history.recordings`."""
        return history.recordings(self.request, since, until, channel, media)

    async def recording_days(
        self, year: int, month: int, channel: Channel, media: MediaKind
    ) -> tuple[date, ...]:
        """Return the days of a month that have files, in order."""
        return await history.recording_days(self.request, year, month, channel, media)

    async def temperature_history(
        self,
        since: datetime,
        until: datetime,
        *,
        minutes: int = 1,
        statistic: Statistic = Statistic.MAXIMUM,
        shapes: Collection[Shape] = tuple(Shape),
    ) -> tuple[TemperatureSeries, ...]:
        """Return how the temperatures of the rules went, a value every so many minutes; see `history.temperature_history`."""
        return await history.temperature_history(
            self.request,
            since,
            until,
            minutes=minutes,
            statistic=statistic,
            shapes=shapes,
        )

    async def temperature_report(
        self,
        since: datetime,
        until: datetime,
        *,
        minutes: int = 1,
        statistic: Statistic = Statistic.MAXIMUM,
        shapes: Collection[Shape] = tuple(Shape),
    ) -> bytes | None:
        """Return a period's temperatures as the file that the camera writes, None if it writes none."""
        path = await history.temperature_report(
            self.request,
            since,
            until,
            minutes=minutes,
            statistic=statistic,
            shapes=shapes,
        )
        return None if path is None else await self.download(path, limit=MAX_REPORT)

    # --- pictures ---

    async def thermal_still(self) -> Picture:
        """Return a thermal picture, sent along or downloaded from where the camera put it."""
        message = await self.request(522)
        picture = Picture.from_base64(message.get("image_content"))
        if picture is None and (url := as_text(message.get("image_url"))):
            picture = Picture.from_bytes(await self.download(url))
        return _picture(picture)

    async def visible_still(self) -> Picture:
        """Return a visible-light picture."""
        return _picture(
            Picture.from_base64(
                (await self.request(523, {"type": 1})).get("image_content")
            )
        )

    # --- functions ---

    async def nuc(self) -> None:
        """Correct the sensor with the shutter; pictures freeze for about a second."""
        await self.request(529)

    async def silence_alarm(self, kind: int = 2) -> None:
        """Turn alarm outputs off: 0 sound, 1 output, 2 both."""
        await self.request(524, {"type": kind})

    async def set_clock(self, time: datetime) -> None:
        """Set the camera's clock; the time is taken as it reads, without regard to zones."""
        await self.request(506, {"datetime": time.strftime("%Y-%m-%d %H:%M:%S")})

    async def reboot(self) -> None:
        """Restart the camera, which is back after about 40 seconds."""
        if self.connection is Connection.DISCONNECTED:
            raise GuideConnectionError("Not connected")
        try:
            await self.request(508)
        except GuideConnectionError:
            # It may be gone before it answers; asked whether it lives, the connection will notice.
            return

    async def fill_light(self) -> FillLight:
        """Return the state of the fill light."""
        return FillLight.from_message(await self.request(36))

    async def set_fill_light(
        self,
        *,
        on: bool | None = None,
        brightness: int | None = None,
        mode: LightMode | None = None,
    ) -> FillLight:
        """Change what is given of the fill light (brightness in percent), and return its state as read again."""
        changes: Message = {}
        if on is not None:
            changes["light"] = int(on)
        if brightness is not None:
            changes["brightness"] = brightness
        if mode is not None:
            changes["mode"] = _MODE_NUMBERS[mode]
        return FillLight.from_message(
            await self.modify(36, lambda current: current | changes)
        )

    # --- pan, tilt, zoom ---

    async def ptz(
        self, action: PtzAction, *, start: bool, speed: int = 0, channel: int = 0
    ) -> None:
        """Start or stop a function; speed 0 is the camera's own, channel 0 both, 1 visible, 2 thermal."""
        await self.request(
            600,
            {
                "ptz_command": PTZ_COMMANDS[action],
                "ptz_action": _run(start),
                "ptz_param1": speed,
                "ptz_param2": channel,
                "ptz_param3": 0,
            },
        )

    async def ptz_status(self) -> PtzStatus:
        """Return what moves the head by itself."""
        return PtzStatus.from_message(await self.request(617))

    async def presets(self) -> tuple[Preset, ...]:
        """Return the stored positions."""
        return parse_presets(await self.request(601))

    async def goto_preset(self, index: int) -> None:
        """Move to a stored position."""
        await self.request(605, {"index": index})

    async def cruises(self) -> tuple[Cruise, ...]:
        """Return the cruise groups."""
        return parse_cruises(await self.request(606))

    async def cruise(self, index: int, start: bool) -> None:
        """Start or stop a cruise group."""
        await self.request(610, {"cruise_index": index, "cruise_action": _run(start)})

    async def line_scans(self) -> tuple[LineScan, ...]:
        """Return the line scans."""
        return parse_line_scans(await self.request(611))

    async def line_scan(self, index: int, start: bool) -> None:
        """Start or stop a line scan."""
        await self.request(
            613, {"linescan_index": index, "linescan_action": _run(start)}
        )

    async def traces(self) -> tuple[Trace, ...]:
        """Return the recorded movements."""
        return parse_traces(await self.request(614))

    async def trace(self, index: int, start: bool) -> None:
        """Start or stop a recorded movement."""
        await self.request(616, {"trace_index": index, "trace_action": _run(start)})

    async def record_trace(self, index: int, start: bool) -> None:
        """Start or stop to record movements; a camera records until it is stopped, and only one at a time."""
        await self.request(
            615, {"trace_index": index, "trace_record_action": _run(start)}
        )


def _run(start: bool) -> int:
    """Return the wire's word for it, on which start is 0 and stop is 1."""
    return 0 if start else 1


def _picture(picture: Picture | None) -> Picture:
    if picture is None:
        raise GuideConnectionError("The camera sent no picture")
    return picture
