"""Calls, room numbers and the 4G modem: vendor document 2.15 and 2.16."""

import re

from tests.simulators.common import Json
from tests.simulators.terminal.device import Command, Device
from tests.simulators.terminal.fields import (
    BUSY,
    DOES_NOT_EXIST,
    Fields,
    Optional,
    Refused,
    array,
    boolean,
    integer,
    matching,
    one_of,
    structure,
    text,
    wrong,
)
from tests.simulators.terminal.settings import PORT, Values

# Vendor document 2.15.6: what happens in a call, by the word of the control line.
SIP_EVENTS = {
    "end": 0,
    "start": 1,
    "ring": 2,
    "reject": 3,
    "connect": 4,
    "called": 5,
    "called-connect": 6,
}
SIP_ADDRESS = r"sip:([^@\s:]+@)?[^@\s:]+(:\d{1,5})?"


def _register(device: Device, request: Values) -> Values:
    device.sip_account = {
        name: request[name]
        for name in ("domain", "port", "username", "password")
        if name in request
    }
    return {}


def _account(device: Device, _request: Values) -> Values:
    if device.sip_account is None:
        raise Refused(DOES_NOT_EXIST, "no account")
    return dict(device.sip_account)


def _unregister(device: Device, _request: Values) -> Values:
    device.sip_account = None
    return {}


def _call(device: Device, request: Values) -> Values:
    url = str(request["url"])
    if device.in_call:
        raise Refused(BUSY, "in a call")
    if url.startswith("num:") and url.removeprefix("num:") not in device.rooms:
        raise Refused(DOES_NOT_EXIST, "no such room number")
    device.in_call = True
    device.actions += ["sip start", "sip ring"]
    return {}


def _hang_up(device: Device, _request: Values) -> Values:
    if device.in_call:
        device.in_call = False
        device.actions.append("sip end")
    return {}


def _listed_rooms(request: Values) -> list[Values]:
    listed = request.get("room id group")
    return (
        [room for room in listed if isinstance(room, dict)]
        if isinstance(listed, list)
        else []
    )


def _add_rooms(device: Device, request: Values) -> Values:
    taken = 0
    for room in _listed_rooms(request):
        number = str(room["room id"])
        if number in device.rooms or len(device.rooms) < device.most_rooms:
            device.rooms[number] = room
            taken += 1
    return {"add count": taken}


def _rooms(device: Device, request: Values) -> Values:
    wanted, fuzzy = request.get("room id"), request.get("fuzzy") is True
    if (wanted is None or fuzzy) and not {"page_no", "page_size"} <= request.keys():
        raise wrong("page_no", "needed unless one room number is wanted")
    found: list[Json] = [
        room
        for number, room in device.rooms.items()
        if wanted is None or (str(wanted) in number if fuzzy else wanted == number)
    ]
    page, size = request.get("page_no", 1), request.get("page_size", 500)
    first = (page - 1) * size if isinstance(page, int) and isinstance(size, int) else 0
    return {
        "room id group": found[first : first + (size if isinstance(size, int) else 0)],
        "total": len(found),
    }


def _delete_rooms(device: Device, request: Values) -> Values:
    if "room id group" not in request:
        device.rooms.clear()
        return {}
    numbers = [str(room["room id"]) for room in _listed_rooms(request)]
    for number in numbers:
        if number not in device.rooms:
            raise Refused(DOES_NOT_EXIST, f"no room {number}")
    for number in numbers:
        del device.rooms[number]
    return {}


def _set_splice(device: Device, request: Values) -> Values:
    device.splice = {name: request[name] for name in SPLICE if name in request}
    return {}


def _splice(device: Device, _request: Values) -> Values:
    return dict(device.splice)


def _modem(device: Device, _request: Values) -> Values:
    ready = device.hardware["moduler_4g"] == "YES"
    return {
        "module_ready": ready,
        "sim_ready": ready,
        "ICCID": "89882280000012345678" if ready else "",
        "IMSI": "901280012345678" if ready else "",
        "operator": "Example Mobile" if ready else "",
        "signal_strength": -71 if ready else 0,
        "gps": {"e": "", "n": "", "strength": 0},
    }


def _traffic(device: Device, request: Values) -> Values:
    today = device.now()
    first, last = _day_range(str(request.get("day", "1-")), today.day)
    statistics: list[Json] = [
        {
            "date": f"{today.month}-{day}",
            "bytes_rx": 1_048_576 + day * 4096,
            "bytes_tx": 20_971_520 + day * 65_536,
        }
        for day in range(first, last + 1)
    ]
    return {"statistics": statistics}


def _day_range(day: str, today: int) -> tuple[int, int]:
    """Read "1-9", "1-" (until today) or "1"."""
    parts = re.fullmatch(r"(\d{1,2})(-(\d{1,2})?)?", day)
    if parts is None:
        raise wrong("day", "not like 1-9, 1- or 1")
    first = int(parts[1])
    last = int(parts[3]) if parts[3] else today if parts[2] else first
    if not 1 <= first <= last <= 31:
        raise wrong("day", "no such days")
    return first, last


ROOM: Fields = {
    "room id": text(least=1),
    "sip num": matching(SIP_ADDRESS),
    "sip num 1": Optional(text()),
    "sip num 2": Optional(text()),
}
SPLICE: Fields = {
    "sip type": one_of("wall", "unit"),
    "splice symbol": Optional(text()),
    "max building num": Optional(integer(0, 3)),
    "max unit num": Optional(integer(0, 3)),
    "max room num": integer(0, 5),
}

COMMANDS = {
    "sip register": Command(
        _register,
        {
            "domain": text(least=1),
            "port": PORT,
            "username": text(least=1),
            "password": Optional(text()),
        },
    ),
    "sip qure register info": Command(_account),
    "sip unregister": Command(_unregister),
    "sip call": Command(_call, {"url": matching(rf"{SIP_ADDRESS}|num:.+")}),
    "sip hangup": Command(_hang_up),
    "sip add roomid": Command(_add_rooms, {"room id group": array(structure(ROOM), 1)}),
    "sip qure roomid": Command(
        _rooms,
        {
            "room id": Optional(text(least=1)),
            "fuzzy": Optional(boolean),
            "page_no": Optional(integer(1)),
            "page_size": Optional(integer(1, 500)),
        },
    ),
    "sip del roomid": Command(
        _delete_rooms,
        {"room id group": Optional(array(structure({"room id": text(least=1)}), 1))},
    ),
    "set roomid splice": Command(_set_splice, SPLICE),
    "get roomid splice": Command(_splice),
    "request 4g infor": Command(_modem),
    "traffic statistics": Command(_traffic, {"day": Optional(text())}),
}
