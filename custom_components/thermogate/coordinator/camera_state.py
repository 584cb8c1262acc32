"""What is known about a camera at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..firmware import Offer
from ..guide import (
    Connection,
    FillLight,
    GeneralInfo,
    Message,
    Preset,
    PtzStatus,
    Rule,
    Temperatures,
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
    ptz: PtzStatus | None = None
    fill_light: FillLight | None = None
    recording: bool | None = None
    settings: Mapping[str, Message] = field(default_factory=dict)
    """By section, as the camera tells them, without passwords; sections that it refuses are missing."""
    offer: Offer | None = None
    upgrading: bool = False
    upgrade_percent: int | None = None
    visible: Evidence | None = None
    thermal: Evidence | None = None
