"""An RTSP server: H.264 over interleaved TCP or UDP (RFC 2326, RFC 6184), with Digest or Basic authentication."""

import asyncio
import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
import hashlib
import re
import secrets
import struct
from typing import Any
from urllib.parse import urlsplit

from tests.simulators.ports import free_port

from .encoder import PICTURE_PARAMETERS, SEQUENCE_PARAMETERS
from .video import Picture, Stream

REALM = "Guide RTSP Server"
MOST_PAYLOAD = 1400
CLOCK_RATE = 90_000
PAYLOAD_TYPE = 96
FRAGMENT_TYPE = 28
METHODS = (
    "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
)
SESSION_TIMEOUT = 60
STATUS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
}

type Headers = dict[str, str]


@dataclass(frozen=True)
class Account:
    """Who may watch; None as account lets everybody."""

    username: str
    password: str


@dataclass(frozen=True)
class RtspRequest:
    """One request received: never its credentials."""

    method: str
    path: str
    status: int


class Rejected(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, headers: Headers | None = None) -> None:
        """Keep what the answer needs."""
        super().__init__(STATUS[status])
        self.status = status
        self.headers = headers or {}


def digest_response(account: Account, method: str, fields: dict[str, str]) -> str:
    """Return the response a client must have computed (RFC 2617, MD5, with or without qop)."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret = md5(f"{account.username}:{REALM}:{account.password}")
    request = md5(f"{method}:{fields.get('uri', '')}")
    middle = fields.get("nonce", "")
    if "qop" in fields:
        middle += f":{fields.get('nc', '')}:{fields.get('cnonce', '')}:{fields['qop']}"
    return md5(f"{secret}:{middle}:{request}")


def is_authorized(
    account: Account, header: str, method: str, path: str, nonce: str
) -> bool:
    """Tell whether an Authorization header proves the account, for this method and path."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "basic":
        expected = f"{account.username}:{account.password}".encode()
        return rest.strip() == base64.b64encode(expected).decode()
    if scheme.lower() != "digest":
        return False
    pairs = re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', rest)
    fields = {name: quoted or plain for name, quoted, plain in pairs}
    return (
        fields.get("username") == account.username
        and fields.get("nonce") == nonce
        and stream_path(fields.get("uri", "")) == path
        and fields.get("response") == digest_response(account, method, fields)
    )


def stream_path(url: str) -> str:
    """Return the path of a stream from an address, without the track."""
    path = urlsplit(url).path.rstrip("/")
    return path.removesuffix("/track1")


def packets(
    units: list[bytes], sequence: int, timestamp: int, source: int
) -> list[bytes]:
    """Return the RTP packets of one picture; large units are cut into fragments."""
    payloads: list[bytes] = []
    for unit in units:
        if len(unit) <= MOST_PAYLOAD:
            payloads.append(unit)
            continue
        head, body = unit[0], unit[1:]
        pieces = [body[i : i + MOST_PAYLOAD] for i in range(0, len(body), MOST_PAYLOAD)]
        for number, piece in enumerate(pieces):
            start = 0x80 if number == 0 else 0
            end = 0x40 if number == len(pieces) - 1 else 0
            payloads.append(
                bytes([head & 0xE0 | FRAGMENT_TYPE, start | end | head & 0x1F]) + piece
            )
    return [
        struct.pack(
            ">BBHII",
            0x80,
            PAYLOAD_TYPE | (0x80 if number == len(payloads) - 1 else 0),
            (sequence + number) & 0xFFFF,
            timestamp & 0xFFFFFFFF,
            source,
        )
        + payload
        for number, payload in enumerate(payloads)
    ]


