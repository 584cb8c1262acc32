"""What a camera says unasked (vendor document, section VI), as values; no push, however broken, raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from .command import HEARTBEAT
from .models import (
    CONDITIONS,
    RULE_ALARMS,
    SHAPES,
    Condition,
    Point,
    RecordingStatus,
    RuleAlarm,
    RuleTemperature,
    Shape,
    member,
    numbered,
    parse_points,
    parse_rule_temperatures,
    parse_time,
)
from .newer_pushes import NewerPush, reader_of
from .wire import Message, Picture, as_dict, as_dicts, as_float, as_int, as_text

TEMPERATURE_ALARM = 1000
FORCED_LOGOUT = 1001
STORAGE_FULL = 1002
STORAGE_FAILURE = 1003
STREAM_EXCEPTION = 1004
ILLEGAL_ACCESS = 1005
RECORDING = 1006
OBJECT_TEMPERATURES = 1007
NETWORK_EXCEPTION = 1008
POINT_TEMPERATURE_ALARM = 1009
EXTERNAL_INPUT = 1010
FIRE = 1011

_PUSH_NUMBERS = range(1000, 1100)
_ENVELOPE = frozenset(
    {"action", "cmdtype", "sequence", "token", "from", "to", "retcode", "retmsg"}
)
_BODY_KEYS = ("content", "message")


class AlarmKind(StrEnum):
    """Where a temperature alarm comes from."""

    RULE = "rule"
    HOT_SPOT = "hot_spot"
    COLD_SPOT = "cold_spot"
    OBJECT = "object"
    GLOBAL = "global"
    BODY = "body"


_ALARM_KINDS = {1: AlarmKind.RULE, 2: AlarmKind.HOT_SPOT, 3: AlarmKind.COLD_SPOT}
_POINT_ALARM_KINDS = {1: AlarmKind.OBJECT, 2: AlarmKind.GLOBAL, 7: AlarmKind.BODY}


class TempFlag(StrEnum):
    """Which temperature raised an alarm."""

    AVERAGE = "average"
    HIGH = "high"
    LOW = "low"
    HIGH_AND_LOW = "high_and_low"
    RISE = "rise"
    DIFFERENCE = "difference"


# 5 and 6 come from newer firmware only.
_TEMP_FLAGS = {
    0: TempFlag.AVERAGE,
    1: TempFlag.HIGH,
    2: TempFlag.LOW,
    3: TempFlag.HIGH_AND_LOW,
    5: TempFlag.RISE,
    6: TempFlag.DIFFERENCE,
}


class StreamFault(StrEnum):
    """What happened to a stream, in the order of its numbers (vendor document 1004)."""

    OPEN_FAILED = "open_failed"
    SOURCE = "source"
    BUFFER = "buffer"


class NetworkFault(StrEnum):
    """What happened to the network, in the order of its numbers from 0 (vendor document 1008; 0 on newer firmware)."""

    DOWN = "down"
    IP_CONFLICT = "ip_conflict"
    GATEWAY_UNREACHABLE = "gateway_unreachable"


_STREAM_FAULTS = numbered(StreamFault)
_NETWORK_FAULTS = numbered(NetworkFault, start=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The pictures that came with an alarm, and where the camera keeps the rest (addresses relative to itself)."""

    visible: Picture | None = None
    thermal: Picture | None = None
    visible_url: str | None = None
    thermal_url: str | None = None
    visible_video_url: str | None = None
    thermal_video_url: str | None = None
    time: datetime | None = None
    """The camera's local time, None when its clock is not set."""
    capture_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmConfig:
    """The rule behind a temperature alarm; thresholds in °C."""

    type: RuleAlarm | None = None
    condition: Condition | None = None
    high: float | None = None
    low: float | None = None
    average: float | None = None
    shape: Shape | None = None
    """None for a hot or cold spot."""
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPoint:
    """A place of a 1009 alarm: temperature in °C, coordinates 0 to 8091 across the whole picture."""

    x: int | None = None
    y: int | None = None
    width: int | None = None
    height: int | None = None
    temperature: float | None = None
    temp_flag: TempFlag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureAlarm(Media):
    """Pushes 1000 and 1009; temperatures in °C."""

    kind: AlarmKind = AlarmKind.RULE
    name: str = ""
    temp_flag: TempFlag | None = None
    high: float | None = None
    low: float | None = None
    average: float | None = None
    rate: float | None = None
    difference: float | None = None
    config: AlarmConfig | None = None
    points: tuple[AlarmPoint, ...] = ()
    preset: int | None = None
    preset_name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FireAlarm(Media):
    """Push 1011; temperatures in °C."""

    name: str = ""
    temp_flag: TempFlag | None = None
    high: float | None = None
    low: float | None = None
    average: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalInputAlarm(Media):
    """Push 1010: the camera's alarm input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedLogout:
    """Push 1001: someone else took the session."""

    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageFull:
    """Push 1002; sizes in MB."""

    total: int | None = None
    free: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageFailure:
    """Push 1003."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamException:
    """Push 1004."""

    type: StreamFault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IllegalAccess:
    """Push 1005: someone tried to log in."""

    user: str = ""
    ip: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkException:
    """Push 1008."""

    type: NetworkFault | None = None
    ip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTemperatures:
    """Push 1007, subscribed with command 516; the interval in seconds."""

    interval: int | None = None
    rules: tuple[RuleTemperature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPush:
    """A push that no document tells about."""

    cmdtype: int | None


type Push = (
    TemperatureAlarm
    | FireAlarm
    | ExternalInputAlarm
    | ForcedLogout
    | StorageFull
    | StorageFailure
    | StreamException
    | IllegalAccess
    | NetworkException
    | ObjectTemperatures
    | RecordingStatus
    | NewerPush
    | UnknownPush
)


def is_push(frame: Mapping[str, Any]) -> bool:
    """Return whether a frame is a push; such a frame never answers a request."""
    if frame.get("action") == "notify" or "content" in frame:
        return True
    return (
        as_int(frame.get("cmdtype")) in _PUSH_NUMBERS and frame.get("retcode") is None
    )


def parse_push(frame: Mapping[str, Any]) -> Push | None:
    """Return what a frame pushes, None when it is an answer or a heartbeat."""
    cmdtype = as_int(frame.get("cmdtype"))
    if not is_push(frame) or cmdtype == HEARTBEAT:
        return None
    body = _body(frame)
    parser = _PARSERS.get(_classify(cmdtype, body)) or reader_of(body)
    return parser(body) if parser else UnknownPush(cmdtype=cmdtype)


def _body(frame: Mapping[str, Any]) -> Message:
    """Return the wrapped body, or the fields beside the envelope when nothing is wrapped."""
    for key in _BODY_KEYS:
        if body := as_dict(frame.get(key)):
            return body
    return {
        key: value
        for key, value in frame.items()
        if key not in _ENVELOPE and key not in _BODY_KEYS
    }


_CONFUSED = frozenset({TEMPERATURE_ALARM, *range(NETWORK_EXCEPTION, FIRE + 1)})
_TEMPERATURE_KEYS = frozenset({"high_temp", "low_temp", "avg_temp", "temp_flag"})
_MEDIA_KEYS = frozenset(
    {
        *(
            f"{light}_{what}"
            for light in ("vl", "ir")
            for what in ("image_url", "img_url", "video_url")
        ),
        *(
            f"{light}_{what}"
            for light in ("vl", "ir")
            for what in ("image_content", "img_content")
        ),
        *("time", "capture_time", "handle_flag", "alarm_addr"),
    }
)


def _classify(cmdtype: int | None, body: Mapping[str, Any]) -> int | None:
    """Return the number that fits the body.

    The document's own examples of 1008, 1010 and 1011 carry the number before theirs, so a device may as well; a body
    that clearly belongs to another number wins over the number.
    """
    if cmdtype not in _CONFUSED:
        return cmdtype
    if body.get("alarm_points") or body.get("alarm_type") is not None:
        return POINT_TEMPERATURE_ALARM
    if body.get("config") or body.get("objtype") is not None:
        return TEMPERATURE_ALARM
    if "type" in body and "ip" in body and not _TEMPERATURE_KEYS & body.keys():
        return NETWORK_EXCEPTION
    # A temperature alarm may come without its configuration, a fire seen in the picture without a temperature.
    if cmdtype in {TEMPERATURE_ALARM, FIRE}:
        return cmdtype
    if "high_temp" in body or "temp_flag" in body:
        return FIRE
    if body and body.keys() <= _MEDIA_KEYS:
        return EXTERNAL_INPUT
    return cmdtype


def _media(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of Media, from either spelling of their keys."""

    def either(light: str, what: str) -> object:
        return body.get(f"{light}_image_{what}") or body.get(f"{light}_img_{what}")

    return {
        "visible": Picture.from_base64(either("vl", "content")),
        "thermal": Picture.from_base64(either("ir", "content")),
        "visible_url": as_text(either("vl", "url")) or None,
        "thermal_url": as_text(either("ir", "url")) or None,
        "visible_video_url": as_text(body.get("vl_video_url")) or None,
        "thermal_video_url": as_text(body.get("ir_video_url")) or None,
        "time": parse_time(body.get("time") or body.get("alarm_time")),
        "capture_time": parse_time(body.get("capture_time")),
    }


def _measured(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": as_text(body.get("name")),
        "temp_flag": member(_TEMP_FLAGS, body.get("temp_flag")),
        "high": as_float(body.get("high_temp")),
        "low": as_float(body.get("low_temp")),
        "average": as_float(body.get("avg_temp")),
    }


def _alarm_config(value: object) -> AlarmConfig | None:
    config = as_dict(value)
    if not config:
        return None
    return AlarmConfig(
        type=member(RULE_ALARMS, config.get("type")),
        condition=member(CONDITIONS, config.get("condition")),
        high=as_float(config.get("high_temp")),
        low=as_float(config.get("low_temp")),
        average=as_float(config.get("avg_temp")),
        shape=member(SHAPES, config.get("objtype")),
        points=parse_points(config.get("points")),
    )


def _temperature_alarm(body: Mapping[str, Any]) -> TemperatureAlarm:
    return TemperatureAlarm(
        **_media(body),
        **_measured(body),
        kind=member(_ALARM_KINDS, body.get("type")) or AlarmKind.RULE,
        rate=as_float(body.get("rate_temp")),
        difference=as_float(body.get("diff_temp")),
        config=_alarm_config(body.get("config")),
        preset=as_int(body.get("preset")),
        preset_name=as_text(body.get("preset_name")),
        address=as_text(body.get("alarm_addr")),
    )


def _alarm_point(item: Mapping[str, Any]) -> AlarmPoint:
    return AlarmPoint(
        x=as_int(item.get("x")),
        y=as_int(item.get("y")),
        width=as_int(item.get("w")),
        height=as_int(item.get("h")),
        temperature=as_float(item.get("temperature")),
        temp_flag=member(_TEMP_FLAGS, item.get("temp_flag")),
    )


def _point_temperature_alarm(body: Mapping[str, Any]) -> TemperatureAlarm:
    points = tuple(_alarm_point(item) for item in as_dicts(body.get("alarm_points")))

    def measured(*flags: TempFlag) -> list[float]:
        return [
            point.temperature
            for point in points
            if point.temp_flag in flags and point.temperature is not None
        ]

    return TemperatureAlarm(
        **_media(body),
        kind=member(_POINT_ALARM_KINDS, body.get("alarm_type")) or AlarmKind.OBJECT,
        name=as_text(body.get("name")),
        temp_flag=next((point.temp_flag for point in points if point.temp_flag), None),
        high=max(measured(TempFlag.HIGH, TempFlag.HIGH_AND_LOW), default=None),
        low=min(measured(TempFlag.LOW, TempFlag.HIGH_AND_LOW), default=None),
        average=next(iter(measured(TempFlag.AVERAGE)), None),
        config=_alarm_config(body.get("config")),
        points=points,
        address=as_text(body.get("alarm_addr")),
    )


def _fire_alarm(body: Mapping[str, Any]) -> FireAlarm:
    return FireAlarm(**_media(body), **_measured(body))


def _external_input(body: Mapping[str, Any]) -> ExternalInputAlarm:
    return ExternalInputAlarm(**_media(body))


def _storage_full(body: Mapping[str, Any]) -> StorageFull:
    return StorageFull(
        total=as_int(body.get("total")),
        free=as_int(body.get("free")),
        limit=as_int(body.get("limit")),
    )


def _illegal_access(body: Mapping[str, Any]) -> IllegalAccess:
    return IllegalAccess(
        user=as_text(body.get("user")),
        ip=as_text(body.get("ip")),
        time=parse_time(body.get("time")),
    )


def _network_exception(body: Mapping[str, Any]) -> NetworkException:
    return NetworkException(
        type=member(_NETWORK_FAULTS, body.get("type")), ip=as_text(body.get("ip"))
    )


def _object_temperatures(body: Mapping[str, Any]) -> ObjectTemperatures:
    return ObjectTemperatures(
        interval=as_int(body.get("interval")),
        rules=parse_rule_temperatures(body.get("obj_list"), "measure"),
    )


_PARSERS: Mapping[int | None, Callable[[Mapping[str, Any]], Push]] = MappingProxyType(
    {
        TEMPERATURE_ALARM: _temperature_alarm,
        FORCED_LOGOUT: lambda body: ForcedLogout(message=as_text(body.get("msg"))),
        STORAGE_FULL: _storage_full,
        STORAGE_FAILURE: lambda body: StorageFailure(),
        STREAM_EXCEPTION: lambda body: StreamException(
            type=member(_STREAM_FAULTS, body.get("type"))
        ),
        ILLEGAL_ACCESS: _illegal_access,
        RECORDING: RecordingStatus.from_message,
        OBJECT_TEMPERATURES: _object_temperatures,
        NETWORK_EXCEPTION: _network_exception,
        POINT_TEMPERATURE_ALARM: _point_temperature_alarm,
        EXTERNAL_INPUT: _external_input,
        FIRE: _fire_alarm,
    }
)
