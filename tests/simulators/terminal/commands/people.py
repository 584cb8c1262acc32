"""The database of faces: vendor document 2.1."""

import base64
from dataclasses import replace
from io import BytesIO
from typing import Any

from PIL import Image, ImageStat

from tests.simulators.common import Json
from tests.simulators.terminal.device import Command, Device
from tests.simulators.terminal.faces import sized_jpeg
from tests.simulators.terminal.fields import (
    DOES_NOT_EXIST,
    EXISTS_ALREADY,
    FACE_EXISTS,
    FACE_TOO_SMALL,
    LARGEST_UNSIGNED_64,
    LARGEST_WG26_34,
    LIMIT_REACHED,
    NO_FUZZY_CARDS,
    NOT_ONE_FACE,
    PICTURE_TOO_LARGE,
    PICTURE_UNREADABLE,
    Fields,
    Optional,
    Refused,
    base64_text,
    decoded,
    flag,
    integer,
    moment,
    one_of,
    structure,
    text,
    wrong,
)
from tests.simulators.terminal.people import Person, listing
from tests.simulators.terminal.settings import Values

MOST_PICTURE_BYTES = 4_000_000
MOST_PIXELS = 2_000_000
SMALLEST_PICTURE_SIDE = 80
# A picture with less contrast than this shows no face.
LEAST_CONTRAST = 6.0
# Fingerprints that differ in fewer of their 256 bits are the same face.
SAME_FACE_BITS = 12

UPDATABLE = (
    "name",
    "role",
    "kind",
    "wg_card_id",
    "long_card_id",
    "term_start",
    "term",
    "customer_text",
)
REGISTER, UPDATE = 1, 2


def registered_picture(data: bytes) -> Image.Image:
    """Open a picture that is to be registered, refusing what a terminal refuses."""
    if len(data) >= MOST_PICTURE_BYTES:
        raise Refused(PICTURE_TOO_LARGE, f"{len(data)} bytes")
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused(
                    PICTURE_TOO_LARGE, f"{opened.width}x{opened.height} pixels"
                )
            picture = opened.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(PICTURE_UNREADABLE, "image decoding failed") from error
    if min(picture.size) < SMALLEST_PICTURE_SIDE:
        raise Refused(FACE_TOO_SMALL, f"{picture.width}x{picture.height} pixels")
    if ImageStat.Stat(picture.convert("L")).stddev[0] < LEAST_CONTRAST:
        raise Refused(NOT_ONE_FACE, "no face in the picture")
    return picture