def sdp(host: str, units: list[bytes]) -> str:
    """Return the description of a stream from the units of a key picture."""
    by_type = {unit[0] & 31: unit for unit in units}
    parameters = [by_type[SEQUENCE_PARAMETERS], by_type[PICTURE_PARAMETERS]]
    sets = ",".join(base64.b64encode(unit).decode() for unit in parameters)
    level = parameters[0][1:4].hex().upper()
    lines = [
        "v=0",
        f"o=- 0 0 IN IP4 {host}",
        "s=Live",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        "a=range:npt=0-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} H264/{CLOCK_RATE}",
        f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;profile-level-id={level};sprop-parameter-sets={sets}",
        "a=control:track1",
    ]
    return "\r\n".join([*lines, ""])


@dataclass
class RtspServer:
    """Serves streams; one connection is one client."""

    find: Callable[[str], Stream | None]
    # Asked at every request, so that it can change while running.
    account: Callable[[], Account | None]
    # Cleared while the camera is deaf and mute.
    answering: asyncio.Event
    note: Callable[[RtspRequest], None]
    _server: asyncio.Server | None = None
    _connections: set[Connection] = field(default_factory=set)

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port; 0 picks a free one."""
        port = port or free_port(host)
        self._server = await asyncio.start_server(self._serve, host, port)
        return port

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        await self.drop()
        if self._server is not None:
            await self._server.wait_closed()
        self._server = None

    async def drop(self) -> None:
        """Cut all connections."""
        tasks = [connection.task for connection in self._connections]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        connection = Connection(self, reader, writer, task)
        self._connections.add(connection)
        try:
            await connection.run()
        except asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError:
            # The client left, or is being dropped: an ordinary end either way.
            pass
        finally:
            self._connections.discard(connection)
            await connection.stop_playing()
            writer.transport.abort()


@dataclass(eq=False)
class Connection:
    """One client and what it watches."""

    server: RtspServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    task: asyncio.Task[Any]
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    session: str = ""
    path: str = ""
    send: Callable[[bytes], None] | None = None
    _udp: asyncio.DatagramTransport | None = None
    _playing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Answer requests until the client leaves."""
        while head := await self._next_head():
            await self.server.answering.wait()
            await self._answer(head)

    async def _next_head(self) -> bytes:
        """Return the head of the next request, passing over interleaved reports of the client."""
        while True:
            first = await self.reader.read(1)
            if first != b"$":
                break
            _, length = struct.unpack(">BH", await self.reader.readexactly(3))
            await self.reader.readexactly(length)
        return first + await self.reader.readuntil(b"\r\n\r\n") if first else b""

    async def _answer(self, head: bytes) -> None:
        """Answer one request."""
        request, *lines = head.decode("utf-8", "replace").strip().split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        method, _, rest = request.partition(" ")
        path = stream_path(rest.split(" ")[0])
        body = ""
        if length := int(headers.get("content-length", 0)):
            await self.reader.readexactly(length)
        try:
            extra, body = await self._obey(method, path, headers)
            status = 200
        except Rejected as rejected:
            status, extra = rejected.status, rejected.headers
        self.server.note(RtspRequest(method, path, status))
        answer = {"CSeq": headers.get("cseq", "0"), **extra}
        if self.session:
            answer["Session"] = f"{self.session};timeout={SESSION_TIMEOUT}"
        if body:
            answer["Content-Length"] = str(len(body))
        text = "".join(f"{name}: {value}\r\n" for name, value in answer.items())
        self.writer.write(
            f"RTSP/1.0 {status} {STATUS[status]}\r\n{text}\r\n{body}".encode()
        )
        await self.writer.drain()
        if method == "PLAY" and status == 200:
            self._playing = self._playing or asyncio.create_task(self._play())
        if method == "TEARDOWN":
            await self.stop_playing()
            self.session = ""

    async def _obey(
        self, method: str, path: str, headers: Headers
    ) -> tuple[Headers, str]:
        """Obey a request; return the headers and body of the answer."""
        if method == "OPTIONS":
            return {"Public": METHODS}, ""
        self._authorize(method, path, headers)
        if method == "DESCRIBE":
            return await self._describe(path, headers)
        if method == "SETUP":
            return await self._set_up(path, headers), ""
        if method not in METHODS.split(", "):
            raise Rejected(501)
        if not self.session or headers.get("session", "").split(";")[0] != self.session:
            raise Rejected(454)
        if method == "PAUSE":
            await self.stop_playing(keep_transport=True)
        return ({"Range": "npt=0.000-"} if method == "PLAY" else {}), ""

    def _authorize(self, method: str, path: str, headers: Headers) -> None:
        """Reject a request without the account's proof."""
        account = self.server.account()
        given = headers.get("authorization", "")
        if account is None or is_authorized(account, given, method, path, self.nonce):
            return
        # Two headers: a client takes the scheme it likes better.
        challenge = f'Basic realm="{REALM}"\r\nWWW-Authenticate: Digest realm="{REALM}", nonce="{self.nonce}", algorithm=MD5'
        raise Rejected(401, {"WWW-Authenticate": challenge})

    async def _describe(self, path: str, headers: Headers) -> tuple[Headers, str]:
        """Answer with a description, which needs a key picture."""
        stream = self._stream(path)
        async with stream.watch() as viewer:
            picture = await viewer.pictures.get()
        host = self.writer.get_extra_info("sockname")[0]
        base = f"rtsp://{headers.get('host', host)}{path}/"
        return {"Content-Type": "application/sdp", "Content-Base": base}, sdp(
            host, picture.units
        )

    def _stream(self, path: str) -> Stream:
        stream = self.server.find(path)
        if stream is None:
            raise Rejected(404)
        return stream

    async def _set_up(self, path: str, headers: Headers) -> Headers:
        """Agree on a transport."""
        self._stream(path)
        if self._playing:
            raise Rejected(455)
        wanted = headers.get("transport", "")
        if "RTP/AVP/TCP" in wanted:
            found = re.search(r"interleaved=(\d+)-(\d+)", wanted)
            channel = int(found[1]) if found else 0
            self.send = self._tcp_sender(channel)
            transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        elif found := re.search(r"client_port=(\d+)-(\d+)", wanted):
            transport = await self._set_up_udp(int(found[1]), int(found[2]))
        else:
            raise Rejected(461)
        self.path = path
        self.session = self.session or secrets.token_hex(4).upper()
        return {"Transport": transport}

    async def _set_up_udp(self, rtp: int, rtcp: int) -> str:
        """Open a socket to the client's port; reports of the client are not wanted."""
        loop = asyncio.get_running_loop()
        client = self.writer.get_extra_info("peername")[0]
        own = self.writer.get_extra_info("sockname")[0]
        self._udp, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=(own, 0), remote_addr=(client, rtp)
        )
        self.send = self._udp.sendto
        port = self._udp.get_extra_info("sockname")[1]
        return f"RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={port}-{port + 1}"

    def _tcp_sender(self, channel: int) -> Callable[[bytes], None]:
        def send(packet: bytes) -> None:
            # The viewer may be gone already, and asyncio complains about every packet after that.
            if self.writer.is_closing():
                return
            self.writer.write(struct.pack(">cBH", b"$", channel, len(packet)) + packet)

        return send

    async def _play(self) -> None:
        """Send pictures until cancelled."""
        assert self.send is not None
        sequence, source = secrets.randbelow(0x10000), secrets.randbelow(1 << 32)
        first: float | None = None
        async with self._stream(self.path).watch() as viewer:
            while True:
                picture: Picture = await viewer.pictures.get()
                await self.server.answering.wait()
                first = picture.taken if first is None else first
                timestamp = round((picture.taken - first) * CLOCK_RATE)
                for packet in packets(picture.units, sequence, timestamp, source):
                    self.send(packet)
                    sequence = (sequence + 1) & 0xFFFF
                with suppress(ConnectionError):
                    await self.writer.drain()

    async def stop_playing(self, *, keep_transport: bool = False) -> None:
        """Stop sending."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.cancel()
            await asyncio.wait([playing])
        if self._udp is not None and not keep_transport:
            self._udp.close()
            self._udp = None
