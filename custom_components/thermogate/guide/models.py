"""What a camera tells about itself, as values. Every field may be missing on the wire; nothing here ever raises."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import datetime as dt
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

from .wire import as_bool, as_dicts, as_float, as_int, as_text

DEFAULT_CONTROL_PORT = 9980
DEFAULT_CONTROL_URI = "/api/v1/control"
DEFAULT_THERMAL_VIDEO_PORT = 9982
DEFAULT_VISIBLE_VIDEO_PORT = 9981

# A camera that lost its clock tells times around 1970 or its firmware's date (seen on devices).
_CREDIBLE_YEARS = range(2020, 2100)

type Size = tuple[int, int]
"""Width and height in pixels."""
type Point = tuple[int, int]
"""x and y in pixels of the thermal output, from 1."""


def parse_time(value: object) -> dt.datetime | None:
    """Return a camera's local time without a zone, None when it is absent, garbage or of another century."""
    try:
        time = dt.datetime.fromisoformat(as_text(value).replace("/", "-"))
    except ValueError:
        return None
    return time.replace(tzinfo=None) if time.year in _CREDIBLE_YEARS else None


def member[E: StrEnum](names: Mapping[int, E], value: object) -> E | None:
    """Return the name of a number on the wire, None for one without a name."""
    number = as_int(value)
    return None if number is None else names.get(number)


def numbered[E: StrEnum](members: type[E], start: int = 1) -> dict[int, E]:
    """Return the members of an enumeration, numbered in the order they are written."""
    return dict(enumerate(members, start=start))


def parse_points(value: object) -> tuple[Point, ...]:
    """Return the points of a list that have both coordinates."""
    pairs = ((as_int(item.get("x")), as_int(item.get("y"))) for item in as_dicts(value))
    return tuple((x, y) for x, y in pairs if x is not None and y is not None)


def _port(value: object, default: int) -> int:
    port = as_int(value, default)
    return port if 0 < port < 65536 else default


def _path(value: object) -> str:
    """Return the path of an address, whatever else it names."""
    try:
        path = urlsplit(as_text(value)).path
    except ValueError:
        path = ""
    return f"/{path.lstrip('/')}" if path.strip("/") else DEFAULT_CONTROL_URI


class Shape(StrEnum):
    """What a measurement rule looks at, in the order of its numbers (vendor document 3.1)."""

    POINT = "point"
    LINE = "line"
    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    CIRCLE = "circle"


