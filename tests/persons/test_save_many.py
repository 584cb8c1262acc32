"""Saving many people at once, from a list or from a table with pictures beside it."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.thermogate.actions import person_import, person_targets
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.facegate import (
    FaceGateClient,
    FaceGateConnectionError,
    FaceGateTimeoutError,
)
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import state_of
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.faces import portrait

from .house import BACK, COUNT, both, device_id, perform, refusing, requests

SAVE_MANY = "save_persons"
UPLOAD = "upload person"
ENROLMENT = "sensor.front_door_enrolment"
TWO = [{"person_id": "2001", "name": "Zoë"}, {"person_id": "2002", "name": "Ada"}]


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may read."""
    allowed = tmp_path / "people"
    allowed.mkdir()
    hass.config.allowlist_external_dirs.add(str(allowed))
    return allowed


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> str:
    """Write a table and return its path."""
    file = folder / "people.csv"
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return str(file)


async def save(hass: HomeAssistant, **fields: Any) -> dict[str, str]:
    """Return what came of each at the front door."""
    answer = await perform(hass, SAVE_MANY, **fields)
    [terminal] = answer["terminals"]
    assert answer["complete"] is (terminal["failed"] == 0)
    return {person["person_id"]: person["result"] for person in terminal["persons"]}


async def test_a_list(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """New people and changes; what is left out stays, and who is not in it too."""
    before = dict(front.device.people)
    people = [*TWO, {"person_id": "1001", "role": "blocked"}]

    assert await save(hass, persons=people) == {
        "2001": "created",
        "2002": "created",
        "1001": "updated",
    }

    amara = front.device.people["1001"]
    assert (amara.role, amara.name, amara.picture) == (
        2,
        "Amara Okafor",
        before["1001"].picture,
    )
    assert front.device.people["1002"] == before["1002"]
    assert state_of(hass, COUNT) == "8"


async def test_at_several_terminals(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Each has results of its own."""
    answer = await perform(
        hass,
        SAVE_MANY,
        device_id=both(hass),
        persons=[*TWO, {"person_id": "1001", "role": "blocked"}],
    )

    at_front, at_back = answer["terminals"]
    assert (at_front["created"], at_front["updated"], at_front["failed"]) == (2, 1, 0)
    assert (at_back["created"], at_back["updated"], at_back["failed"]) == (2, 0, 1)
    assert "give a name" in at_back["persons"][2]["error"]
    assert answer["complete"] is False


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
async def test_a_table(
    hass: HomeAssistant,
    front: TerminalSimulator,
    folder: Path,
    delimiter: str,
    encoding: str,
) -> None:
    """As spreadsheets write it; an empty cell is one left out, an empty line nobody."""
    columns = ("Person_ID", "name ", "role", "rule", "card", "valid_until")
    rows = (
        ("2001", "Zoë", "blocked", "3", "5210399", "2027-01-01 00:00:00"),
        ("1001", "", "", "", "", ""),
        ("", "", "", "", "", ""),
    )
    file = table(folder, *map(delimiter.join, (columns, *rows)), encoding=encoding)

    assert await save(hass, file=file) == {"2001": "created", "1001": "updated"}

    zoe = front.device.people["2001"]
    assert (zoe.name, zoe.role, zoe.kind, zoe.wg_card_id, zoe.term) == (
        "Zoë",
        2,
        3,
        5210399,
        "2027/01/01 00:00:00",
    )
    assert front.device.people["1001"].name == "Amara Okafor"


async def test_pictures_beside_the_table(
    hass: HomeAssistant, front: TerminalSimulator, folder: Path
) -> None:
    """As the column says, else by the ID; whoever has none is registered without."""
    (folder / "faces").mkdir()
    (folder / "faces" / "z.jpg").write_bytes(portrait("z", label="z"))
    (folder / "2002.png").write_bytes(portrait("a", label="a"))
    file = table(
        folder,
        "person_id,name,picture",
        "2001,Zoë,faces/z.jpg",
        "2002,Ada,",
        "2003,Eve,",
        "2004,Bob,missing.jpg",
        "../2002,Mallory,",
    )

    assert await save(hass, file=file) == {
        "2001": "created",
        "2002": "created",
        "2003": "created",
        "2004": "failed",
        "../2002": "created",
    }

    people = front.device.people
    for person_id in ("2001", "2002"):
        with Image.open(BytesIO(people[person_id].picture)) as registered:
            assert registered.format == "JPEG"
    assert people["2003"].picture == people["../2002"].picture == b""


async def test_a_picture_elsewhere(
    hass: HomeAssistant, front: TerminalSimulator, folder: Path
) -> None:
    """A table cannot reach what Home Assistant may not read."""
    (folder.parent / "secret.jpg").write_bytes(portrait("s", label="s"))
    file = table(folder, "person_id,name,picture", "2001,Zoë,../secret.jpg")

    answer = await perform(hass, SAVE_MANY, file=file)

    assert "may not read" in answer["terminals"][0]["persons"][0]["error"]
    assert requests(front, UPLOAD) == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("name", "Zoë"), "the column person_id is missing"),
        (("person_id,surname", "2001,Zoë"), "there is no column surname"),
        (
            ("person_id,name", "2001,Zoë,1"),
            "line 2 has more cells than there are columns",
        ),
        (("person_id,name", '2001,"Zoë'), "unexpected end of data"),
        (("",), "the column person_id is missing"),
    ],
)
async def test_what_is_no_table(
    hass: HomeAssistant,
    front: TerminalSimulator,
    folder: Path,
    lines: tuple[str, ...],
    reason: str,
) -> None:
    """Nobody is saved, and the text says why."""
    with pytest.raises(ServiceValidationError) as refused:
        await save(hass, file=table(folder, *lines))

    assert refused.value.translation_key == "no_person_table"
    assert (refused.value.translation_placeholders or {})["reason"] == reason


async def test_tables_that_cannot_be_read(
    hass: HomeAssistant, front: TerminalSimulator, folder: Path
) -> None:
    """In another encoding, not there, or not to be read by Home Assistant."""
    latin = table(folder, "person_id,name", "2001,Zoë", encoding="latin-1")
    missing = str(folder / "nothing.csv")
    for file, key in (
        (latin, "no_person_table"),
        (missing, "file_not_read"),
        ("/etc/passwd", "file_not_allowed"),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await save(hass, file=file)
        assert refused.value.translation_key == key


async def test_what_is_wrong_with_one_stops_no_other(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Each failure says why."""
    people = [
        {"name": "Nobody"},
        {"person_id": "2001", "name": "Zoë", "rule": 16},
        {"person_id": "2002", "name": "Ada", "role": "boss"},
        {"person_id": "2003", "name": "x" * 64},
        {"person_id": "2004", "nonsense": 1},
        {"person_id": "2005"},
        {"person_id": "2006", "name": "Eve"},
        {"person_id": " 2006 ", "name": "Another Eve"},
        {"person_id": "2007", "name": "Bob", "event_id": "nothing"},
    ]

    answer = await perform(hass, SAVE_MANY, persons=people)

    [terminal] = answer["terminals"]
    assert (terminal["created"], terminal["failed"]) == (1, 8)
    assert front.device.people["2006"].name == "Eve"
    for person, said in zip(
        terminal["persons"],
        ("person_id", "16", "role", "name", "nonsense", "name", None, "twice", "event"),
        strict=True,
    ):
        assert person["result"] == ("failed" if said else "created")
        assert said is None or said in person["error"], person


async def test_nobody_takes_the_answer(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Then a failure is an error, and the others are saved all the same."""
    people = [{"person_id": "2001"}, {"person_id": "2002", "name": "Ada"}]

    with pytest.raises(HomeAssistantError, match="Front door: 1") as failed:
        await hass.services.async_call(
            DOMAIN,
            SAVE_MANY,
            {"device_id": device_id(hass), "persons": people},
            blocking=True,
        )

    assert failed.value.translation_key == "not_all_saved"
    assert "2002" in front.device.people


@pytest.mark.parametrize("number", [0, 3])
async def test_how_many(
    hass: HomeAssistant, front: TerminalSimulator, number: int
) -> None:
    """One at least, and not more than anybody has."""
    people = [{"person_id": str(index), "name": "Zoë"} for index in range(number)]

    with (
        patch.object(person_import, "MAX_ROWS", 2),
        pytest.raises(ServiceValidationError) as refused,
    ):
        await save(hass, persons=people)

    assert refused.value.translation_key == "so_many_persons"
    with patch.object(person_import, "MAX_ROWS", 2):
        assert len(await save(hass, persons=TWO)) == 2


async def test_a_list_or_a_table(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Not both, and not nothing."""
    with pytest.raises(vol.Invalid):
        await save(hass, persons=TWO, file="/media/people.csv")
    with pytest.raises(ServiceValidationError):
        await save(hass)


async def test_how_far_it_is(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Shown while it runs, without anybody's name; in the end everybody is done."""
    assert state_of(hass, ENROLMENT) == "unknown"
    shown: list[str] = []

    @callback
    def note(event: Any) -> None:
        if event.data["entity_id"] == ENROLMENT:
            shown.append(event.data["new_state"].state)

    stop = hass.bus.async_listen("state_changed", note)
    people = [{"person_id": str(number), "name": "Zoë"} for number in range(4)]
    with patch("custom_components.thermogate.coordinator.base.UPDATE_BURST", 10_000):
        await save(hass, persons=people)
    stop()

    assert shown == ["0", "25", "50", "75", "100"]


@pytest.mark.parametrize(
    "error", [FaceGateConnectionError("gone"), FaceGateTimeoutError("late")]
)
async def test_an_interruption(
    hass: HomeAssistant, front: TerminalSimulator, error: Exception
) -> None:
    """Whoever was in the middle of it is asked for again; nobody is left out."""
    request = FaceGateClient.request
    lost = ["2002", "2002"]

    async def unsteady(client: Any, command: Any, /, **values: Any) -> Any:
        if command.wire == UPLOAD and values["id"] in lost:
            lost.remove(values["id"])
            # It may have arrived all the same.
            await request(client, command, **values)
            raise error
        return await request(client, command, **values)

    with patch.object(FaceGateClient, "request", unsteady):
        assert await save(hass, persons=TWO) == {"2001": "created", "2002": "created"}

    assert lost == []
    assert len(front.device.people) == 8


async def test_a_terminal_that_comes_later_than_the_broker(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Nothing is sent until it answers: the broker alone would take it and nobody would get it."""
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    client = entry.runtime_data.client
    request = FaceGateClient.request
    silent = [True]

    async def cut_off(asked: Any, command: Any, /, **values: Any) -> Any:
        if command.wire == UPLOAD and silent == [True]:
            silent[:] = [True, True]
            raise FaceGateConnectionError("gone")
        assert command.wire != UPLOAD or not silent
        return await request(asked, command, **values)

    async def alive(**_: Any) -> bool:
        if silent:
            silent.pop()
        return not silent

    with (
        patch.object(FaceGateClient, "request", cut_off),
        patch.object(client, "alive", alive),
        patch.object(person_targets, "_RETURN_POLL", 0),
    ):
        assert set((await save(hass, persons=TWO)).values()) == {"created"}


async def test_a_terminal_that_is_gone(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """It fails for everybody, and holds up nobody at the other."""
    with (
        refusing(back, "request persons", 24),
    ):
        answer = await perform(hass, SAVE_MANY, device_id=both(hass), persons=TWO)

    at_front, at_back = answer["terminals"]
    assert at_back["device_id"] == device_id(hass, BACK)
    assert (at_front["created"], at_back["failed"]) == (2, 2)
    assert requests(back, UPLOAD) == []


async def test_one_request_at_a_time(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Also while somebody else asks, and at several terminals."""
    exchange = vars(FaceGateClient)["_exchange"]
    busy: set[int] = set()

    async def watched(client: Any, *args: Any) -> Any:
        assert id(client) not in busy
        busy.add(id(client))
        try:
            return await exchange(client, *args)
        finally:
            busy.discard(id(client))

    with patch.object(FaceGateClient, "_exchange", watched):
        answer, _ = await asyncio.gather(
            perform(hass, SAVE_MANY, device_id=both(hass), persons=TWO),
            perform(hass, "list_persons"),
        )

    assert answer["complete"]


async def test_only_administrators(
    hass: HomeAssistant, front: TerminalSimulator, hass_read_only_user: MockUser
) -> None:
    """Who may enter is for them to say."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            SAVE_MANY,
            {"device_id": device_id(hass), "persons": TWO},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert requests(front, UPLOAD) == []
