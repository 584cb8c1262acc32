"""The media browser of the demo: the journal, looked up as a person would."""

import asyncio
from typing import Any

from .api import POLL_SECONDS, Api
from .site import INTEGRATION, SetupError

# As the API gives it: `title`, `media_content_id`, `thumbnail`, `children` and so on.
type Node = dict[str, Any]

SOURCE = f"media-source://{INTEGRATION}"
JPEG = b"\xff\xd8\xff"


async def check_media(api: Api, name: str, timeout: float) -> None:
    """Raise SetupError unless a visitor of that name is found, with a picture that can be seen, within so many seconds."""
    try:
        async with asyncio.timeout(timeout):
            while not (visits := await _search(api, name)):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError as error:
        raise SetupError(f"The media browser does not find {name}.") from error
    for visit in visits:
        if name not in visit["title"]:
            raise SetupError(f"{visit['title']!r} is not what {name!r} looks for.")
        if not (await api.get_bytes(visit["thumbnail"])).startswith(JPEG):
            raise SetupError(f"{visit['title']!r} has no picture.")
    people = await _open(api, "All devices", "People")
    if name not in [person["title"] for person in people["children"]]:
        raise SetupError(f"{name} is not among the people in the media browser.")


async def _search(api: Api, text: str) -> list[Node]:
    """Return what is found in the whole journal."""
    answer = await api.ws(
        {
            "type": "media_source/search_media",
            "media_content_id": SOURCE,
            "search_query": text.lower(),
        }
    )
    found: list[Node] = answer["result"]
    return found


async def _open(api: Api, *titles: str) -> Node:
    """Go down from the root through folders of these titles."""
    node = await _browse(api, SOURCE)
    for title in titles:
        fitting = [child for child in node["children"] if child["title"] == title]
        if not fitting:
            raise SetupError(
                f"The media browser has no {title!r} in {node['title']!r}."
            )
        node = await _browse(api, fitting[0]["media_content_id"])
    return node


async def _browse(api: Api, identifier: str) -> Node:
    node: Node = await api.ws(
        {"type": "media_source/browse_media", "media_content_id": identifier}
    )
    return node
