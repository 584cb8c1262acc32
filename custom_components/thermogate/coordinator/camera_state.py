"""What is known about a camera at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..firmware import Offer
from ..guide import (
    Connection,
    Cruise,
    FillLight,
    GeneralInfo,
    LineScan,
    Message,
    Preset,
    PtzAction,
    PtzStatus,
    RecordingStatus,
    Rule,
    Temperatures,
    Trace,
    VersionInfo,
)
from ..pictures import Evidence
from .base import DeviceState


@dataclass(frozen=True, kw_only=True, slots=True)
class CameraState(DeviceState):
    """All that is known about a camera; None, "" or empty where it has not told."""

    connection: Connection = Connection.DISCONNECTED
    general: GeneralInfo = GeneralInfo()
    version: VersionInfo = VersionInfo()
    mac: str = ""
    temperatures: Temperatures = Temperatures()
    rules: tuple[Rule, ...] = ()
    presets: tuple[Preset, ...] = ()
    preset: int | None = None
    """Where Home Assistant has sent it last; None where that is not known, or it has moved on."""
    moved: bool = False
    """Whether Home Assistant has moved it away from wherever it looked."""
    cruises: tuple[Cruise, ...] = ()
    line_scans: tuple[LineScan, ...] = ()
    traces: tuple[Trace, ...] = ()
    ptz: PtzStatus | None = None
    steered: bool = False
    """Whether Home Assistant moves it by hand now."""
    auxiliaries: Mapping[PtzAction, bool] = field(default_factory=dict)
    """What was last switched on and off on its head: a camera does not tell."""
    fill_light: FillLight | None = None
    recording: RecordingStatus | None = None
    focus_motor: bool = False
    settings: Mapping[str, Message] = field(default_factory=dict)
    """By section, as the camera tells them, without passwords; sections that it refuses are missing."""
    offer: Offer | None = None
    upgrading: bool = False
    upgrade_percent: int | None = None
    visible: Evidence | None = None
    thermal: Evidence | None = None