SHAPES = numbered(Shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamUrls:
    """RTSP addresses as the camera tells them, None for a stream it does not have; see `rtsp.stream_url`."""

    visible: str | None = None
    visible_sub: str | None = None
    thermal: str | None = None
    thermal_sub: str | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the addresses out of command 500, in either spelling of their keys."""

        def url(name: str) -> str | None:
            return (
                as_text(message.get(f"{name}_rtsp_url"))
                or as_text(message.get(f"{name}_video_url"))
                or None
            )

        return cls(
            visible=url("vl"),
            visible_sub=url("vl_sub"),
            thermal=url("ir"),
            thermal_sub=url("ir_sub"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """A temperature range that the camera can be switched to, in °C; `index` is what command 1 takes."""

    index: int
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFile:
    """A sound that alarms can play."""

    index: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralInfo:
    """Command 500, the only one that needs no login."""

    control_port: int = DEFAULT_CONTROL_PORT
    control_uri: str = DEFAULT_CONTROL_URI
    ir_video_port: int = DEFAULT_THERMAL_VIDEO_PORT
    vl_video_port: int = DEFAULT_VISIBLE_VIDEO_PORT
    has_visible_video: bool = False
    """Whether the camera names that port; those without a visible lens do not."""
    gears: tuple[Gear, ...] = ()
    ir_mode: int | None = None
    model_size: Size | None = None
    """Pixels of the sensor."""
    output_size: Size | None = None
    """Pixels of the thermal picture; rules and points are counted in these."""
    urls: StreamUrls = field(default_factory=StreamUrls)
    system_name: str = ""
    model: str = ""
    language: str = ""
    copyright: str = ""
    datetime: dt.datetime | None = None
    """The camera's clock, local and without a zone; None when it is not set."""
    flush_interval: int | None = None
    audio_files: tuple[AudioFile, ...] = ()
    device_type: int | None = None
    channel_type: int | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 500."""

        def size(name: str) -> Size | None:
            width, height = (
                as_int(message.get(f"{name}_w"), 0),
                as_int(message.get(f"{name}_h"), 0),
            )
            return (width, height) if width > 0 and height > 0 else None

        return cls(
            control_port=_port(message.get("control_port"), DEFAULT_CONTROL_PORT),
            control_uri=_path(message.get("control_uri") or message.get("control_url")),
            ir_video_port=_port(
                message.get("ir_video_port"), DEFAULT_THERMAL_VIDEO_PORT
            ),
            vl_video_port=_port(
                message.get("vl_video_port"), DEFAULT_VISIBLE_VIDEO_PORT
            ),
            has_visible_video=as_int(message.get("vl_video_port"), 0) > 0,
            gears=tuple(
                Gear(
                    index=index,
                    minimum=as_float(gear.get("min")),
                    maximum=as_float(gear.get("max")),
                )
                for index, gear in enumerate(as_dicts(message.get("gears")))
            ),
            ir_mode=as_int(message.get("ir_mode")),
            model_size=size("ir_model"),
            output_size=size("ir_output"),
            urls=StreamUrls.from_message(message),
            system_name=as_text(message.get("systemname")),
            model=as_text(message.get("model")),
            language=as_text(message.get("language")),
            copyright=as_text(message.get("copyright")),
            datetime=parse_time(message.get("datetime")),
            flush_interval=as_int(message.get("rule_flush_intveral")),
            audio_files=tuple(
                AudioFile(
                    index=as_int(item.get("index"), index),
                    name=as_text(item.get("name")),
                )
                for index, item in enumerate(as_dicts(message.get("audiofile")))
            ),
            device_type=as_int(message.get("device_type")),
            channel_type=as_int(message.get("channel_type")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInfo:
    """Command 505. The serial number is the only stable identity, and may be empty."""

    model: str = ""
    version: str = ""
    serial: str = ""
    fpga_version: str = ""
    measure_version: str = ""

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 505."""
        return cls(**{name: as_text(message.get(name)) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInfo:
    """Command 10. `mac` is lower case with colons, or empty."""

    mac: str = ""
    ip_address: str = ""
    netmask: str = ""
    gateway: str = ""
    host_name: str = ""
    dhcp: bool | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 10."""
        return cls(
            mac=as_text(message.get("mac")).lower().replace("-", ":"),
            ip_address=as_text(message.get("ipaddr")),
            netmask=as_text(message.get("netmask")),
            gateway=as_text(message.get("gateway")),
            host_name=as_text(message.get("host_name")),
            dhcp=as_bool(message.get("mode")),
        )


def rule_keys(ids: Sequence[int | None], names: Sequence[str]) -> Iterator[str]:
    """Return one distinct key per rule: its id when that is unique and not zero, else its place and name."""
    uses = Counter(ids)
    for index, (rule_id, name) in enumerate(zip(ids, names, strict=True)):
        yield str(rule_id) if rule_id and uses[rule_id] == 1 else f"{index}_{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTemperature:
    """The temperatures in °C within one rule; fixed cameras have preset 0 or none."""

    key: str
    rule_id: int | None = None
    name: str = ""
    shape: Shape | None = None
    maximum: float | None = None
    minimum: float | None = None
    average: float | None = None
    preset: int | None = None


def parse_rule_temperatures(
    value: object, prefix: str = "rule"
) -> tuple[RuleTemperature, ...]:
    """Read the list of command 520 (fields rule_id, rule_name, type) or, with other prefixes, of push 1007."""
    id_key, name_key, shape_key = {
        "rule": ("rule_id", "rule_name", "type"),
        "measure": ("measure_id", "measurer_name", "measure_type"),
    }[prefix]
    items = as_dicts(value)
    ids = [as_int(item.get(id_key)) for item in items]
    names = [as_text(item.get(name_key)) for item in items]
    return tuple(
        RuleTemperature(
            key=key,
            rule_id=rule_id,
            name=name,
            shape=member(SHAPES, item.get(shape_key)),
            maximum=as_float(item.get("max_temp")),
            minimum=as_float(item.get("min_temp")),
            average=as_float(item.get("avg_temp")),
            preset=as_int(item.get("preset")),
        )
        for key, rule_id, name, item in zip(
            rule_keys(ids, names), ids, names, items, strict=True
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperatures:
    """Command 520: the whole picture's temperatures in °C, and those of every rule."""

    maximum: float | None = None
    minimum: float | None = None
    average: float | None = None
    rules: tuple[RuleTemperature, ...] = ()

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 520, with or without whole-picture values and rules."""

        def whole(name: str) -> float | None:
            value = as_float(message.get(f"global_{name}"))
            return as_float(message.get(name)) if value is None else value

        return cls(
            maximum=whole("max_temp"),
            minimum=whole("min_temp"),
            average=whole("avg_temp"),
            rules=parse_rule_temperatures(message.get("rule_list")),
        )


class RuleAlarm(StrEnum):
    """What raises the alarm of a rule, in the order of its numbers (vendor document 3.1)."""

    HIGH = "high"
    LOW = "low"
    AVERAGE = "average"
    HIGH_AND_LOW = "high_and_low"
    DIFFERENCE = "difference"
    SLOPE = "slope"


class Condition(StrEnum):
    """How a temperature is compared with its threshold, in the order of its numbers (vendor document 3.1)."""

    ABOVE = "above"
    BELOW = "below"
    MATCHING = "matching"
    ABOVE_AND_BELOW = "above_and_below"


RULE_ALARMS = numbered(RuleAlarm)
CONDITIONS = numbered(Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One measurement rule of command 4; thresholds in °C. `raw` is all that the camera said, for writing it back."""

    key: str
    rule_id: int | None = None
    name: str = ""
    shape: Shape | None = None
    alarm_enabled: bool | None = None
    alarm_type: RuleAlarm | None = None
    alarm_condition: Condition | None = None
    high: float | None = None
    low: float | None = None
    average: float | None = None
    difference: float | None = None
    rate: float | None = None
    alarm_time: int | None = None
    preset: int | None = None
    points: tuple[Point, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


def parse_rules(message: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Read the body of an answer to command 4."""
    items = as_dicts(message.get("rule_list"))
    ids = [as_int(item.get("id")) for item in items]
    names = [as_text(item.get("rule_name")) for item in items]
    return tuple(
        Rule(
            key=key,
            rule_id=rule_id,
            name=name,
            shape=member(SHAPES, item.get("type")),
            alarm_enabled=as_bool(item.get("alarm_flag")),
            alarm_type=member(RULE_ALARMS, item.get("alarm_type")),
            alarm_condition=member(CONDITIONS, item.get("alarm_condition")),
            high=as_float(item.get("high_temp")),
            low=as_float(item.get("low_temp")),
            average=as_float(item.get("avg_temp")),
            difference=as_float(item.get("diff_temp")),
            rate=as_float(item.get("rate_temp")),
            alarm_time=as_int(item.get("alarm_time")),
            preset=as_int(item.get("preset")),
            points=parse_points(item.get("points")),
            raw=item,
        )
        for key, rule_id, name, item in zip(
            rule_keys(ids, names), ids, names, items, strict=True
        )
    )


class LightMode(StrEnum):
    """Who switches the fill light, in the order of its numbers from 0 (vendor document 35.1)."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


LIGHT_MODES = numbered(LightMode, start=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillLight:
    """Command 36; brightness in percent."""

    mode: LightMode | None = None
    on: bool | None = None
    brightness: int | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 36."""
        return cls(
            mode=member(LIGHT_MODES, message.get("mode")),
            on=as_bool(message.get("light")),
            brightness=as_int(message.get("brightness")),
        )


class Delayed(StrEnum):
    """How far a delayed recording is."""

    OFF = "off"
    WAITING = "waiting"
    RECORDING = "recording"


# Values of delay_status: visible, thermal; 3 and 4 prepare for the same.
_DELAYED_RUNNING = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStatus:
    """Command 509 and push 1006; times in seconds."""

    visible: bool = False
    thermal: bool = False
    seconds: int | None = None
    delay_status: int | None = None
    delay_seconds: int | None = None
    capture_status: int | None = None
    capture_count: int | None = None
    capture_total: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is being recorded, by a delayed recording too."""
        return self.visible or self.thermal or self.delay_status in _DELAYED_RUNNING

    @property
    def idle(self) -> bool:
        """Whether nothing is being recorded, nothing waits to be, and no pictures are being taken."""
        waiting = self.delayed is Delayed.WAITING
        return not (self.active or waiting or self.capture_status)

    @property
    def delayed(self) -> Delayed | None:
        """How far a delayed recording is; None when the camera does not say."""
        if self.delay_status is None:
            return None
        if self.delay_status in _DELAYED_RUNNING:
            return Delayed.RECORDING
        return Delayed.WAITING if self.delay_status else Delayed.OFF

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 509, or of push 1006."""
        status, both = (
            as_int(message.get("status")),
            bool(as_bool(message.get("allrecord"))),
        )
        return cls(
            visible=both or status == 1,
            thermal=both or status == 2,
            seconds=as_int(message.get("alltime" if both else "time")),
            delay_status=as_int(message.get("delay_status")),
            delay_seconds=as_int(message.get("delay_time")),
            capture_status=as_int(message.get("capture_status")),
            capture_count=as_int(message.get("capture_count")),
            capture_total=as_int(message.get("capture_total")),
        )
