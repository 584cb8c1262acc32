"""The room numbers that a terminal can call (vendor document 2.15.7 to 2.15.9), read and written page by page."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from .client import FaceGateClient
from .commands_sip import (
    ROOM_ADDRESSES,
    ROOM_ID,
    SIP_ADD_ROOMS,
    SIP_DELETE_ALL_ROOMS,
    SIP_DELETE_ROOMS,
    SIP_ROOMS,
)
from .errors import FaceGateMessageError, FaceGateValidationError
from .fields import encode_value

MAX_ADDRESSES: Final = len(ROOM_ADDRESSES)
# The largest page documented for reading; for writing none is.
_PAGE_SIZE: Final = 500
# A bound on what a confused terminal can cost, not a size known of any.
_MAX_PAGES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room number and its one to three SIP addresses, which are tried in this order."""

    number: str
    addresses: tuple[str, ...]


async def rooms(
    client: FaceGateClient, number: str | None = None, *, partial: bool = False
) -> AsyncIterator[Room]:
    """Ask page by page and return each room once, in the terminal's order; with `partial` a part of the number is enough.

    A page without news is the end, whatever the terminal's total says; one that is not full is the end unless there are more by
    that. Raises what `FaceGateClient.request` does, and FaceGateMessageError when there is no end.
    """
    seen: set[str] = set()
    for page in range(1, _MAX_PAGES + 1):
        answer = await client.request(
            SIP_ROOMS,
            room_id=number,
            fuzzy=partial or None,
            page_no=page,
            page_size=_PAGE_SIZE,
        )
        new = {
            room.number: room
            for fields in answer["rooms"]
            if fields and (room := _room(fields)) and room.number not in seen
        }
        for room in new.values():
            yield room
        seen |= new.keys()
        is_full = len(answer["rooms"]) >= _PAGE_SIZE
        if not new or not (is_full or len(seen) < (answer["total"] or 0)):
            return
    raise FaceGateMessageError(f"{SIP_ROOMS.key}: no end after {_MAX_PAGES} pages")


async def save_rooms(client: FaceGateClient, new: Sequence[Room]) -> int:
    """Add rooms, or overwrite those of the same numbers, and return how many the terminal took.

    Raises what `FaceGateClient.request` does; nothing is sent if one of the rooms is not possible.
    """
    items = [_item(room, f"rooms[{index}]") for index, room in enumerate(new)]
    saved = 0
    for page in batched(items, _PAGE_SIZE, strict=False):
        answer = await client.request(SIP_ADD_ROOMS, rooms=page)
        count = answer["add_count"]
        saved += len(page) if count is None else count
    return saved


async def delete_rooms(client: FaceGateClient, numbers: Sequence[str]) -> None:
    """Delete rooms. Raises what `FaceGateClient.request` does; which are gone if one is not there is not documented."""
    for page in batched(numbers, _PAGE_SIZE, strict=False):
        await client.request(
            SIP_DELETE_ROOMS, rooms=[{ROOM_ID.key: number} for number in page]
        )


async def delete_all_rooms(client: FaceGateClient) -> None:
    """Delete every room. Raises what `FaceGateClient.request` does."""
    await client.request(SIP_DELETE_ALL_ROOMS)


def _room(fields: dict[str, Any]) -> Room | None:
    number = (fields[ROOM_ID.key] or "").strip()
    if not number:
        return None
    told = (fields[field.key] for field in ROOM_ADDRESSES)
    return Room(number=number, addresses=tuple(address for address in told if address))


def _item(room: Room, where: str) -> dict[str, Any]:
    """Return a room by the names of the table. Raises FaceGateValidationError with our own."""
    if not 1 <= len(room.addresses) <= MAX_ADDRESSES:
        raise FaceGateValidationError(
            f"{where}.addresses", list(room.addresses), f"1 to {MAX_ADDRESSES} texts"
        )
    encode_value(ROOM_ID, room.number, f"{where}.number")
    return {ROOM_ID.key: room.number, **dict(_addresses(room, where))}


def _addresses(room: Room, where: str) -> Iterator[tuple[str, str]]:
    for field, address in zip(ROOM_ADDRESSES, room.addresses, strict=False):
        yield field.key, encode_value(field, address, f"{where}.addresses")
