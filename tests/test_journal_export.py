"""Exports of the journal: where they go, and who may ask for one."""

import asyncio
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch
import zipfile

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Journal
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import capture, door, set_up
from tests.journal.makers import files, record
from tests.simulators.terminal import Options, TerminalSimulator


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Give Home Assistant a media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.fixture
async def journal(
    hass: HomeAssistant,
    media: Path,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> Journal:
    """Return the journal of a house with a terminal."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    return async_get_keeper(hass).journal


async def export(
    hass: HomeAssistant, context: Context | None = None, **fields: Any
) -> dict[str, Any]:
    """Return the answer of the action."""
    answer = await hass.services.async_call(
        DOMAIN,
        "export_journal",
        fields,
        blocking=True,
        return_response=True,
        context=context,
    )
    assert answer is not None
    return dict(answer)


async def test_an_export_goes_below_the_media_folder(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator, media: Path
) -> None:
    """Under a name that says when; the answer says where and how much."""
    await capture(hass, terminal, person="Amara Okafor", temperature=36.6)
    await capture(hass, terminal, "stranger")

    answer = await export(hass, format="jsonl", pictures=True)

    [name] = files(media)
    path = media / DOMAIN / name
    # Noon at the Pacific.
    assert name.startswith("journal-20260615-1200")
    assert answer.pop("url").startswith(f"/api/thermogate/download/{name}?")
    assert answer == {
        "media_content_id": f"media-source://media_source/local/thermogate/{name}",
        "path": str(path),
        "entries": 2,
        "pictures": 4,
        "bytes": len(path.read_bytes()),
    }
    with zipfile.ZipFile(path) as archive:
        rows = archive.read("entries.jsonl").decode().splitlines()
    stranger, known = map(json.loads, rows)
    assert (known["device"], known["person"]) == ("Front door", "Amara Okafor")
    assert stranger["outcome"] == "stranger"


async def test_filters_are_those_of_a_search(
    hass: HomeAssistant, journal: Journal, media: Path
) -> None:
    """A table of what was asked for, if nothing else is said."""
    await journal.append(record(1, temperature=36.0))
    await journal.append(record(2, temperature=39.0))

    answer = await export(hass, temperature_above=37.5, kind="access", text="ada")

    assert (answer["entries"], answer["pictures"]) == (1, 0)
    assert answer["path"].endswith(".csv")
    with pytest.raises(ServiceValidationError) as refused:
        await export(hass, device_id="nothing")
    assert refused.value.translation_key == "unknown_device"


async def test_one_after_the_other(
    hass: HomeAssistant, journal: Journal, media: Path
) -> None:
    """Two at once do not take each other's files away."""
    await journal.append(record())

    answers = await asyncio.gather(*(export(hass) for _ in range(3)))

    assert len({answer["path"] for answer in answers}) == 3
    assert len(files(media)) == 3


async def test_nobody_has_to_take_the_answer(
    hass: HomeAssistant, journal: Journal, media: Path
) -> None:
    """An automation that exports every month need not know the name."""
    await hass.services.async_call(DOMAIN, "export_journal", {}, blocking=True)

    assert len(files(media)) == 1


@pytest.mark.parametrize("action", ["export_journal", "forget_person"])
async def test_only_administrators(
    hass: HomeAssistant,
    journal: Journal,
    media: Path,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Faces of everybody in one file are not for everybody, nor is deleting them."""
    await journal.append(record())

    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"name": "Ada"} if action == "forget_person" else {},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )

    assert files(media) == []
    assert (await journal.size()).entries == 1


async def test_without_a_media_folder(hass: HomeAssistant, journal: Journal) -> None:
    """Somebody named theirs otherwise: it is said what is missing."""
    hass.config.media_dirs = {"films": "/films"}

    with pytest.raises(HomeAssistantError) as failed:
        await export(hass)

    assert failed.value.translation_key == "no_media_folder"


async def test_a_link_that_leads_elsewhere(
    hass: HomeAssistant, journal: Journal, media: Path, tmp_path: Path
) -> None:
    """Nothing is written outside of the folders that Home Assistant may write to."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (media / DOMAIN).symlink_to(elsewhere)

    with pytest.raises(HomeAssistantError) as failed:
        await export(hass)

    assert failed.value.translation_key == "folder_not_allowed"
    assert files(elsewhere) == []


async def test_a_full_disk(hass: HomeAssistant, journal: Journal, media: Path) -> None:
    """It is said, and nothing is left."""
    full = OSError(28, "No space left on device")
    with (
        patch(
            "custom_components.thermogate.journal.export._create",
            side_effect=full,
        ),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await export(hass)

    assert failed.value.translation_key == "journal"
    assert failed.value.translation_placeholders == {
        "reason": "No space left on device"
    }
    assert files(media) == []
