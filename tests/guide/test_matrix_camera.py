"""The matrix of the simulated camera, which has a reading of the documents of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from custom_components.thermogate.guide import GuideClient, Shape
from custom_components.thermogate.guide.matrix import (
    TemperatureMatrix,
    decode_matrix,
    request_matrix,
)
from custom_components.thermogate.guide.matrix_statistics import statistics
from custom_components.thermogate.guide.regions import rule_region
from tests.simulators.camera import CameraSimulator, Options

from .matrices import TAKEN_AT

pytestmark = pytest.mark.usefixtures("socket_enabled")

# The scene changes between two answers, and a circle of the camera has a few pixels more or less at its edge.
TOLERANCE = 1.0


@asynccontextmanager
async def logged_in(**options: Any) -> AsyncIterator[GuideClient]:
    """Return a client of a cool camera that sits still."""
    chosen = Options(**{"alarm_period": 0.0, "shutter_time": 0.1} | options)
    async with CameraSimulator(chosen) as simulator, aiohttp.ClientSession() as session:
        client = GuideClient(
            session,
            "127.0.0.1",
            port=simulator.http_port,
            username="admin",
            password="admin123",
        )
        await client.connect()
        yield client
        await client.close()


async def read(client: GuideClient, *, module: bool = False) -> TemperatureMatrix:
    """Return the matrix as it is now."""
    message = await request_matrix(client.request, module=module)
    return decode_matrix(message, taken_at=TAKEN_AT, info=client.info)


@pytest.mark.parametrize(
    "quirks", [set(), {"int32-matrix"}, {"no-matrix-size"}, {"string-numbers"}]
)
async def test_rules_measure_what_the_camera_says(quirks: set[str]) -> None:
    """Command 520 beside our own statistics of the same rules, at both resolutions."""
    async with logged_in(quirks=frozenset(quirks)) as client:
        rules, told = await client.rules(), await client.temperatures()
        by_camera = {item.key: item for item in told.rules}
        output = client.info.output_size
        assert output == (512, 384)
        for module in (False, True):
            matrix = await read(client, module=module)
            assert matrix.size == ((256, 192) if module else output)
            whole = statistics(matrix)
            assert whole is not None
            assert whole.average == pytest.approx(told.average, abs=TOLERANCE)
            for rule in rules:
                # At another resolution a line lies beside the thin wire it was drawn along.
                if module and rule.shape is Shape.LINE:
                    continue
                region = rule_region(rule, output)
                assert region is not None
                measured = statistics(matrix, region)
                assert measured is not None
                camera_average = by_camera[rule.key].average
                assert measured.average == pytest.approx(camera_average, abs=TOLERANCE)


async def test_a_closed_shutter_is_waited_for() -> None:
    """Right after a correction there is no matrix."""
    async with logged_in() as client:
        await client.nuc()
        assert (await read(client)).size == (512, 384)
