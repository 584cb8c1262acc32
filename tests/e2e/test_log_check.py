"""What is looked for in the log at the end of every house is found."""

import pytest

from .log_check import complaints

TIME = "2026-11-21 08:27:39.714+00:00"
TRACEBACK = f"""{TIME} ERROR (MainThread) [homeassistant] Error doing job
Traceback (most recent call last):
  File "mqtt/client.py", line 1, in publish
RuntimeError: not connected
"""
CALM = f"""{TIME} INFO (MainThread) [custom_components.thermogate] Gate is back
{TIME} WARNING (MainThread) [homeassistant.components.mqtt] The connection was lost
{TIME} WARNING (SyncWorker_0) [homeassistant.loader] We found a custom integration thermogate which has not been tested by Home Assistant.
{TIME} WARNING (MainThread) [asyncio] from .cache/thermogate/debian-python/lib/python3.14
"""


@pytest.mark.parametrize(
    "record",
    [
        f"{TIME} WARNING (MainThread) [custom_components.thermogate.guide.link] Camera is lost\n",
        f"{TIME} ERROR (MainThread) [homeassistant.config_entries] Error setting up entry Yard for thermogate\n",
        f"{TIME} WARNING (MainThread) [homeassistant.util.loop] Detected blocking call to open\n",
        TRACEBACK,
    ],
)
def test_a_complaint_is_found(record: str) -> None:
    """Complaints about us, and raised errors and blocking calls of anybody."""
    assert complaints(CALM + record + CALM) == [record]


def test_calm_is_calm() -> None:
    """Nothing is found where nothing is."""
    assert complaints(CALM) == []


def test_what_was_provoked_is_allowed() -> None:
    """A pattern lets a record pass, also by a line of its traceback, and no other."""
    other = TRACEBACK.replace("not connected", "not expected")
    assert complaints(TRACEBACK + other, [r"ERROR (?s:.*)not connected"]) == [other]
