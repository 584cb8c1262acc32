"""Actions that answer with temperatures and write them into files."""

from collections.abc import Generator
import csv
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.actions import thermal_files, thermal_regions
from custom_components.thermogate.actions.thermal import ATTR_X, ATTR_Y
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.guide import Shape
from custom_components.thermogate.guide.matrix import KNOWN_SIZES
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from homeassistant.util.yaml import parse_yaml
from tests.camera_commands.cases_functions import ask, device_of, tell
from tests.helpers import set_up
from tests.simulators.camera import CameraSimulator, Options
from tests.test_services_forms import ACTIONS

pytestmark = pytest.mark.usefixtures("still_scene")

WIDTH, HEIGHT = KNOWN_SIZES[0]
SQUARE = {"shape": "rectangle", "points": [[1, 1], [2, 2]]}
PAUSES = "custom_components.thermogate.coordinator.thermal_map.RETRY_PAUSES"
PLACES = ("get_point_temperature", "get_point_distance")


@pytest.fixture(autouse=True)
async def _yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Have the camera with hardly an entity."""
    await set_up(hass, camera_entry, Platform.SENSOR)


@pytest.fixture(autouse=True)
def _media(hass: HomeAssistant, tmp_path: Path) -> None:
    """Have a media folder."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.allowlist_external_dirs = {str(tmp_path)}


@pytest.fixture
def quick() -> Generator[None]:
    """Be impatient with the shutter."""
    with patch(PAUSES, (0.01, 0.01)):
        yield


async def ranging(hass: HomeAssistant) -> None:
    """Let the camera know how high it hangs and where it looks."""
    settings = {"flag": 1, "high": 6, "alpha": 20}
    await tell(hass, "set_settings", section="ranging", settings=settings)


# Temperatures


async def test_all_rules_answer(hass: HomeAssistant, camera: CameraSimulator) -> None:
    """With what the camera itself says of them."""
    answer = await ask(hass, "get_temperatures")
    measured = await camera.camera.measure()
    assert answer["device"] == "Yard"
    assert answer["picture"] == {
        "maximum": measured.whole.highest,
        "minimum": measured.whole.lowest,
        "average": measured.whole.average,
    }
    names = [rule["rule_name"] for rule, _ in measured.rules]
    assert [rule["name"] for rule in answer["rules"]] == names
    assert answer["rules"][0]["shape"] in [*Shape]


