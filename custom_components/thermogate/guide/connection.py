"""The ways to a camera, and telling listeners about them."""

from collections.abc import Callable
from enum import StrEnum
import logging

_LOGGER = logging.getLogger(__name__)


class Connection(StrEnum):
    """The way to the camera that works now."""

    CONNECTED = "websocket"
    POLLING = "http"
    """The control socket cannot be opened: commands work, pushes do not come."""
    DISCONNECTED = "none"


def tell[**P](
    callback: Callable[P, None] | None, *args: P.args, **kwargs: P.kwargs
) -> None:
    """Call a listener; its mistakes are logged and do not end the connection."""
    if callback is None:
        return
    try:
        callback(*args, **kwargs)
    except Exception:
        _LOGGER.exception("A listener failed")
