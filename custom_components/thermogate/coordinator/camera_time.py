"""The time of a camera, which has a clock and no zone: it is taken to be Home Assistant's."""

from datetime import datetime

from homeassistant.util import dt as dt_util


def told(at: datetime) -> datetime:
    """Return a moment as the camera's clock shows it."""
    return dt_util.as_local(at).replace(tzinfo=None)


def moment(at: datetime) -> datetime:
    """Return what the camera's clock showed as a moment, in UTC."""
    return dt_util.as_utc(at.replace(tzinfo=dt_util.get_default_time_zone()))