def _fingerprint(picture: bytes) -> int:
    """Return 256 bits that look-alike pictures share: whether each point is brighter than its right neighbour."""
    with Image.open(BytesIO(picture)) as opened:
        # The lower part holds the label of a drawn portrait, which tells more than a face does.
        face = (
            opened.convert("L")
            .crop((0, 0, opened.width, opened.height * 9 // 10))
            .resize((17, 16))
        )
    points = face.tobytes()
    return sum(
        (points[y * 17 + x] > points[y * 17 + x + 1]) << (y * 16 + x)
        for y in range(16)
        for x in range(16)
    )


def _look_alike(device: Device, person_id: str, picture: bytes) -> str | None:
    wanted = _fingerprint(picture)
    for other in device.people.values():
        if (
            other.id != person_id
            and other.picture
            and (_fingerprint(other.picture) ^ wanted).bit_count() < SAME_FACE_BITS
        ):
            return other.id
    return None


def _upload(device: Device, request: Values) -> Values:
    person_id = str(request["id"])
    known = device.people.get(person_id)
    mode = request.get("upload_mode", 0)
    if mode == REGISTER and known:
        raise Refused(EXISTS_ALREADY, "id exists", id=person_id)
    if mode == UPDATE and not known:
        raise Refused(DOES_NOT_EXIST, "no such id", id=person_id)
    if not known and not request.get("name"):
        raise wrong("name", "missing for a new person")
    if not known and len(device.people) >= device.options.most_persons:
        raise Refused(
            LIMIT_REACHED,
            f"at most {device.options.most_persons} persons",
            id=person_id,
        )
    if request.get("wg_card_id") and request.get("long_card_id"):
        raise wrong("long_card_id", "there is a wg_card_id already")

    # FIELDS has checked the types.
    changes: dict[str, Any] = {
        name: request[name] for name in UPDATABLE if name in request
    }
    person = replace(known or Person(person_id, ""), **changes)
    picture = request.get("normal_image") or request.get("reg_image")
    if picture:
        data = decoded(picture, "reg_image")
        registered_picture(data)
        if not device.section("face")["enable_same_face_reg"] and (
            twin := _look_alike(device, person_id, data)
        ):
            raise Refused(
                FACE_EXISTS, "face repetition", id=person_id, duplicate_id=twin
            )
        person = replace(person, picture=data)
    device.people[person_id] = person
    return {"id": person_id}


def _delete(device: Device, request: Values) -> Values:
    if request["flag"] != -1:
        device.people = {
            person.id: person
            for person in device.people.values()
            if request["flag"] not in {3, person.role}
        }
        return {"id": request.get("id", "")}
    person_id = request.get("id")
    text(19, least=1)(person_id, "id")
    if device.people.pop(str(person_id), None) is None:
        raise Refused(DOES_NOT_EXIST, "no such id", id=person_id)
    return {"id": person_id}


def _matches(person: Person, condition: Values, fuzzy: bool) -> bool:
    for key, actual in (("person_id", person.id), ("person_name", person.name)):
        wanted = condition.get(key)
        if wanted and not (str(wanted) in actual if fuzzy else wanted == actual):
            return False
    if condition.get("wg_card_no") and condition["wg_card_no"] != person.wg_card_id:
        return False
    if (
        condition.get("long_card_no")
        and condition["long_card_no"] != person.long_card_id
    ):
        return False
    return _in_term(
        person.term_start, condition, "term_start_start", "term_start_end"
    ) and _in_term(person.term, condition, "term_start", "term_end")


def _in_term(actual: str, condition: Values, lower: str, upper: str) -> bool:
    low, high = condition.get(lower), condition.get(upper)
    if low is None or high is None or low == "useless":
        return True
    if actual in {low, high}:
        return True
    # Local times in this form sort like texts, and "forever" behind them; "never" is before all of them.
    return actual[:1].isdigit() and (
        ("" if low == "never" else str(low)) <= actual <= str(high)
    )


def _query(device: Device, request: Values) -> Values:
    condition = request.get("condition")
    condition = condition if isinstance(condition, dict) else {}
    fuzzy = request.get("query_mode") == 1
    if fuzzy and (condition.get("wg_card_no") or condition.get("long_card_no")):
        raise Refused(NO_FUZZY_CARDS, "card numbers cannot be searched fuzzily")
    for first, second in (
        ("term_start_start", "term_start_end"),
        ("term_start", "term_end"),
    ):
        if (first in condition) != (second in condition):
            raise wrong(f"condition.{first}", f"goes together with {second}")
    found = [
        person
        for person in device.people.values()
        if request["role"] in {-1, person.role} and _matches(person, condition, fuzzy)
    ]
    page, size = request["page_no"], request["page_size"]
    first_index = (
        (page - 1) * size if isinstance(page, int) and isinstance(size, int) else 0
    )
    shown = found[first_index : first_index + (size if isinstance(size, int) else 0)]
    answer: Values = {"total": len(found), "page_no": page, "count": len(shown)}
    # Seen on devices: an empty page has no list.
    if shown:
        answer["persons"] = [_entry(person, request) for person in shown]
    return answer


def _entry(person: Person, request: Values) -> Values:
    entry = listing(person)
    if person.picture and request["image_flag"] == 1:
        entry["reg_images"] = [_image(person.picture)]
    if person.picture and request.get("normal_image_flag") == 1:
        entry["normal_images"] = [
            _image(sized_jpeg(registered_picture(person.picture).resize((112, 112)), 4))
        ]
    return entry


def _image(picture: bytes) -> Json:
    return {"format": "jpg", "image_data": base64.b64encode(picture).decode()}


def _all_ids(device: Device, _request: Values) -> Values:
    return {"total": len(device.people), "ids": list[Json](device.people)}


FIELDS: Fields = {
    "id": text(19, least=1),
    "name": Optional(text(63)),
    # The document offers 1 and 2; devices take 0 too.
    "role": Optional(one_of(0, 1, 2)),
    "kind": Optional(integer(0, 15)),
    "reg_image": Optional(text()),
    "normal_image": Optional(text()),
    "thumb_image": Optional(base64_text()),
    "wg_card_id": Optional(integer(0, LARGEST_WG26_34)),
    "long_card_id": Optional(integer(0, LARGEST_UNSIGNED_64)),
    "term_start": Optional(moment("useless")),
    "term": Optional(moment("forever", "never")),
    "customer_text": Optional(text(67)),
    "upload_mode": Optional(one_of(0, REGISTER, UPDATE)),
}
CONDITION = structure(
    {
        "person_id": Optional(text(19)),
        "person_name": Optional(text(63)),
        "wg_card_no": Optional(integer(0, LARGEST_WG26_34)),
        "long_card_no": Optional(integer(0, LARGEST_UNSIGNED_64)),
        "term_start_start": Optional(moment("useless")),
        "term_start_end": Optional(moment("useless")),
        "term_start": Optional(moment("forever", "never")),
        "term_end": Optional(moment("forever", "never")),
    }
)

COMMANDS = {
    "request persons": Command(
        _query,
        {
            "role": one_of(-1, 0, 1, 2),
            "page_no": integer(1),
            "page_size": integer(1, 20),
            "normal_image_flag": Optional(flag),
            "image_flag": flag,
            "query_mode": Optional(flag),
            "condition": Optional(CONDITION),
        },
    ),
    "upload person": Command(_upload, FIELDS),
    "delete person(s)": Command(
        _delete, {"flag": one_of(-1, 0, 1, 2, 3), "id": Optional(text(19))}
    ),
    "get allpersonid": Command(_all_ids),
}
