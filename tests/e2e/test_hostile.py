"""Whatever arrives, nothing raises, each kind of nonsense is one line in the log, and what comes after it still works.

That nothing raises is seen when the house is closed, which looks for tracebacks in Home Assistant's log.
"""

from dataclasses import dataclass

import pytest

from .devices import Device, wait_for
from .house import END_TO_END, OUR_LOGGER, House

pytestmark = END_TO_END

LOGIN = 501
UNREADABLE = r"WARNING .* received an unreadable message \(.*\) on its topics"
UNKNOWN_KIND = r"WARNING .* received a message of an unknown kind on its topics"
BROKEN_PICTURE = r"WARNING .* received a broken picture on its topics"
NOT_ITS_OWN = r"WARNING .* received captures with a serial number that is not its own on its topics"
BAD_FRAME = r"WARNING .* Ignored a frame on the control socket: "


@dataclass(frozen=True)
class Fault:
    """A control line, what it leaves in the log, and how many events it is nevertheless good for."""

    control: str
    lines: tuple[str, ...]
    events: int = 0


TERMINAL_FAULTS = (
    Fault("garbage", (UNREADABLE,)),
    # It comes whole when the terminal sends it again.
    Fault("truncated", (UNREADABLE,), events=1),
    # Some are no objects, some name no command, and one is a capture, if one of nobody at no time.
    Fault("wrong-shape", (UNREADABLE, UNKNOWN_KIND), events=1),
    Fault("huge 10", (BROKEN_PICTURE,), events=1),
    Fault("broken-base64", (BROKEN_PICTURE,), events=1),
    Fault("broken-picture", (BROKEN_PICTURE,), events=1),
    # Whose it is nobody knows: it is shown to nobody, and stays with whoever sent it.
    Fault("spoof 00AAAA-000000-BBBB00", (NOT_ITS_OWN,)),
    Fault("foreign 00CCCC", ()),
    Fault("unknown-command", (UNKNOWN_KIND,)),
)
CAMERA_FAULTS = (
    Fault("invalid-json", (BAD_FRAME + "The message is not JSON",)),
    Fault("huge-frame 10000000", (BAD_FRAME + "A message of .* is too large",)),
    Fault("unknown-push", ()),
)


def name_of(fault: Fault) -> str:
    """Name a test after the first word of its control line."""
    return fault.control.partition(" ")[0]


@pytest.mark.parametrize("fault", TERMINAL_FAULTS, ids=name_of)
async def test_a_terminal_may_say_anything(
    house: House, terminal: Device, fault: Fault
) -> None:
    """Each kind of nonsense is one line, however often it comes, and the next capture is an event and acknowledged."""
    house.provoked.extend(fault.lines)
    await house.reload(terminal)
    logged = len(house.log_lines(OUR_LOGGER))
    async with house.changes(terminal, "event", "access") as changes:
        await terminal.control(fault.control)
        await wait_for(lambda: len(changes) >= fault.events, "event of the odd message")
        await terminal.control(fault.control)
        await wait_for(lambda: len(changes) >= 2 * fault.events, "event of the second")
        sent = await terminal.control("capture known")
        await wait_for(lambda: len(changes) > 2 * fault.events, "event of the capture")

    assert len(changes) == 2 * fault.events + 1
    assert "accepted" in await terminal.acknowledged(sent)
    house.assert_logged(logged, fault.lines)


@pytest.mark.parametrize("fault", CAMERA_FAULTS, ids=name_of)
async def test_a_camera_may_say_anything(
    house: House, camera: Device, fault: Fault
) -> None:
    """What it says is one line at most, and its session goes on: the next alarm arrives over it."""
    house.provoked.extend(fault.lines)
    await house.reload(camera)
    logged = len(house.log_lines(OUR_LOGGER))
    since = camera.mark()
    async with house.changes(camera, "event", "alarm") as changes:
        for _ in range(2):
            assert (await camera.control(fault.control))["told"] == 1
        await camera.control("alarm network")
        await wait_for(lambda: changes, "alarm")

    assert len(changes) == 1
    assert camera.received(LOGIN, since) == []
    house.assert_logged(logged, fault.lines)


async def test_an_alarm_with_broken_pictures_is_one_all_the_same(
    house: House, camera: Device
) -> None:
    """The alarm is an event, and its pictures are fetched where it says they are."""
    await camera.control("alarm-picture-garbage on")
    async with house.changes(camera, "event", "alarm") as changes:
        await camera.control("alarm fire")
        await camera.control("alarm clear")
        await wait_for(lambda: changes, "alarm")
    await camera.control("alarm-picture-garbage off")
    event_id = changes[0]["variables"]["trigger"]["to_state"]["attributes"]["event_id"]
    for key in ("alarm_visible", "alarm_thermal"):
        await house.wait_state(
            camera, "image", key, lambda s: s["attributes"].get("event_id") == event_id
        )
        content_type, _ = await house.picture(camera, "image", key)
        assert content_type == "image/jpeg"
