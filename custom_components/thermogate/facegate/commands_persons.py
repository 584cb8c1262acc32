"""The commands for people and records (vendor document 2.1 and 2.2)."""

from dataclasses import replace
from typing import Final

from .command import (
    ANY_START,
    CARD_READ,
    FLAG,
    INTEGER,
    LIST,
    LONG_CARD,
    NEVER_OR_FOREVER,
    NUMBER,
    OBJECT,
    PAGE,
    PERSON_ID,
    PICTURE,
    SHORT_CARD,
    SLOW,
    TEXT,
    TIME,
    Command,
)
from .fields import Field
from .settings import MAX_UINT32

_NOT_FOUND: Final = 22
_PHOTO_BYTES: Final = 4 * 1024 * 1024 - 1

_ROLES: Final[dict[str, int | str]] = {"normal": 0, "allowed": 1, "blocked": 2}
_ID: Final = Field("id", TEXT, max_bytes=19, required=True)
_CUSTOMER_TEXT: Final = Field("customer_text", TEXT, max_bytes=67)
_RULE: Final = Field("kind", INTEGER, minimum=0, maximum=15)
_PICTURES: Final = (Field("format", TEXT), Field("image_data", PICTURE))

_PERSON: Final = (
    Field("id", TEXT),
    Field("name", TEXT),
    Field("role", INTEGER, choices=_ROLES),
    _RULE,
    Field("feature_unit_size", INTEGER),
    Field("feature_num", INTEGER),
    Field("feature_data", LIST, item=Field("feature", NUMBER)),
    Field("image_num", INTEGER),
    Field("reg_images", LIST, fields=_PICTURES),
    Field("normal_image_num", INTEGER),
    Field("normal_images", LIST, fields=_PICTURES),
    *CARD_READ,
    Field("term_start", TIME, choices=ANY_START),
    Field("term", TIME, choices=NEVER_OR_FOREVER),
    Field("customer_text", TEXT),
)

# The names here are other ones than everywhere else, see the vendor document 2.1.1.
_CONDITION: Final = (
    PERSON_ID,
    Field("person_name", TEXT, max_bytes=63),
    replace(SHORT_CARD, name="wg_card_no", rival="long_card_no"),
    replace(LONG_CARD, name="long_card_no"),
    Field("term_start_start", TIME, choices=ANY_START, partner="term_start_end"),
    Field("term_start_end", TIME, choices=ANY_START, partner="term_start_start"),
    Field("term_start", TIME, choices=NEVER_OR_FOREVER, partner="term_end"),
    Field("term_end", TIME, choices=NEVER_OR_FOREVER, partner="term_start"),
)

_RECORD: Final = (
    Field("sequence", INTEGER),
    Field("time", TIME),
    Field("id", TEXT),
    Field("name", TEXT),
    Field("person_name_ext", TEXT),
    Field("role", INTEGER, choices=_ROLES),
    Field("customer_id", TEXT, alias="customer_text"),
    Field("score", INTEGER),
    Field("match_type", INTEGER),
    Field(
        "match_failed_reson",
        INTEGER,
        alias="match_failed_reason",
        also=("match_failed_reason",),
    ),
    Field("body_temp", NUMBER),
    Field("upload_state", FLAG, alias="uploaded"),
    Field("reg_image", PICTURE),
    # Not in the document, seen on devices: the close-up.
    Field("face_image", PICTURE),
)

