"""Stored captures: vendor document 2.2.2 and 2.2.3."""

import base64

from tests.simulators.terminal.device import Command, Device, Record
from tests.simulators.terminal.fields import (
    DOES_NOT_EXIST,
    Optional,
    Refused,
    flag,
    integer,
    text,
    wrong,
)
from tests.simulators.terminal.quirks import Quirk
from tests.simulators.terminal.settings import Values

# Longer names are answered in a key of their own, as seen on devices.
LONGEST_NAME_BYTES = 15


def _between(value: float, low: object, high: object) -> bool:
    return not isinstance(low, int) or not isinstance(high, int) or low <= value <= high


def _matches(record: Record, request: Values) -> bool:
    fuzzy = request.get("fuzzy_flag") == 1
    person_id, name = (
        (record.person.id, record.person.name) if record.person else ("", "")
    )
    for wanted, actual in ((request.get("id"), person_id), (request.get("name"), name)):
        if wanted and not (str(wanted) in actual if fuzzy else wanted == actual):
            return False
    if "upload_state" in request and bool(request["upload_state"]) != record.uploaded:
        return False
    return _between(
        record.unix_time, request.get("time_start"), request.get("time_end")
    ) and _between(record.score, request.get("score_start"), request.get("score_end"))


def _entry(record: Record, request: Values) -> Values:
    entry: Values = {
        "body_temp": record.temperature,
        "match_failed_reson": record.reason,
        "match_type": record.match_type,
        "score": record.score,
        "sequence": record.sequence,
        "time": record.time.strftime("%Y/%m/%d %H:%M:%S.%f")[:-3],
        "upload_state": int(record.uploaded),
    }
    if request["face_image_flag"] == 1 and record.picture:
        entry["face_image"] = base64.b64encode(record.picture).decode()
    if person := record.person:
        long_name = len(person.name.encode()) > LONGEST_NAME_BYTES
        entry |= {
            "customer_id": person.customer_text,
            "id": person.id,
            "name": "" if long_name else person.name,
            "person_name_ext": person.name if long_name else "",
            "role": person.role,
        }
        if request["reg_image_flag"] == 1 and person.picture:
            entry["reg_image"] = base64.b64encode(person.picture).decode()
    return dict(sorted(entry.items()))


def _query(device: Device, request: Values) -> Values:
    for first, second in (("time_start", "time_end"), ("score_start", "score_end")):
        if (first in request) != (second in request):
            raise wrong(first, f"goes together with {second}")
    found = [record for record in device.records if _matches(record, request)]
    page, size = request["page_no"], request["page_size"]
    first_index = (
        (page - 1) * size if isinstance(page, int) and isinstance(size, int) else 0
    )
    shown = found[first_index : first_index + (size if isinstance(size, int) else 0)]
    answer: Values = {"count": len(shown), "page_no": page, "total": len(found)}
    if shown:
        answer["records"] = [_entry(record, request) for record in shown]
    return answer


def _delete(device: Device, request: Values) -> Values:
    sequence = request.get("sequence")
    if device.has(Quirk.MISSPELT_SEQUENCE):
        sequence = request.get("sequnce", 0)
    integer(0, 2**32 - 1)(sequence, "sequence")
    if sequence == 0:
        device.records.clear()
        return {}
    for record in device.records:
        if record.sequence == sequence:
            device.records.remove(record)
            return {}
    raise Refused(DOES_NOT_EXIST, f"no record {sequence}")


COMMANDS = {
    "request records": Command(
        _query,
        {
            "page_no": integer(1),
            "page_size": integer(1, 20),
            "face_image_flag": flag,
            "reg_image_flag": flag,
            "time_start": Optional(integer(0)),
            "time_end": Optional(integer(0)),
            "score_start": Optional(integer(-1, 100)),
            "score_end": Optional(integer(-1, 100)),
            "upload_state": Optional(flag),
            "fuzzy_flag": Optional(flag),
            "id": Optional(text(19)),
            "name": Optional(text(63)),
        },
    ),
    "delete record": Command(_delete),
}
