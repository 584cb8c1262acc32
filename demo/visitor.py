"""The visitor of the demo: a picture to enrol from, and what a person does with the scripts on the dashboard."""

import asyncio
from pathlib import Path
from typing import Any

from tests.simulators.terminal.faces import portrait

from .api import Api
from .processes import Child
from .site import SetupError

# As in configuration.yaml.
PICTURE = "visitor.jpg"
NAME = "Vera Visser"
PERSON_ID = "2001"
ACCESS = "event.main_gate_access"


async def put_picture(folder: Path) -> None:
    """Put a picture of the visitor into Home Assistant's media folder."""
    picture = await asyncio.to_thread(portrait, PERSON_ID, label=NAME)
    (folder / "media" / PICTURE).write_bytes(picture)


async def check_visitor(api: Api, terminal: Child, timeout: float) -> None:
    """Raise SetupError unless the scripts enrol a visitor, announce and write, and decide to let the visitor in."""
    for script in ("enrol_visitor", "announce", "screen_text"):
        await api.call("script", script)
    await terminal.control(f"capture known person={PERSON_ID}")
    try:
        access = await api.wait_state(ACCESS, _is_let_in, timeout)
    except TimeoutError as error:
        raise SetupError(f"{NAME} was not let in: {error}") from error
    if access["attributes"].get("picture_url") is None:
        raise SetupError(f"The access of {NAME} has no picture.")
    done = await terminal.control("status")
    for what in ("played", "shown", "spoken"):
        if not done[what]:
            raise SetupError(f"The terminal has nothing {what}: {done}")


def _is_let_in(access: dict[str, Any]) -> bool:
    told: dict[str, Any] = access["attributes"]
    return (told.get("person"), told.get("decision")) == (NAME, "opened")
