"""What Home Assistant's log must not hold."""

from collections.abc import Iterable
import re

# Never, whoever caused it.
FORBIDDEN = re.compile(
    r"Traceback \(most recent call last\)|Detected blocking call|never retrieved|never awaited"
)
COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
OURS = re.compile("thermogate", re.IGNORECASE)
# Home Assistant says this about every custom integration.
HARMLESS = (
    r"We found a custom integration thermogate which has not been tested by Home Assistant",
)


def complaints(lines: Iterable[str], provoked: Iterable[str] = ()) -> list[str]:
    """Return the lines that should not be there: tracebacks, and complaints of or about us that no test provoked."""
    expected = [re.compile(pattern) for pattern in (*HARMLESS, *provoked)]
    return [
        line
        for line in lines
        if FORBIDDEN.search(line)
        or (
            COMPLAINT.search(line)
            and OURS.search(line)
            and not any(pattern.search(line) for pattern in expected)
        )
    ]
