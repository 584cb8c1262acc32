"""Everything that the reference page says where to find has a case, which goes over the wire to or from the simulated camera."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import COMMANDS, UPLOADS
from homeassistant.core import HomeAssistant
from reference import where_camera
from tests.commands_walk import cases_in, unknown, walk
from tests.helpers import set_up
from tests.simulators.camera import CameraSimulator, wire
from tests.test_camera_coordinator import QUICK

from .case import Case

# A busy machine is not a camera that has gone silent.
PATIENT = replace(QUICK, silence=30.0, probe=10.0, connect=10.0)
CASES = cases_in("tests.camera_commands", Path(__file__).parent)
KEYS = (
    *where_camera.COMMANDS_WHERE,
    *where_camera.PUSHES,
    *where_camera.UPLOADS_WHERE,
)


@pytest.fixture
def pushed() -> Generator[set[int]]:
    """Note the numbers of what the camera pushes."""
    numbers: set[int] = set()
    push = wire.push

    def noted(cmdtype: int, *args: object, **kwargs: object) -> str:
        numbers.add(cmdtype)
        return push(cmdtype, *args, **kwargs)

    with patch.object(wire, "push", noted):
        yield numbers


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Send heartbeats in milliseconds."""
    with patch(
        "custom_components.thermogate.guide.client.Timing", return_value=PATIENT
    ):
        yield


@pytest.mark.parametrize(
    ("number", "case"),
    [pytest.param(number, case, id=name) for name, number, case in walk(KEYS, CASES)],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_command(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    pushed: set[int],
    number: int,
    case: Case | None,
) -> None:
    """A person can use it in Home Assistant, and the camera does it; or it happens there, and a person sees it."""
    assert case is not None, (
        f"The reference page says where {number} is found in Home Assistant, and nothing shows it: write a case for it into"
        f" a file cases_*.py beside this one"
    )
    await set_up(hass, camera_entry)
    await case(hass, camera)
    answers = [request.retcode for request in camera.received(number)]
    assert number in pushed or answers, f"{number} did not go over the wire"
    assert number in pushed or {0, None} & set(answers), (
        f"{number} was refused with {answers}"
    )


def test_no_case_of_nothing() -> None:
    """Each case is of a command, a push or an upload that exists."""
    known = {*COMMANDS, *where_camera.PUSHES, *UPLOADS}
    assert unknown(known, CASES) == []