PERSON_COMMANDS: Final = (
    REQUEST_PERSONS := Command(
        key="request_persons",
        wire="request persons",
        section="2.1.1",
        request=(
            Field("role", INTEGER, choices={**_ROLES, "all": -1}, default="all"),
            PAGE,
            Field("page_size", INTEGER, minimum=1, maximum=20, default=10),
            Field("normal_image_flag", FLAG, default=False),
            Field("image_flag", FLAG, default=False),
            Field("query_mode", FLAG, alias="fuzzy"),
            Field("condition", OBJECT, fields=_CONDITION),
        ),
        reply=(
            Field("total", INTEGER),
            Field("page_no", INTEGER),
            Field("count", INTEGER),
            Field("persons", LIST, fields=_PERSON),
        ),
        matched_by=("page_no",),
        timeout=SLOW,
        # Nobody is found.
        success=(0, _NOT_FOUND),
    ),
    UPLOAD_PERSON := Command(
        key="upload_person",
        wire="upload person",
        section="2.1.2",
        request=(
            _ID,
            Field("name", TEXT, max_bytes=63),
            # The document offers 1 and 2; seen on devices: 0 as well, as searches tell it.
            Field("role", INTEGER, choices=_ROLES),
            _RULE,
            Field("reg_image", PICTURE, max_bytes=_PHOTO_BYTES),
            SHORT_CARD,
            LONG_CARD,
            Field("term_start", TIME, choices=ANY_START),
            Field("term", TIME, choices=NEVER_OR_FOREVER),
            _CUSTOMER_TEXT,
            Field("normal_image", PICTURE),
            Field(
                "upload_mode", INTEGER, choices={"auto": 0, "register": 1, "update": 2}
            ),
            Field("thumb_image", PICTURE),
        ),
        reply=(Field("id", TEXT),),
        matched_by=("id",),
        timeout=SLOW,
    ),
    # Two uses of one command, so that no slip of a flag deletes everybody: one person by id ...
    DELETE_PERSON := Command(
        key="delete_person",
        wire="delete person(s)",
        section="2.1.3",
        request=(_ID,),
        reply=(Field("id", TEXT),),
        matched_by=("id",),
        fixed={"flag": -1},
        success=(0, _NOT_FOUND),
    ),
    # ... or a whole list.
    DELETE_PERSONS := Command(
        key="delete_persons",
        wire="delete person(s)",
        section="2.1.3",
        request=(
            Field(
                "flag",
                INTEGER,
                choices={**_ROLES, "all": 3},
                required=True,
                alias="role",
            ),
        ),
        timeout=SLOW,
        success=(0, _NOT_FOUND),
    ),
    REQUEST_RECORDS := Command(
        key="request_records",
        wire="request records",
        section="2.2.2",
        request=(
            PAGE,
            Field("page_size", INTEGER, minimum=1, maximum=20, default=20),
            Field("face_image_flag", FLAG, default=False),
            Field("reg_image_flag", FLAG, default=False),
            # Unix seconds.
            Field(
                "time_start",
                INTEGER,
                minimum=0,
                maximum=MAX_UINT32,
                unit="s",
                partner="time_end",
            ),
            Field(
                "time_end",
                INTEGER,
                minimum=0,
                maximum=MAX_UINT32,
                unit="s",
                partner="time_start",
            ),
            Field("score_start", INTEGER, minimum=0, maximum=100, partner="score_end"),
            Field("score_end", INTEGER, minimum=0, maximum=100, partner="score_start"),
            Field("upload_state", FLAG, alias="uploaded"),
            Field("fuzzy_flag", FLAG, alias="fuzzy"),
            Field("id", TEXT, max_bytes=19),
            Field("name", TEXT, max_bytes=63),
        ),
        reply=(
            Field("total", INTEGER),
            Field("page_no", INTEGER),
            Field("count", INTEGER),
            Field("records", LIST, fields=_RECORD),
        ),
        matched_by=("page_no",),
        timeout=SLOW,
        # "Record does not exist" is how a search may end, too.
        success=(0, _NOT_FOUND),
    ),
    DELETE_RECORD := Command(
        key="delete_record",
        wire="delete record",
        section="2.2.3",
        # 0, and perhaps a key it does not know, deletes all records. Seen on devices: another spelling of the key.
        request=(
            Field(
                "sequence",
                INTEGER,
                minimum=1,
                maximum=MAX_UINT32,
                required=True,
                also=("sequnce",),
            ),
        ),
        success=(0, _NOT_FOUND),
    ),
    DELETE_RECORDS := Command(
        key="delete_records",
        wire="delete record",
        section="2.2.3",
        fixed={"sequence": 0, "sequnce": 0},
        timeout=SLOW,
        success=(0, _NOT_FOUND),
    ),
)
