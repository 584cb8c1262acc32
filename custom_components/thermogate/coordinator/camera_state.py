"""What is known about a camera at one moment."""

from dataclasses import dataclass

from ..guide import (
    Connection,
    FillLight,
    GeneralInfo,
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
    visible: Evidence | None = None
    thermal: Evidence | None = None
