"""The camera's HTTP side: the same messages as over the WebSocket, and its files."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
from yarl import URL

from .errors import GuideConnectionError, GuideTimeoutError, GuideValidationError
from .remote_file import PARTIAL, WHOLE, Part, RemoteFile, part_of, refusal
from .signed import PATH, signed_headers
from .wire import MAX_MESSAGE_SIZE, Message, decode, encode

# All real clients use this path; the document's /api/v1/msg was seen in none.
_MESSAGE_PATH = "/getmsginfo"
_JSON = {"Content-Type": "application/json"}
# Of aiohttp, which has one of five minutes.
_NO_LIMIT = aiohttp.ClientTimeout(total=None)
MAX_FILE_SIZE = 64 * 1024 * 1024


def file_url(base: URL, url: str) -> URL:
    """Return the address of a file that the camera named, always on the host and port of `base`.

    Raises GuideValidationError for what is not a plain path: other schemes, "..", backslashes, control characters.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise GuideValidationError("url", url, "a path on the camera") from None
    path = f"/{parts.path.lstrip('/')}"
    plain = unquote(path)
    if (
        parts.scheme not in {"", "http", "https"}
        or plain == "/"
        or not plain.isprintable()
        or "\\" in plain
        or ".." in plain.split("/")
    ):
        raise GuideValidationError("url", url, "a path on the camera")
    return base.with_path(plain).with_query(parts.query or None)


class HttpTransport:
    """POSTs messages, one at a time, and fetches files."""

    def __init__(
        self,
        websession: aiohttp.ClientSession,
        host: str,
        port: int,
        app_key: str = "",
    ) -> None:
        """Take the one host that this transport will ever talk to; with a key its messages are signed."""
        self._websession = websession
        self._app_key = app_key
        try:
            self._base = URL.build(scheme="http", host=host.strip("[]"), port=port)
        except ValueError:
            raise GuideValidationError(
                "host", host, "a host name or an IP address"
            ) from None
        self._turn = asyncio.Lock()

    async def request(self, frame: Mapping[str, Any], timeout: float) -> Message:
        """Send a frame and return the answering frame.

        Raises GuideConnectionError when there is none: unreachable, an error page, an empty body, not JSON.
        """
        async with self._turn:
            return decode(await self._post(frame, timeout))

    async def notify(self, frame: Mapping[str, Any], timeout: float) -> None:
        """Send a frame whatever is answered: heartbeats get no answer, or none worth reading (seen on devices)."""
        async with self._turn:
            await self._post(frame, timeout)

    async def download(
        self, url: str, timeout: float, limit: int = MAX_FILE_SIZE
    ) -> bytes:
        """Return a file that the camera named; raise GuideConnectionError when it is too large, GuideMissingError when it is gone."""
        return await self._fetch("GET", file_url(self._base, url), timeout, limit=limit)

    async def send_form(
        self, path: str, pieces: AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> Message:
        """Post a form piece by piece and return the answering frame; heartbeats and questions go on meanwhile.

        How long it may take is for the caller to say.
        """
        return decode(
            await self._fetch(
                "POST", self._base.with_path(path), None, data=pieces, headers=headers
            )
        )

    async def _post(self, frame: Mapping[str, Any], timeout: float) -> bytes:
        content = encode(frame)
        path, headers = _MESSAGE_PATH, _JSON
        if self._app_key:
            path, headers = PATH, {**_JSON, **signed_headers(self._app_key, content)}
        return await self._fetch(
            "POST", self._base.with_path(path), timeout, data=content, headers=headers
        )

    @asynccontextmanager
    async def open_file(
        self, url: str, part: Part, *, timeout: float, limit: int
    ) -> AsyncGenerator[RemoteFile]:
        """Read a file that the camera named while it comes; leaving early ends the transfer. See `GuideClient.open_file`."""
        response = await self._answer(url, part, timeout)
        try:
            start, stop, size = part_of(response.status, response.headers, part)
            if (size or 0) > limit:
                raise GuideConnectionError(f"More than {limit} bytes over HTTP")
            begin = start if response.status == PARTIAL else 0
            yield RemoteFile(
                start, stop, size, _pieces(response, begin, start, stop, limit)
            )
        finally:
            # What is still to come is not waited for.
            response.close()

    async def _answer(
        self, url: str, part: Part, timeout: float
    ) -> aiohttp.ClientResponse:
        """Ask for a part of a file and return the answer, of which nothing is read yet."""
        try:
            return await self._websession.get(
                file_url(self._base, url),
                headers={"Range": part.header} if part.header else None,
                allow_redirects=False,
                # Whoever watches may pause for as long as they like; only a silent camera is given up.
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=timeout, sock_read=timeout
                ),
            )
        except TimeoutError:
            raise GuideTimeoutError("No answer over HTTP in time") from None
        except (aiohttp.ClientError, OSError) as err:
            raise GuideConnectionError(f"HTTP failed: {type(err).__name__}") from err

    async def _fetch(
        self,
        method: str,
        url: URL,
        timeout: float | None,
        *,
        data: str | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = MAX_MESSAGE_SIZE,
    ) -> bytes:
        try:
            async with (
                asyncio.timeout(timeout),
                # A redirect would carry the token elsewhere.
                self._websession.request(
                    method,
                    url,
                    data=data,
                    headers=headers,
                    allow_redirects=False,
                    timeout=_NO_LIMIT,
                ) as response,
            ):
                if response.status != WHOLE:
                    if method == "GET":
                        raise refusal(response.status)
                    raise GuideConnectionError(f"HTTP status {response.status}")
                return await _read(response, limit)
        except TimeoutError:
            raise GuideTimeoutError("No answer over HTTP in time") from None
        except (aiohttp.ClientError, OSError) as err:
            raise GuideConnectionError(f"HTTP failed: {type(err).__name__}") from err


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise GuideConnectionError(f"More than {limit} bytes over HTTP")
    return bytes(body)


async def _pieces(
    response: aiohttp.ClientResponse,
    at: int,
    start: int,
    stop: int | None,
    limit: int,
) -> AsyncIterator[bytes]:
    """Yield a file from `start` to before `stop`, of an answer that begins at `at`.

    Raises GuideConnectionError when it ends early or is too large.
    """
    try:
        async for chunk in response.content.iter_any():
            end = at + len(chunk)
            if end > limit:
                raise GuideConnectionError(f"More than {limit} bytes over HTTP")
            if piece := chunk[max(0, start - at) : None if stop is None else stop - at]:
                yield piece
            at = end
            if stop is not None and at >= stop:
                return
    except TimeoutError:
        raise GuideTimeoutError("Nothing more over HTTP in time") from None
    except (aiohttp.ClientPayloadError, OSError) as err:
        raise GuideConnectionError(f"HTTP failed: {type(err).__name__}") from err
    if stop is not None:
        raise GuideConnectionError("The file ended early")
