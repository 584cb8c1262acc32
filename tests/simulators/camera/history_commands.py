"""Commands 513 to 515: what was recorded, on which days, and how temperatures went."""

import calendar
from datetime import datetime, timedelta
import math
from typing import Any

from .call import Call, Handler
from .fields import TIME_FORMAT, Check, flag, integer, moment
from .settings import RULES

PAGE, PAGE_SIZE = integer(1, 100_000), integer(1, 1000)
CHANNEL_AND_KIND: dict[str, Check] = {
    "videotype": integer(1, 2),
    "datatype": integer(1, 2),
}
# The bit of query_type that stands for a rule's shape: 1 point, 2 line, 4 circle, 8 rectangle, 16 polygon.
SHAPE_BITS = {1: 1, 2: 2, 5: 4, 3: 8, 4: 16}
MOST_VALUES = 1000


def page_of[Item](items: list[Item], page: int, size: int) -> list[Item]:
    """Return one page, counted from 1."""
    return items[(page - 1) * size : page * size]


async def recordings(call: Call) -> dict[str, Any]:
    """513: recordings (1) or pictures (2) of a channel between two moments."""
    fields = {
        "starttime": moment,
        "endtime": moment,
        "pageindex": PAGE,
        "pagecount": PAGE_SIZE,
        **CHANNEL_AND_KIND,
    }
    call.check(fields, fields)
    wanted = call.message
    found = call.camera.files.history(
        datetime.strptime(wanted["starttime"], TIME_FORMAT),
        datetime.strptime(wanted["endtime"], TIME_FORMAT),
        wanted["videotype"],
        wanted["datatype"],
    )
    page = page_of(found, wanted["pageindex"], wanted["pagecount"])
    return {"total": len(found), "datas": page}


async def days(call: Call) -> dict[str, Any]:
    """514: the days of a month that have recordings; a day with several comes more than once, as the document shows."""
    fields = {
        **CHANNEL_AND_KIND,
        "year": integer(1970, 2100),
        "month": integer(1, 12),
    }
    call.check(fields, fields)
    wanted = call.message
    year, month = wanted["year"], wanted["month"]
    last = calendar.monthrange(year, month)[1]
    found = call.camera.files.history(
        datetime(year, month, 1),
        datetime(year, month, last, 23, 59, 59),
        wanted["videotype"],
        wanted["datatype"],
    )
    return {
        "days": [datetime.strptime(entry["start"], TIME_FORMAT).day for entry in found]
    }


async def temperature_history(call: Call) -> dict[str, Any]:
    """515: one value per interval and rule; null where the camera was off, as every hour for a few minutes."""
    fields = {
        "query_start_time": moment,
        "query_end_time": moment,
        "query_type": integer(1, 31),
        "query_interval": integer(1, 1440),
        "query_temp_type": integer(1, 3),
        "report": flag,
        "page_index": PAGE,
        "page_count": PAGE_SIZE,
    }
    call.check(fields, fields)
    wanted = call.message
    start = datetime.strptime(wanted["query_start_time"], TIME_FORMAT)
    end = datetime.strptime(wanted["query_end_time"], TIME_FORMAT)
    step = timedelta(minutes=wanted["query_interval"])
    moments: list[datetime] = []
    while start + step * len(moments) <= end and len(moments) < MOST_VALUES:
        moments.append(start + step * len(moments))
    rules = [
        rule
        for rule in call.camera.settings[RULES]["rule_list"]
        if SHAPE_BITS[rule["type"]] & wanted["query_type"]
    ]
    page = page_of(moments, wanted["page_index"], wanted["page_count"])
    report = f"/report/{int(start.timestamp())}_{wanted['query_temp_type']}.csv"

    def measured_at(rule: int, when: datetime) -> float | None:
        if when.date() < call.camera.files.first_day():
            return None
        return past_temperature(rule, wanted["query_temp_type"], when)

    measured = [
        {
            "measure_type": rule["type"],
            "measure_id": rule["id"],
            "measurer_name": rule["rule_name"],
            "temperature": [measured_at(rule["id"], when) for when in page],
            "report_path": report if wanted["report"] else "",
        }
        for rule in rules
    ]
    if wanted["report"]:
        lines = [",".join(["time", *(rule["rule_name"] for rule in rules)])]
        for when in moments:
            values = (measured_at(rule["id"], when) for rule in rules)
            lines.append(
                ",".join(
                    [
                        when.strftime(TIME_FORMAT),
                        *("" if value is None else str(value) for value in values),
                    ]
                )
            )
        call.camera.files.put(report, "\n".join(lines).encode())
    return {
        "report_path": report if wanted["report"] else "",
        "total": len(moments),
        "start_time": wanted["query_start_time"],
        "end_time": wanted["query_end_time"],
        "measure_list": measured,
    }


def past_temperature(rule: int, kind: int, when: datetime) -> float | None:
    """Return a made-up temperature that follows the time of day: 1 highest, 2 lowest, 3 average."""
    if when.minute < 3:
        return None
    hour = when.hour + when.minute / 60
    middle = 30 + 6 * rule + 8 * math.sin((hour - 9) * math.pi / 12)
    return round(middle + {1: 12.0, 2: -9.0, 3: 0.0}[kind], 1)


HISTORY_COMMANDS: dict[int, Handler] = {
    513: recordings,
    514: days,
    515: temperature_history,
}
