"""An integration for the tested Home Assistant: tells of every event in the moment in which automations hear of it.

A subscription from outside would miss what was shown just before Home Assistant is killed. What is written to a pipe is
with its reader, whatever becomes of the writer; and a pipe is not concerned by a full disk.
"""

import json
import os

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.typing import ConfigType


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Write the states of all event entities to the pipe `witness` in the configuration folder."""
    pipe = os.open(hass.config.path("witness"), os.O_WRONLY)

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is None or state.domain != "event":
            return
        if state.state in {STATE_UNKNOWN, STATE_UNAVAILABLE}:
            return
        seen = {"at": state.state, "mark": state.attributes.get("qr_code")}
        os.write(pipe, json.dumps(seen).encode() + b"\n")

    hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    return True
