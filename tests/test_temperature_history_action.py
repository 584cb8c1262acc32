"""The action that reads a camera's own memory of temperatures."""

from datetime import datetime, timedelta
from threading import get_ident
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.thermogate.actions.temperature_history import FIELDS, GET
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator.camera_time import moment
from custom_components.thermogate.guide import Shape, Statistic
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS

from .helpers import set_up
from .test_camera_coordinator import coordinator_of
from .test_services_forms import offered

ACTION = "custom_components.thermogate.actions.temperature_history"
PAST = "tests.simulators.camera.history_commands.past_temperature"


@pytest.fixture
def camera_options() -> CameraOptions:
    """Return a camera that remembers a month."""
    return CameraOptions(seed=1, days_of_history=30, alarm_period=0)


@pytest.fixture
async def yard(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> MockConfigEntry:
    """Return a camera that is set up at noon, and whose clock is right."""
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    await set_up(hass, camera_entry, Platform.SENSOR)
    return camera_entry


async def ask(hass: HomeAssistant, entry: MockConfigEntry, **data: Any) -> Any:
    """Perform the action, and return what it answers."""
    return await hass.services.async_call(
        DOMAIN,
        GET,
        {"device_id": coordinator_of(entry).device_id, **data},
        blocking=True,
        return_response=True,
    )


async def test_a_row_for_each_value(hass: HomeAssistant, yard: MockConfigEntry) -> None:
    """When, where and how hot; nothing where the camera was off."""
    answer = await ask(
        hass,
        yard,
        since="2026-06-15 08:01:00",
        until="2026-06-15 08:04:00",
        rules=["Transformer"],
    )
    assert [row["time"] for row in answer["rows"]] == [
        "2026-06-15T08:03:00-07:00",
        "2026-06-15T08:04:00-07:00",
    ]
    [row, _] = answer["rows"]
    assert (row["rule"], row["statistic"]) == ("Transformer", "maximum")
    assert row["shape"] in [*Shape]
    assert row["rule_id"] is not None
    assert isinstance(row["temperature"], float)
    assert "report" not in answer


async def test_all_rules_in_order_of_time(
    hass: HomeAssistant, camera: CameraSimulator, yard: MockConfigEntry
) -> None:
    """However many, and from whichever page."""
    answer = await ask(
        hass, yard, since="2026-06-14 11:30:00", until="2026-06-15 11:30:00"
    )
    rows = answer["rows"]
    rules = {rule["rule_name"] for rule in camera.camera.settings[3]["rule_list"]}
    assert {row["rule"] for row in rows} == rules
    times = [row["time"] for row in rows]
    assert times == sorted(times)
    # Each hour the camera was off for three minutes.
    assert len(times) == len(rules) * (1441 - 24 * 3)
    assert len(camera.received(515)) >= 2


async def test_home_assistant_goes_on_meanwhile(
    hass: HomeAssistant, yard: MockConfigEntry
) -> None:
    """A week of minutes of many rules takes seconds to write down."""
    threads: set[int] = set()

    def noted(at: datetime) -> datetime:
        threads.add(get_ident())
        return moment(at)

    with patch(f"{ACTION}.moment", noted):
        await ask(hass, yard)
    assert threads
    assert hass.loop_thread_id not in threads


@pytest.mark.parametrize("name", ["Boiler", "transformer"])
async def test_a_rule_that_nobody_knows_is_told(
    hass: HomeAssistant, yard: MockConfigEntry, name: str
) -> None:
    """Together with those there are; no rows would say that the camera has forgotten."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, yard, rules=["Transformer", name])
    assert refused.value.translation_key == "unknown_rule"
    assert refused.value.translation_placeholders == {
        "rule": name,
        "rules": "Busbar, Motor bearing, Transformer, Whole yard",
    }
    points = {"shapes": Shape.POINT.value, "rules": "Transformer"}
    answer = await ask(hass, yard, **points)
    assert (answer["device"], answer["rows"]) == ("Yard", [])


async def test_the_last_day_if_no_time_is_named(
    hass: HomeAssistant, yard: MockConfigEntry
) -> None:
    """In steps of an hour, at a minute at which there are values."""
    with patch(PAST, return_value=20.0):
        answer = await ask(hass, yard, interval=60, rules=["Transformer"])
    assert len(answer["rows"]) == 25


@pytest.mark.parametrize("statistic", [*Statistic])
async def test_which_temperature(
    hass: HomeAssistant, yard: MockConfigEntry, statistic: Statistic
) -> None:
    """One of the three that the camera keeps."""
    wanted = [*Statistic].index(statistic) + 1
    with patch(PAST, side_effect=lambda rule, kind, when: float(kind)):
        answer = await ask(hass, yard, interval=600, statistic=statistic.value)
    assert {row["temperature"] for row in answer["rows"]} == {wanted}
    assert {row["statistic"] for row in answer["rows"]} == {statistic}


@pytest.mark.parametrize("shape", [*Shape])
async def test_rules_of_some_shapes(
    hass: HomeAssistant, yard: MockConfigEntry, shape: Shape
) -> None:
    """The camera finds them."""
    with patch(PAST, return_value=20.0):
        answer = await ask(hass, yard, interval=600, shapes=shape.value)
    assert {row["shape"] for row in answer["rows"]} <= {shape}


async def test_the_report_of_the_camera(
    hass: HomeAssistant, yard: MockConfigEntry
) -> None:
    """As the camera writes it."""
    answer = await ask(hass, yard, interval=60, report=True)
    assert answer["report"].startswith("time,")
    assert "Transformer" in answer["report"].splitlines()[0]


@pytest.mark.parametrize(
    ("hours", "seconds", "allowed"), [(168, 0, True), (168, 60, False)]
)
async def test_how_much_is_answered(
    hass: HomeAssistant,
    yard: MockConfigEntry,
    hours: int,
    seconds: int,
    allowed: bool,
) -> None:
    """A week of minutes, and no more."""
    until = dt_util.now()
    since = until - timedelta(hours=hours, seconds=seconds)
    asked = ask(hass, yard, since=since, until=until, rules=[])
    if allowed:
        assert (await asked)["rows"] == []
        return
    with pytest.raises(ServiceValidationError, match="10080 are the most"):
        await asked


async def test_no_time_between(hass: HomeAssistant, yard: MockConfigEntry) -> None:
    """The end before the beginning."""
    with pytest.raises(ServiceValidationError, match="nothing between"):
        await ask(hass, yard, since="2026-06-15 08:00:00", until="2026-06-15 07:59:59")


async def test_a_time_outside_of_the_calendar(
    hass: HomeAssistant, yard: MockConfigEntry
) -> None:
    """Which nothing can be told about."""
    with pytest.raises(ServiceValidationError, match="outside of the calendar"):
        await ask(hass, yard, until="0001-01-01 00:00:00")


@pytest.mark.parametrize("interval", [0, 1441])
async def test_an_interval_that_cannot_be(
    hass: HomeAssistant, yard: MockConfigEntry, interval: int
) -> None:
    """From a minute to a day."""
    with pytest.raises(vol.Invalid):
        await ask(hass, yard, interval=interval)


async def test_a_camera_without_memory(
    hass: HomeAssistant, yard: MockConfigEntry
) -> None:
    """It says that it has none."""
    with patch.dict(HANDLERS):
        del HANDLERS[515]
        with pytest.raises(HomeAssistantError, match="does not have this function"):
            await ask(hass, yard)


def test_the_form_has_what_the_camera_knows() -> None:
    """Every shape and temperature, and the interval of the action."""
    assert sorted(offered(GET, "shapes")["options"]) == sorted(Shape)
    assert offered(GET, "statistic")["options"] == [*Statistic]
    form = offered(GET, "interval")
    schema = vol.Schema(FIELDS[GET])
    for minutes in (form["min"], form["max"]):
        assert schema({"device_id": "1", "interval": minutes})["interval"] == minutes
