"""What may not come of any frame: noted while frames are replayed at a whole Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import gc
import logging
from pathlib import Path
from typing import Any

import pytest

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.json import json_bytes

# Lines of the integration of one kind, in all, in a replay of thousands of frames.
MOST_LINES = 8


class Watch:
    """Exceptions that nobody caught, and for how long the event loop stood still."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.uncaught: list[dict[str, Any]] = []
        self.longest_stall = 0.0
        self.events: list[str] = []

    async def beat(self) -> None:
        """Note the longest time that nothing else could run."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(0)
            now = loop.time()
            self.longest_stall = max(self.longest_stall, now - before)
            before = now


@asynccontextmanager
async def watched(hass: HomeAssistant, entity_id: str) -> AsyncGenerator[Watch]:
    """Watch the event loop, and collect the ids of what an event entity shows."""
    watch = Watch()

    @callback
    def changed(event: Event[Any]) -> None:
        state = event.data["new_state"]
        if state and event.data["entity_id"] == entity_id:
            watch.events.append(state.attributes.get("event_id", ""))

    handler = hass.loop.get_exception_handler()
    hass.loop.set_exception_handler(lambda _, context: watch.uncaught.append(context))
    stop = hass.bus.async_listen("state_changed", changed)
    beating = asyncio.create_task(watch.beat())
    try:
        yield watch
    finally:
        beating.cancel()
        stop()
        hass.loop.set_exception_handler(handler)


def resident_bytes() -> int:
    """Return how much memory this process has now, after what is no longer used was let go."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise LookupError("VmRSS")


def assert_calm(caplog: pytest.LogCaptureFixture, watch: Watch) -> None:
    """See that nothing raised, and that nonsense did not fill the log."""
    assert not watch.uncaught, watch.uncaught[:3]
    errors = [
        (record.getMessage()[:500], record.exc_info)
        for record in caplog.records
        if record.exc_info or record.levelno >= logging.ERROR
    ]
    assert not errors, errors[:3]
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    ]
    assert len(ours) <= MOST_LINES, ours


def assert_showable(hass: HomeAssistant) -> None:
    """See that every state can be sent to a browser."""
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
