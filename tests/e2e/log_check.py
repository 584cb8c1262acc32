"""What Home Assistant's log must not hold."""

from collections.abc import Iterable
import re

# A record begins with a time; what follows up to the next one, such as a traceback, belongs to it.
BEGIN = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
# Never, whoever caused it.
FORBIDDEN = re.compile(r"Traceback \(most recent call last\)|Detected blocking call|was never (retrieved|awaited)")  # fmt: skip
COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
# The exception is a folder that our scripts keep Python in.
OURS = re.compile(r"thermogate(?!/debian-python)", re.IGNORECASE)
# Home Assistant says this about every custom integration.
HARMLESS = r"We found a custom integration thermogate which has not been tested by Home Assistant"


def records(log: str) -> list[str]:
    """Return the records of a log, each with its traceback if it has one."""
    starts = [match.start() for match in BEGIN.finditer(log)]
    return [log[start:end] for start, end in zip([0, *starts], [*starts, len(log)], strict=True)]  # fmt: skip


def complaints(log: str, provoked: Iterable[str] = ()) -> list[str]:
    """Return the records that should not be there: tracebacks, and complaints of or about us, that no test provoked."""
    expected = [re.compile(pattern) for pattern in (HARMLESS, *provoked)]
    return [
        record
        for record in records(log)
        if (FORBIDDEN.search(record) or (COMPLAINT.search(record) and OURS.search(record)))
        and not any(pattern.search(record) for pattern in expected)
    ]  # fmt: skip
