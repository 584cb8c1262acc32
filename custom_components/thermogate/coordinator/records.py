"""What happened at a device, as the journal stores it."""

from dataclasses import replace
from datetime import datetime

from ..facegate import Capture, Clip, Picture as TerminalPicture
from ..guide import Picture as CameraPicture
from ..journal import Kind, NewPicture, Record
from .access import Access, access_attributes, person_name
from .base import DeviceEvent

# Attributes of an access that have a column of their own.
_COLUMNS = {"event_id", "taken_at", "temperature", "person", "person_id"}


def access_record(
    capture: Capture, access: Access, device_key: str, received_at: datetime
) -> Record:
    """Return the record of somebody at a terminal; an encrypted name is no name."""
    attributes = access_attributes(access)
    person_id: str | None = attributes.get("person_id")
    identity = capture.identity
    return Record(
        event_id=access.event_id,
        device=device_key,
        kind=Kind.ACCESS,
        key=capture.key,
        at=access.at,
        received_at=received_at,
        live=capture.realtime,
        caught_up=not capture.realtime,
        outcome=capture.result,
        subject=person_name(access) or "",
        person_id=person_id or "",
        temperature=access.temperature,
        details={
            name: value
            for name, value in attributes.items()
            if name not in _COLUMNS and value is not None
        },
        pictures=_pictures(
            face=capture.face,
            scene=capture.scene,
            photo=identity.photo if identity else None,
        )
        + _film(capture.clip),
    )


def alarm_record(
    event: DeviceEvent,
    device_key: str,
    key: str,
    received_at: datetime,
    *,
    live: bool = True,
    subject: str = "",
    temperature: float | None = None,
) -> Record:
    """Return the record of an alarm of a camera; `subject` is the rule or area, `temperature` in °C."""
    return Record(
        event_id=event.event_id,
        device=device_key,
        kind=Kind.ALARM,
        key=key,
        at=event.at,
        received_at=received_at,
        live=live,
        caught_up=not live,
        outcome=event.kind,
        subject=subject,
        temperature=temperature,
        details={
            name: value for name, value in event.attributes.items() if name != "at"
        },
    )


def with_pictures(record: Record, **pictures: CameraPicture | None) -> Record:
    """Return a record with pictures by their roles."""
    return replace(record, pictures=_pictures(**pictures))


def _pictures(
    **pictures: TerminalPicture | CameraPicture | None,
) -> tuple[NewPicture, ...]:
    return tuple(
        NewPicture(role=role, data=picture.data, content_type=picture.content_type)
        for role, picture in pictures.items()
        if picture is not None
    )


def _film(clip: Clip | None) -> tuple[NewPicture, ...]:
    if clip is None:
        return ()
    return (
        NewPicture(role="clip", data=clip.data, content_type=f"video/{clip.format}"),
    )
