"""The inside of a simulated terminal: what it remembers between messages. It knows nothing of MQTT."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tests.simulators.terminal.faces import sized_jpeg, waiting_picture
from tests.simulators.terminal.fields import Fields
from tests.simulators.terminal.people import Person, invented_people
from tests.simulators.terminal.quirks import Options, Quirk
from tests.simulators.terminal.settings import (
    APP_PARAMS,
    STREAM_PARAMS,
    Values,
    factory_values,
)

MOST_RECORDS = 5000
FIRMWARE_VERSION = "0.10.2"
FIRST_AES_KEY = b"12345\0\0\0\0\0\0\0\0\0\0\0"
AUDIO_NAMES = (
    "NO0.pass.wav",
    "NO1.stranger.wav",
    "NO2.mask.wav",
    "NO3.hot.wav",
    "NO4.doorbell.wav",
)

type RelaySource = Literal["command", "acknowledgement", "match"]


@dataclass(frozen=True, slots=True)
class RelayPulse:
    """One relay closed for a moment."""

    relay: int
    time: datetime
    milliseconds: int
    source: RelaySource
    mode: str
    person_id: str = ""


@dataclass(slots=True)
class Record:
    """One stored capture (vendor document 2.2.2)."""

    sequence: int
    time: datetime
    unix_time: float
    person: Person | None
    reason: int
    score: int
    temperature: float
    match_type: int
    picture: bytes
    uploaded: bool = False


@dataclass(slots=True)
class Device:
    """The state of one terminal. Everything runs in one event loop."""

    options: Options
    people: dict[str, Person] = field(default_factory=invented_people)
    app_params: Values = field(default_factory=lambda: factory_values(APP_PARAMS))
    stream_params: Values = field(default_factory=lambda: factory_values(STREAM_PARAMS))
    records: deque[Record] = field(default_factory=lambda: deque(maxlen=MOST_RECORDS))
    relays: list[RelayPulse] = field(default_factory=list)
    schedules: list[Values] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    shown: list[Values] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    wiegand_sent: list[int] = field(default_factory=list)
    serial_sent: list[tuple[int, bytes]] = field(default_factory=list)
    files: dict[str, bytearray] = field(default_factory=dict)
    media: dict[int, str] = field(default_factory=lambda: {1: "welcome.png"})
    screensaver: str = "none"
    volume: int = 60
    hardware: dict[str, str] = field(
        default_factory=lambda: {
            "Lcd.model": "LCD_WY_1280x800",
            "Lcd.manu": "",
            "moduler_4g": "YES",
        }
    )
    aes_key: bytes = FIRST_AES_KEY
    aes_enabled: bool = False
    sip_account: Values | None = None
    in_call: bool = False
    rooms: dict[str, Values] = field(default_factory=dict)
    # How many rooms devices have room for is not known.
    most_rooms: int = 10_000
    splice: Values = field(
        default_factory=lambda: {"sip type": "unit", "max room num": 5}
    )
    # The version of the firmware, and what came of the last upgrade (vendor document 2.10.1).
    firmware: str = FIRMWARE_VERSION
    last_upgrade_code: int = 0
    clock_offset: timedelta = timedelta()
    sequence: int = 0
    # What follows once an answer is out: "reboot", "restart" or "sip 1".
    actions: list[str] = field(default_factory=list)
    # Told of every relay pulse.
    on_relay: Callable[[RelayPulse], None] | None = None

    def __post_init__(self) -> None:
        """Fill what depends on the options."""
        self.clock_offset = timedelta(seconds=self.options.clock_drift_seconds)
        self.files[media_path(1, self.media[1])] = bytearray(
            sized_jpeg(waiting_picture(), 20)
        )

    def has(self, quirk: Quirk) -> bool:
        """Tell whether a quirk is on."""
        return quirk in self.options.quirks

    def true_time(self) -> datetime:
        """Return the right local time at the device, without zone."""
        zone = ZoneInfo(self.options.time_zone) if self.options.time_zone else None
        return datetime.now(zone).replace(tzinfo=None)

    def zone_text(self) -> str:
        """Return the device's zone like UTC+8 or UTC-3:30."""
        zone = ZoneInfo(self.options.time_zone) if self.options.time_zone else None
        offset = datetime.now(zone).astimezone(zone).utcoffset() or timedelta()
        minutes = round(offset.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"

    def now(self) -> datetime:
        """Return what the device's clock shows: local, without zone, drifted."""
        return self.true_time() + self.clock_offset

    def section(self, name: str) -> Values:
        """Return one section of the app params."""
        section = self.app_params[name]
        if not isinstance(section, dict):
            raise TypeError(f"{name} is no section")
        return section

    @property
    def keeps_backlog(self) -> bool:
        """Tell whether captures that nobody took are kept until somebody does."""
        record = self.section("record")
        return bool(record["save_enable"] and record["resume_enable"])

    def next_sequence(self) -> int:
        """Return the next sequence number: from 1, unsigned 32 bit."""
        self.sequence = self.sequence % (2**32 - 1) + 1
        return self.sequence

    def open(
        self, relay: int, source: RelaySource, mode: str, person_id: str = ""
    ) -> None:
        """Close a relay for the retention time; with gpio_linked all of them."""
        control = self.section("gate_control")
        milliseconds = control["gpio_retention_time"]
        for port in (1, 2) if control["gpio_linked"] else (relay,):
            pulse = RelayPulse(
                port,
                self.now(),
                milliseconds if isinstance(milliseconds, int) else 0,
                source,
                mode,
                person_id,
            )
            self.relays.append(pulse)
            if self.on_relay is not None:
                self.on_relay(pulse)


def media_path(sequence: int, name: str) -> str:
    """Return where a screensaver file lies on the terminal (vendor document 2.9.3)."""
    return f"/data_fs/screensaver/NO{sequence}.{name}"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the fields it takes, and what it does and answers beside the general keys."""

    run: Callable[[Device, Values], Values]
    fields: Fields = field(default_factory=dict)
