"""What a terminal says, as typed values.

Every value but the command may be missing: then it is None, "" or (), as its type says.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Any, Final

_MAX_KEY = 128


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Stands for a key that was not in the message, where that differs from null."""


class AccessResult(StrEnum):
    """What came of a capture."""

    GRANTED = "granted"
    DENIED = "denied"
    STRANGER = "stranger"


class DenialReason(StrEnum):
    """Why a terminal denied access."""

    RESTRICTED = "restricted_person"
    EXPIRED = "expired"
    NOT_IN_SCHEDULE = "not_in_schedule"
    HOLIDAY = "holiday"
    TEMPERATURE_TOO_HIGH = "temperature_too_high"
    NO_MASK = "no_mask"
    NO_HELMET = "no_helmet"
    CARD_NOT_REGISTERED = "card_not_registered"
    ID_MISMATCH = "id_mismatch"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN = "unknown"


class PersonRole(StrEnum):
    """The list a person is on."""

    NORMAL = "normal"
    ALLOWED = "allowed"
    BLOCKED = "blocked"


class SipState(StrEnum):
    """A step of an intercom call."""

    ENDED = "ended"
    STARTED = "started"
    CALLER_RINGING = "caller_ringing"
    CALLER_REJECTED = "caller_rejected"
    CALLER_CONNECTED = "caller_connected"
    CALLED = "called"
    CALLED_CONNECTED = "called_connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceBox:
    """Where a face is, in pixels. Seen on devices: coordinates of the full frame on a close-up, so it may lie outside."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture; `content_type` is what its bytes are, whatever the terminal called it."""

    data: bytes = field(repr=False)
    content_type: str
    face: FaceBox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A short video; `format` is "mp4" or "avi", times as in `Capture.taken_at`."""

    data: bytes = field(repr=False)
    format: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who was recognised. With `encrypted`, id and name are base64 of encrypted bytes, to be shown as such at most.

    `origin` and `validity` are the terminal's words ("software", "permanent_list", ...), `methods` how it compared ("anyface").
    """

    person_id: str
    name: str
    role: PersonRole | None = None
    encrypted: bool = False
    customer_text: str = ""
    origin: str = ""
    validity: str = ""
    photo: Picture | None = None
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCard:
    """What was read from an identity card; dates are the card's own text, as "19801001"."""

    number: str = ""
    name: str = ""
    birthday: str = ""
    sex: str = ""
    nationality: str = ""
    address: str = ""
    authority: str = ""
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gps:
    """A position in degrees. The vendor document contradicts itself on which of `n` and `e` is the latitude."""

    n: float | None = None
    e: float | None = None
    satellites: int | None = None

    @property
    def latitude(self) -> float | None:
        """The latitude, known only where the other value is too large to be one."""
        return self._ordered[0]

    @property
    def longitude(self) -> float | None:
        """The longitude, known only where it is over 90 degrees."""
        return self._ordered[1]

    @property
    def _ordered(self) -> tuple[float | None, float | None]:
        if self.n is None or self.e is None:
            return None, None
        for latitude, longitude in ((self.n, self.e), (self.e, self.n)):
            if abs(latitude) <= 90 < abs(longitude) <= 180:
                return latitude, longitude
        return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Somebody stood before the terminal (vendor document 2.2.1).

    `sequence_no` and `cap_time` are what the terminal sent, of any JSON type, for the acknowledgement; MISSING if it sent none.
    `taken_at` is naive in the terminal's local time, aware if it told its zone, None if its clock is not set. `realtime` is
    False for what it stored and sends late. `temperature` is in the terminal's unit. `face` is the close-up, `scene` the whole
    view; `broken_picture` is True when one of the two was sent but is none. `hat` is the colour of the helmet or "none".
    """

    sequence_no: Any = MISSING
    cap_time: Any = MISSING
    taken_at: datetime | None = None
    realtime: bool = True
    device_sn: str = ""
    device_no: str = ""
    addr_no: str = ""
    addr_name: str = ""
    result: AccessResult
    reason: DenialReason | None = None
    reason_code: int | None = None
    score: int | None = None
    identity: Identity | None = None
    temperature: float | None = None
    has_mask: bool | None = None
    sex: str | None = None
    age: int | None = None
    hat: str | None = None
    face_quality: int | None = None
    turn_angle: int | None = None
    rotate_angle: int | None = None
    card_number: int | None = None
    id_card: IdCard | None = None
    qr_code: str | None = None
    gps: Gps | None = None
    face: Picture | None = None
    scene: Picture | None = None
    broken_picture: bool = False
    clip: Clip | None = None
    version: str = ""

    @property
    def key(self) -> str:
        """Names this capture among those of one terminal, the same in every resent copy; "" if nothing can tell copies apart."""
        sequence_no, cap_time = (
            "" if raw is MISSING or raw is None else str(raw).strip()
            for raw in (self.sequence_no, self.cap_time)
        )
        if not sequence_no and not cap_time:
            return ""
        key = f"{sequence_no}|{cap_time}"
        return key if len(key) <= _MAX_KEY else sha256(key.encode()).hexdigest()

    @property
    def stranger(self) -> bool:
        """Nobody the terminal knows."""
        return self.result is AccessResult.STRANGER

    @property
    def anonymous(self) -> bool:
        """Let pass without being anyone, as in the any-face mode."""
        return self.result is AccessResult.GRANTED and not (
            self.identity and self.identity.person_id
        )

    @property
    def mask_alarm(self) -> bool:
        """Denied for want of a mask."""
        return self.reason is DenialReason.NO_MASK

    @property
    def temperature_alarm(self) -> bool:
        """Denied for fever."""
        return self.reason is DenialReason.TEMPERATURE_TOO_HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A sign of life (vendor document 2.6); `command_id` is to be given back in the answer."""

    device_sn: str = ""
    device_no: str = ""
    addr_no: str = ""
    addr_name: str = ""
    ip: str = ""
    gps: Gps | None = None
    command_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SipEvent:
    """A step of an intercom call (vendor document 2.15.6); `event` is None for a `code` that is not documented."""

    device_sn: str = ""
    device_no: str = ""
    addr_no: str = ""
    addr_name: str = ""
    event: SipState | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """What a terminal runs, in its own words (vendor document 2.10.1)."""

    system: str = ""
    app_version: str = ""
    algorithm_version: str = ""
    platform: str = ""
    sensor: str = ""
    board: str = ""
    motor: str = ""
    lcd: str = ""
    built: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeQuery:
    """A terminal asks for new firmware (vendor document 2.10.1)."""

    device_sn: str = ""
    device_no: str = ""
    last_upgrade_code: int | None = None
    firmware: Firmware = Firmware()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a command, ours or another server's. `text` is the terminal's word on a refusal, `body` the whole message."""

    command: str
    code: int
    text: str = ""
    device_sn: str = ""
    command_id: str = ""
    body: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMessage:
    """A message of a kind that is not documented, or of none."""

    command: str
    device_sn: str = ""


type Message = Capture | Heartbeat | SipEvent | UpgradeQuery | Reply | UnknownMessage
