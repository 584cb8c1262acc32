"""Registering many people, while the broker is restarted in the middle of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.simulators.terminal.faces import portrait

from .arrivals import add_terminal
from .devices import Device, Json
from .house import DOMAIN, END_TO_END, House, allow_sockets, for_this_module, open_house
from .test_restart import MQTT_STUMBLES

pytestmark = END_TO_END

PERSONS = 40
# The broker goes when so many have arrived.
SOME = 15
UPLOAD = "upload person"
# Longer than the pause that a broker and a terminal may take to come back.
PATIENCE = aiohttp.ClientTimeout(total=150)
BACK = "0BACC0-000004-FACE04"


@for_this_module
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Run a house of its own, to be torn down and built up again."""
    async with open_house(tmp_path_factory.mktemp("enrolment")) as running:
        running.provoked += [MQTT_STUMBLES]
        yield running


@for_this_module
async def front(house: House) -> Device:
    """Run the terminal at the front door."""
    allow_sockets()
    device = await house.start_terminal()
    await add_terminal(house, device)
    return device


@for_this_module
async def back(house: House, front: Device) -> Device:
    """Run the terminal at the back door."""
    allow_sockets()
    device = await house.start_terminal("--sn", BACK, name="back")
    await add_terminal(house, device)
    return device


@pytest.fixture
def people(house: House) -> Path:
    """Return a table of people with their pictures beside it, where Home Assistant may read on any machine."""
    folder = house.folder / "config" / "www" / "people"
    folder.mkdir(parents=True, exist_ok=True)
    ids = [str(3001 + number) for number in range(PERSONS)]
    for person_id in ids:
        (folder / f"{person_id}.jpg").write_bytes(portrait(person_id, label=person_id))
    table = folder / "people.csv"
    table.write_text(
        "person_id,name\n" + "".join(f"{each},Person {each}\n" for each in ids)
    )
    return table


async def device_id(house: House, device: Device) -> str:
    """Return the number that the device selector gives for a terminal."""
    known = await house.api.ws({"type": "config/device_registry/list"})
    return next(each["id"] for each in known if [DOMAIN, device.serial] in each["identifiers"])  # fmt: skip


async def perform(house: House, action: str, **fields: Any) -> Json:
    """Return the answer of one of our actions for its only terminal."""
    path = f"/api/services/{DOMAIN}/{action}?return_response"
    async with house.api.session.post(path, json=fields, timeout=PATIENCE) as response:
        assert response.ok, await response.text()
        answer = await response.json()
    [terminal] = answer["service_response"]["terminals"]
    return dict(terminal)


async def through_a_restart(
    house: House, device: Device, since: int, action: Awaitable[Json]
) -> Json:
    """Restart the broker when some people have arrived at a terminal, and return what the action answers in the end."""
    acting = asyncio.ensure_future(action)
    await device.logged("command", since, count=SOME, cmd=UPLOAD)
    await house.stop_broker()
    await house.start_broker()
    return await acting


def arrived(device: Device, since: int) -> Counter[str]:
    """Return how often each person was registered at a terminal; nothing was refused."""
    lines = device.log("command", since, cmd=UPLOAD)
    assert {line["code"] for line in lines} == {0}
    return Counter(line["fields"]["id"] for line in lines)


async def test_many_are_saved(house: House, front: Device, people: Path) -> None:
    """Everybody of a table arrives, with one result each, and nobody else was needed for that."""
    since = front.mark()
    target = await device_id(house, front)
    saving = perform(house, "save_persons", device_id=target, file=str(people))

    answer = await through_a_restart(house, front, since, saving)

    assert (answer["created"], answer["updated"], answer["failed"]) == (PERSONS, 0, 0)
    ids = [person["person_id"] for person in answer["persons"]]
    assert ids == [str(3001 + number) for number in range(PERSONS)]
    counted = arrived(front, since)
    assert sorted(counted) == ids
    # Whose answer was lost is asked for once more.
    assert counted.total() <= PERSONS + 2
    await house.wait_state(front, "sensor", "enrolment", "100")
    known = len(front.ready["people"]) + PERSONS
    await house.wait_state(front, "sensor", "registered_persons", str(known))


async def test_many_are_copied(house: House, front: Device, back: Device) -> None:
    """From one terminal to another, which both come back in their own time."""
    since = back.mark()
    source, target = await device_id(house, front), await device_id(house, back)
    copying = perform(house, "copy_persons", device_id=source, to=target)

    answer = await through_a_restart(house, back, since, copying)

    own = len(back.ready["people"])
    assert (answer["copied"], answer["failed"]) == (PERSONS, 0)
    results = Counter(person["result"] for person in answer["persons"])
    assert results == {"copied": PERSONS, "already_registered": own}
    counted = arrived(back, since)
    assert len(counted) == PERSONS
    assert counted.total() <= PERSONS + 2
    await house.wait_state(back, "sensor", "registered_persons", str(own + PERSONS))