async def test_a_point_has_the_temperature_of_its_pixel(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """The first and the last, counted from 1 or as a fraction."""
    picture = await camera.camera.temperatures()
    for x, y in ((1, 1), (WIDTH, HEIGHT), (7, 300)):
        answer = await ask(hass, "get_point_temperature", x=x, y=y)
        expected = round(float(picture[y - 1, x - 1]), 1)
        assert (answer["x"], answer["y"]) == (x, y)
        assert answer["temperature"] == pytest.approx(expected)
    for fraction, x, y in ((0, 1, 1), (1, WIDTH, HEIGHT)):
        answer = await ask(
            hass, "get_point_temperature", x=fraction, y=fraction, unit="fractions"
        )
        assert (answer["x"], answer["y"]) == (x, y)


@pytest.mark.parametrize(("keep", "shown"), [(True, WIDTH), (False, -1)])
async def test_the_cursor_goes_unless_it_is_kept(
    hass: HomeAssistant, camera: CameraSimulator, keep: bool, shown: int
) -> None:
    """Nobody wants to find it in the picture later."""
    await ask(hass, "get_point_temperature", x=WIDTH, y=1, keep_cursor=keep)
    assert camera.received(521)[-1].message["cursor_x"] == shown


@pytest.mark.parametrize("action", PLACES)
@pytest.mark.parametrize(
    ("x", "y", "unit"),
    [
        (0, 1, "pixels"),
        (WIDTH + 1, 1, "pixels"),
        (1, 0, "pixels"),
        (1, HEIGHT + 1, "pixels"),
        (-0.01, 0, "fractions"),
        (0, 1.01, "fractions"),
        (float("nan"), 1, "pixels"),
    ],
)
async def test_a_point_beyond_the_picture_is_not_sent(
    hass: HomeAssistant,
    camera: CameraSimulator,
    action: str,
    x: float,
    y: float,
    unit: str,
) -> None:
    """The answer says what is possible."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, action, x=x, y=y, unit=unit)
    assert refused.value.translation_key == "invalid_value"
    placeholders = refused.value.translation_placeholders or {}
    assert placeholders["field"] in {ATTR_X, ATTR_Y}
    assert not camera.received(521)
    assert not camera.received(531)


async def test_the_ground_below_is_nearer(hass: HomeAssistant) -> None:
    """In metres ahead, and to the side."""
    await ranging(hass)
    near = await ask(hass, "get_point_distance", x=WIDTH, y=HEIGHT)
    far = await ask(hass, "get_point_distance", x=WIDTH, y=HEIGHT // 2)
    assert 0 < near["ahead"] < far["ahead"]
    assert near["aside"] != 0


async def test_without_ranging_there_is_no_distance(hass: HomeAssistant) -> None:
    """The camera refuses, and says so."""
    await tell(hass, "set_settings", section="ranging", settings={"flag": 0})
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, "get_point_distance", x=1, y=1)
    assert refused.value.translation_key == "refused"


@pytest.mark.parametrize("minutes", [1, 1440])
async def test_reports_come_as_often_as_wanted(
    hass: HomeAssistant, camera: CameraSimulator, minutes: int
) -> None:
    """From each minute to once a day."""
    await tell(hass, "set_report_interval", minutes=minutes)
    assert camera.camera.report_minutes == minutes


@pytest.mark.parametrize("minutes", [0, 1441])
async def test_reports_have_limits(hass: HomeAssistant, minutes: int) -> None:
    """Both of them."""
    with pytest.raises(vol.Invalid):
        await tell(hass, "set_report_interval", minutes=minutes)


# Regions


async def test_regions_measure_what_is_in_them(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """Rules by name, shapes in the order they were given, the picture always."""
    answer = await ask(
        hass,
        "get_region_statistics",
        rules=["Transformer"],
        regions=[SQUARE, {"shape": "point", "points": [{"x": 9, "y": 5}], "name": "P"}],
    )
    picture = np.round(await camera.camera.temperatures() * 100) / 100
    transformer, square, point = answer["regions"]
    assert (transformer["name"], square["name"], point["name"]) == (
        "Transformer",
        "Region 1",
        "P",
    )
    assert square["pixels"] == 4
    assert square["maximum"] == pytest.approx(picture[:2, :2].max(), abs=0.005)
    assert square["average"] == pytest.approx(picture[:2, :2].mean(), abs=0.01)
    assert point["minimum_at"] == {"x": 9, "y": 5}
    assert answer["picture"]["maximum"] == pytest.approx(picture.max(), abs=0.005)
    assert answer["picture"]["pixels"] == WIDTH * HEIGHT
    assert (answer["width"], answer["height"]) == (WIDTH, HEIGHT)


async def test_without_a_choice_all_rules_measure(
    hass: HomeAssistant, camera_entry: MockConfigEntry
) -> None:
    """Each where the camera has it."""
    answer = await ask(hass, "get_region_statistics")
    rules = camera_entry.runtime_data.data.rules
    assert [each["name"] for each in answer["regions"]] == [each.name for each in rules]


async def test_only_rules_in_sight_measure(
    hass: HomeAssistant, camera_entry: MockConfigEntry
) -> None:
    """What the others are about is not in the picture: not at another preset, nor when nobody can tell where it looks."""
    coordinator = camera_entry.runtime_data
    [first, *_] = coordinator.data.rules
    rules = (replace(first, preset=3),)
    coordinator.async_change(rules=rules, preset=3)
    answer = await ask(hass, "get_region_statistics")
    assert [each["name"] for each in answer["regions"]] == [first.name]
    for where in ({"preset": 2}, {"preset": None, "moved": True}):
        coordinator.async_change(**where)
        assert (await ask(hass, "get_region_statistics"))["regions"] == []
        with pytest.raises(ServiceValidationError) as refused:
            await ask(hass, "get_region_statistics", rules=[first.name])
        assert refused.value.translation_key == "rule_out_of_sight"


@pytest.mark.parametrize("camera_options", [Options(quirks=frozenset({"bare-500"}))])
async def test_in_a_picture_of_unknown_size_only_pixels_have_a_place(
    hass: HomeAssistant,
) -> None:
    """Fractions and rules have none; the picture as a whole is measured all the same."""
    for key, action, fields in (
        (
            "invalid_value",
            "get_point_temperature",
            {"x": 0, "y": 0, "unit": "fractions"},
        ),
        ("picture_size_unknown", "get_region_statistics", {"rules": ["Transformer"]}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await ask(hass, action, **fields)
        assert refused.value.translation_key == key
    assert (await ask(hass, "get_point_temperature", x=7, y=300))["temperature"]
    assert (await ask(hass, "get_region_statistics"))["picture"]["pixels"]


@pytest.mark.parametrize("shape", [*Shape])
async def test_every_shape_can_be_measured(hass: HomeAssistant, shape: Shape) -> None:
    """In fractions of the picture."""
    points = [[0.2, 0.2], [0.6, 0.3], [0.4, 0.7]]
    count = {Shape.POINT: 1, Shape.POLYGON: 3}.get(shape, 2)
    region = {"shape": shape.value, "points": points[:count]}
    answer = await ask(
        hass, "get_region_statistics", regions=[region], unit="fractions"
    )
    assert answer["regions"][0]["pixels"] > 0


async def test_the_examples_of_the_forms_are_taken(hass: HomeAssistant) -> None:
    """As they stand there, with nothing else filled in."""
    await ranging(hass)
    for action in (*PLACES, "get_region_statistics"):
        fields = ACTIONS[action]["fields"]
        examples = {
            name: parse_yaml(str(field["example"]))
            for name, field in fields.items()
            if "example" in field
        }
        assert await ask(hass, action, **examples)


async def test_an_unknown_rule_is_told(hass: HomeAssistant) -> None:
    """Together with those there are."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "get_region_statistics", rules=["Boiler"])
    assert refused.value.translation_key == "unknown_rule"
    assert "Transformer" in str(refused.value.translation_placeholders)


@pytest.mark.parametrize(
    "region",
    [
        {"shape": "star", "points": [[1, 1]]},
        {"shape": "point", "points": []},
        {"shape": "point", "points": [[1, 2, 3]]},
        {"shape": "polygon", "points": [[1, 1]] * 257},
        {"points": [[1, 1]]},
    ],
)
async def test_what_is_no_region_is_refused(
    hass: HomeAssistant, camera: CameraSimulator, region: dict[str, Any]
) -> None:
    """Before the camera is asked for anything."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_region_statistics", regions=[region])
    assert not camera.received(530)


@pytest.mark.parametrize(
    ("region", "unit"),
    [
        ({"shape": "polygon", "points": [[1, 1], [2, 2]]}, "pixels"),
        ({"shape": "point", "points": [[WIDTH + 1, 1]]}, "pixels"),
        ({"shape": "point", "points": [[0.5, 1.1]]}, "fractions"),
    ],
)
async def test_regions_are_within_the_picture(
    hass: HomeAssistant, region: dict[str, Any], unit: str
) -> None:
    """And have as many corners as they need."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "get_region_statistics", regions=[region], unit=unit)
    assert refused.value.translation_key == "invalid_value"


async def test_there_are_at_most_so_many_regions(hass: HomeAssistant) -> None:
    """Which all measure."""
    many = [SQUARE] * thermal_regions.MAX_REGIONS
    answer = await ask(hass, "get_region_statistics", regions=many)
    assert len({each["name"] for each in answer["regions"]}) == len(many)
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_region_statistics", regions=[*many, SQUARE])


# Shutter and range


async def test_the_shutter_is_waited_for(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """It takes a moment only."""
    camera.camera.close_shutter(0.2)
    with patch(PAUSES, (0.1,) * 50):
        assert (await ask(hass, "get_region_statistics"))["picture"]["pixels"]
    assert [each.retcode for each in camera.received(530)][-1] == 0
    assert 10021 in [each.retcode for each in camera.received(530)]


@pytest.mark.parametrize("code", [10021, 10022])
async def test_patience_ends(
    hass: HomeAssistant, camera: CameraSimulator, quick: None, code: int
) -> None:
    """With what to do, for the shutter and for the range."""
    if code == 10021:
        camera.camera.close_shutter(600)
    else:
        camera.camera.range_switched_until = camera.camera.now() + 600
    with pytest.raises(HomeAssistantError) as busy:
        await ask(hass, "get_region_statistics")
    assert busy.value.translation_key == "camera_retry"
    assert [each.retcode for each in camera.received(530)] == [code] * 3


# Files


async def saved(hass: HomeAssistant, action: str, **fields: Any) -> Path:
    """Write a file and return where it is."""
    answer = await ask(hass, action, **fields)
    path = Path(answer["path"])
    assert answer["media_content_id"].endswith(path.name)
    assert answer["bytes"] == len(await hass.async_add_executor_job(path.read_bytes))
    assert path.parent.name == DOMAIN
    return path


@pytest.mark.parametrize(
    "quirks", [set(), {"int32-matrix"}, {"no-matrix-size"}], ids=", ".join
)
@pytest.mark.parametrize(
    ("resolution", "size"), [("picture", (384, 512)), ("sensor", (192, 256))]
)
async def test_all_temperatures_are_saved_for_numpy(
    hass: HomeAssistant,
    camera: CameraSimulator,
    quirks: set[str],
    resolution: str,
    size: tuple[int, int],
) -> None:
    """In °C, whatever the camera packs them as."""
    camera.camera.quirks |= quirks
    path = await saved(hass, "save_temperature_matrix", resolution=resolution)
    celsius = np.load(path)
    assert celsius.shape == size
    seen = await (
        camera.camera.temperatures()
        if resolution == "picture"
        else camera.camera.module_temperatures()
    )
    assert np.abs(celsius - seen).max() < 0.011


async def test_all_temperatures_are_saved_as_a_table(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """A line for each row of the picture."""
    path = await saved(hass, "save_temperature_matrix", format="csv")
    assert path.name.startswith("yard-")
    rows = list(csv.reader(path.read_text().splitlines()))
    assert (len(rows), {len(row) for row in rows}) == (HEIGHT, {WIDTH})
    picture = await camera.camera.temperatures()
    assert float(rows[5][7]) == pytest.approx(picture[5, 7], abs=0.011)


async def test_the_picture_looks_as_wanted(hass: HomeAssistant) -> None:
    """Its colours, its scale, its marks, its outlines and its kind of file."""
    plain = {"scale_bar": False, "hot_spot": False, "rules": [], "format": "png"}
    bare = Image.open(await saved(hass, "save_thermal_picture", **plain))
    assert bare.size == (WIDTH, HEIGHT)
    for change in (
        {"palette": "viridis"},
        {"hot_spot": True},
        {"cold_spot": True},
        {"rules": ["Transformer"]},
        {"regions": [{"shape": "circle", "points": [[9, 9], [90, 90]]}]},
        {"coldest": -40, "hottest": 300},
    ):
        path = await saved(hass, "save_thermal_picture", **plain | change)
        assert Image.open(path).tobytes() != bare.tobytes(), change
    framed = await saved(hass, "save_thermal_picture")
    assert framed.suffix == ".jpg"
    assert Image.open(framed).width > WIDTH


async def test_the_scale_is_that_of_the_house(hass: HomeAssistant) -> None:
    """In °F where people think in °F."""
    celsius = await saved(hass, "save_thermal_picture", format="png")
    hass.config.units = US_CUSTOMARY_SYSTEM
    fahrenheit = await saved(hass, "save_thermal_picture", format="png")
    assert celsius.read_bytes() != fahrenheit.read_bytes()


@pytest.mark.parametrize(("coldest", "hottest"), [(30, 30.4), (40, 30), (20, 2001)])
async def test_a_scale_without_sense_is_refused(
    hass: HomeAssistant, coldest: float, hottest: float
) -> None:
    """Too narrow, upside down, hotter than anything."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "save_thermal_picture", coldest=coldest, hottest=hottest)
    assert refused.value.translation_key == "invalid_value"


async def test_both_ends_of_the_scale_go_together(hass: HomeAssistant) -> None:
    """One alone says nothing."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "save_thermal_picture", coldest=10)


@pytest.mark.parametrize(
    ("source", "size", "form"),
    [
        ("visible", (1280, 720), "JPEG"),
        ("thermal", (WIDTH, HEIGHT), "JPEG"),
        ("thermal_uncompressed", (WIDTH, HEIGHT), "PNG"),
        ("sensor", (256, 192), "PNG"),
    ],
)
async def test_every_snapshot_becomes_a_picture(
    hass: HomeAssistant, source: str, size: tuple[int, int], form: str
) -> None:
    """Also what comes as bare pixels."""
    path = await saved(hass, "save_snapshot", source=source)
    image = Image.open(BytesIO(path.read_bytes()))
    assert (image.size, image.format) == (size, form)
    assert path.stem.endswith(source)


@pytest.mark.parametrize("camera_options", [Options(quirks=frozenset({"ir-only"}))])
async def test_a_camera_without_visible_lens_takes_the_thermal_picture(
    hass: HomeAssistant,
) -> None:
    """If nobody says which: the visible one is nothing that it has."""
    path = await saved(hass, "save_snapshot")
    assert path.stem.endswith("thermal")


async def test_a_broken_snapshot_is_not_kept(
    hass: HomeAssistant,
) -> None:
    """And is told."""
    with (
        patch.object(thermal_files, "async_store") as store,
        patch.object(thermal_files, "is_sound", return_value=False),
        pytest.raises(HomeAssistantError) as broken,
    ):
        await ask(hass, "save_snapshot")
    assert broken.value.translation_key == "broken_picture"
    store.assert_not_called()


async def test_a_camera_that_is_gone_is_told(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """At once."""
    await camera.stop()
    for action in ("get_temperatures", "get_region_statistics", "save_snapshot"):
        with pytest.raises(HomeAssistantError) as lost:
            await ask(hass, action)
        assert lost.value.translation_key == "camera_lost"


@pytest.mark.parametrize(
    "action", ["save_temperature_matrix", "save_thermal_picture", "save_snapshot"]
)
async def test_only_administrators_write_files(
    hass: HomeAssistant, hass_read_only_user: MockUser, action: str
) -> None:
    """Others could fill the disk."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_of(hass)},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
