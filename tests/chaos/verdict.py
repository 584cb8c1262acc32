"""What must be true at the end, whatever happened on the way."""

from collections import Counter, defaultdict
from collections.abc import Iterable
import re

from tests.e2e.log_check import complaints

from .faults import BROKEN, HEALED, Chaos
from .journal_file import Row, broken_pictures, differences, orphans, read_rows
from .terminal import Terminal

# Every start of Home Assistant says so.
START = re.compile(
    r"^.* We found a custom integration thermogate which .*$", re.MULTILINE
)
# Garbage comes by the hundred, and each kind of it is complained about once each time that an entry is loaded: it is loaded anew
# when its terminal turns out not to know a command.
MOST_LOADS = 5
NONSENSE = re.compile(
    r"Gate (\S+): received (an unreadable message|a message of an unknown kind)"
)
# What Home Assistant says when its disk is full, and when its broker goes again before it has said hello.
PROVOKED = (
    BROKEN,
    NONSENSE.pattern,
    r"ERROR .* \[homeassistant\.(util\.file|helpers\.storage)\] ",
    r"ERROR (?s:.*)mqtt/client\.py(?s:.*)The client is not currently connected",
)
# Its log file suffers from the full disk too, of which it tells on its console, without a time.
LOG_FILE_FULL = re.compile(
    r"^--- Logging error ---\n(?:(?!\d{4}-\d\d-\d\d ).*\n)*", re.MULTILINE
)


def verdict(chaos: Chaos) -> list[str]:
    """Return everything that is wrong, with the captures it is about."""
    folder = chaos.house.journal
    rows = read_rows(folder)
    by_mark: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_mark[row.mark].append(row)
    problems = list(chaos.problems)
    for terminal in chaos.fleet.terminals:
        problems += terminal.wrong
        problems += [f"{mark} was never acknowledged" for mark in terminal.missing]
        for capture in terminal.plan:
            found = by_mark.pop(capture.mark, [])
            if len(found) != 1:
                problems.append(f"{capture.mark} has {len(found)} rows")
                continue
            problems += differences(found[0], capture)
            problems += broken_pictures(folder, found[0], capture)
        problems += disorder(terminal, rows)
    problems += [f"a row of {mark!r}, whom nobody sent" for mark in by_mark]
    problems += [f"{name} belongs to no row" for name in orphans(folder, rows)]
    problems += doubled(chaos)
    problems += misspoken(chaos)
    return problems


def disorder(terminal: Terminal, rows: Iterable[Row]) -> list[str]:
    """Return rows that stand before what had been acknowledged before they were even sent."""
    problems = []
    latest = 0
    for row in reversed([row for row in rows if row.device == terminal.serial]):
        if latest and terminal.sent[row.mark] > latest:
            problems.append(f"{row.mark} stands before an earlier capture")
        known = terminal.acknowledged[row.mark]
        latest = min(latest, known) if latest else known
    return problems


def doubled(chaos: Chaos) -> list[str]:
    """Return what was shown more than once, or was no news when it was shown."""
    events = chaos.house.witness.events
    live = {mark for terminal in chaos.fleet.terminals for mark in terminal.live}
    problems = [
        f"{mark} was an event at {' and at '.join(moments)}"
        for mark, moments in events.items()
        if len(moments) > 1
    ]
    problems += [
        f"{mark} was backlog, and yet an event" for mark in events.keys() - live
    ]
    problems += [
        f"{capture.mark} was no event, though nothing was broken"
        for terminal in chaos.fleet.terminals
        for capture in terminal.last
        if capture.mark not in events
    ]
    return problems


def misspoken(chaos: Chaos) -> list[str]:
    """Return what should not be in the log: each trouble has one line when it begins, and the journal's one when it ends."""
    log = LOG_FILE_FULL.sub("", chaos.house.home.log.read_text(errors="replace"))
    problems = complaints(log, PROVOKED)
    for life in START.split(log)[1:]:
        nonsense = Counter(match.groups() for match in NONSENSE.finditer(life))
        problems += [
            f"{' received '.join(what)} was said {times} times"
            for what, times in nonsense.items()
            if times > MOST_LOADS
        ]
        lines = [line for line in life.splitlines() if BROKEN in line or HEALED in line]
        if any((HEALED in line) != number % 2 for number, line in enumerate(lines)):
            problems.append(f"the journal broke and healed out of turn: {lines}")
    said = log.count(BROKEN), log.count(HEALED)
    if said != (chaos.broken, chaos.healed):
        problems.append(
            f"the journal broke {chaos.broken} and healed {chaos.healed} times, but said so {said} times"
        )
    return problems
