"""The logbook of a real Home Assistant, and its actions that answer."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from .devices import Device, Json, wait_for
from .house import DOMAIN, END_TO_END, House, eventually

pytestmark = END_TO_END


def sentences(lines: list[Json], name: str) -> list[str]:
    """Return what the logbook says of somebody, beside the changes of entities."""
    return [
        f"{line['name']} {line['message']}"
        for line in lines
        if line.get("domain") == DOMAIN and line["name"] == name
    ]


async def test_an_access_is_one_line_wherever_one_looks(
    house: House, terminal: Device
) -> None:
    """On the page of all, of the device, of its event, and on a page of both; as it happens and afterwards."""
    entity_id = await house.entity(terminal, "event", "access")
    [device_id] = [
        device["id"]
        for device in await house.api.ws({"type": "config/device_registry/list"})
        if [DOMAIN, terminal.serial] in device["identifiers"]
    ]
    now = datetime.now(UTC)
    start = {"start_time": now.isoformat()}
    pages: list[dict[str, Any]] = [
        {},
        {"entity_ids": [entity_id]},
        {"device_ids": [device_id]},
        {"entity_ids": [entity_id], "device_ids": [device_id]},
    ]
    expected = ["Yusuf Demir was let in at Main gate (face, 97 %, 36.6 °C)"]

    def happened(events: list[Json]) -> list[str]:
        return sentences(
            [line for event in events for line in event["events"]], "Yusuf Demir"
        )

    end = {"end_time": (now + timedelta(hours=1)).isoformat()}
    async with house.subscribe(type="logbook/event_stream", **start, **end) as streamed:
        await terminal.control(
            "capture known person='Yusuf Demir' temperature=36.6 score=97"
        )
        await wait_for(lambda: happened(streamed), "line in the stream")

    for page in pages:

        async def told(page: dict[str, Any] = page) -> list[str]:
            lines = await house.api.ws({"type": "logbook/get_events", **start, **page})
            return sentences(lines, "Yusuf Demir")

        assert await eventually(told, f"line of {page}") == expected
    assert happened(streamed) == expected


async def test_the_journal_answers(house: House, terminal: Device) -> None:
    """Over the API that scripts and apps use, with pictures that need no login."""
    await terminal.control("capture known person='Freya Lindqvist' temperature=36.6")
    path = f"/api/services/{DOMAIN}/search_journal?return_response"

    async def found() -> list[Json]:
        answer = await house.api.request("POST", path, {"text": "freya", "limit": 1})
        entries: list[Json] = answer["service_response"]["entries"]
        return entries

    [entry] = await eventually(found, "entry in the journal")

    assert (entry["person"], entry["outcome"]) == ("Freya Lindqvist", "granted")
    url = f"{house.home.url}{entry['pictures']['face']}"
    async with aiohttp.request("GET", url) as response:
        assert response.status == HTTPStatus.OK
        assert response.content_type == "image/jpeg"
