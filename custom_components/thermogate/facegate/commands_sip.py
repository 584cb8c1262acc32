"""The commands for intercom calls (vendor document 2.15)."""

from typing import Final

from .command import BOOLEAN, INTEGER, LIST, TEXT, Command, same
from .fields import Field

_SIP_ADDRESS: Final = r"sip:([^@\s:]+@)?[^@\s:]+(:\d{1,5})?"
_SAMPLE: Final = "sip:user@192.168.1.20:5060"

_ACCOUNT: Final = (
    Field("domain", TEXT, required=True),
    Field("port", INTEGER, minimum=1, maximum=65535, required=True),
    Field("username", TEXT, required=True),
    Field("password", TEXT, secret=True),
)
ROOM_ID: Final = Field("room id", TEXT, required=True)
ROOM_ADDRESSES: Final = (
    Field("sip num", TEXT, required=True, pattern=_SIP_ADDRESS, sample=_SAMPLE),
    Field("sip num 1", TEXT, pattern=_SIP_ADDRESS, sample=_SAMPLE),
    Field("sip num 2", TEXT, pattern=_SIP_ADDRESS, sample=_SAMPLE),
)
_ROOM: Final = (ROOM_ID, *ROOM_ADDRESSES)
_SPLICE: Final = (
    Field("sip type", TEXT, choices=same("wall", "unit"), required=True),
    Field("splice symbol", TEXT),
    Field("max building num", INTEGER, minimum=0, maximum=3),
    Field("max unit num", INTEGER, minimum=0, maximum=3),
    Field("max room num", INTEGER, minimum=0, maximum=5, required=True),
)


def _rooms(*fields: Field) -> Field:
    """Return the list of rooms with these fields."""
    return Field("room id group", LIST, fields=fields, required=True, alias="rooms")


SIP_COMMANDS: Final = (
    SIP_REGISTER := Command(
        key="sip_register", wire="sip register", section="2.15.1", request=_ACCOUNT
    ),
    SIP_ACCOUNT := Command(
        key="sip_account",
        wire="sip qure register info",
        section="2.15.2",
        reply=_ACCOUNT,
    ),
    SIP_UNREGISTER := Command(
        key="sip_unregister", wire="sip unregister", section="2.15.3"
    ),
    SIP_CALL := Command(
        key="sip_call",
        wire="sip call",
        section="2.15.4",
        request=(
            Field(
                "url",
                TEXT,
                required=True,
                pattern=rf"{_SIP_ADDRESS}|num:\S+",
                sample=f"{_SAMPLE} or num:0001",
            ),
        ),
    ),
    SIP_HANGUP := Command(key="sip_hangup", wire="sip hangup", section="2.15.5"),
    SIP_ADD_ROOMS := Command(
        key="sip_add_rooms",
        wire="sip add roomid",
        section="2.15.7",
        request=(_rooms(*_ROOM),),
        reply=(Field("add count", INTEGER),),
    ),
    SIP_ROOMS := Command(
        key="sip_rooms",
        wire="sip qure roomid",
        section="2.15.8",
        request=(
            Field("room id", TEXT),
            Field("fuzzy", BOOLEAN),
            Field("page_no", INTEGER, minimum=1),
            Field("page_size", INTEGER, minimum=1, maximum=500),
        ),
        reply=(_rooms(*_ROOM), Field("total", INTEGER)),
        # No such room: a search may end like that, as it may with people.
        success=(0, 22),
    ),
    # Two uses of one command, so that a forgotten list does not delete all rooms.
    SIP_DELETE_ROOMS := Command(
        key="sip_delete_rooms",
        wire="sip del roomid",
        section="2.15.9",
        request=(_rooms(ROOM_ID),),
    ),
    SIP_DELETE_ALL_ROOMS := Command(
        key="sip_delete_all_rooms", wire="sip del roomid", section="2.15.9"
    ),
    SET_ROOM_FORMAT := Command(
        key="set_room_format",
        wire="set roomid splice",
        section="2.15.10",
        request=_SPLICE,
    ),
    GET_ROOM_FORMAT := Command(
        key="get_room_format",
        wire="get roomid splice",
        section="2.15.10",
        reply=_SPLICE,
    ),
)
