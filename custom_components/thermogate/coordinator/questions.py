"""What a terminal is asked about itself, when it comes and now and then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from ..facegate import (
    COMMANDS,
    Command,
    FaceGateClient,
    clock_offset,
    count_persons,
    count_records,
    data_use,
    signal_strength,
    used,
)
from .terminal_state import TerminalState

_YEAR = timedelta(days=365)


def _always(_: TerminalState) -> bool:
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question: the key of the command that answers it, how to ask, and what the answer changes in the state.

    With `interval` it is asked again that often, else only when the terminal comes (back). It is asked only where it `applies`, as
    far as the questions before it tell.
    """

    command: str
    ask: Callable[[FaceGateClient], Awaitable[Any]]
    learn: Callable[[TerminalState, Any], dict[str, Any]]
    interval: timedelta | None = None
    applies: Callable[[TerminalState], bool] = _always


def _hardware(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    board = answer.get("board") or {}
    module = (answer.get("four_g") or {}).get("module")
    return {
        "model": board.get("model") or state.model,
        # What no document names may be a number that tells this terminal from others.
        "parts": {
            field.key: answer.get(field.key) for field in COMMANDS["get_hardware"].reply
        },
        "has_mobile": None if module not in ("yes", "no") else module == "yes",
    }


def _versions(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "hardware": answer.get("platform") or state.hardware,
        "firmware": answer.get("alg_version") or state.firmware,
    }


def _asking(
    command: Command,
) -> Callable[[FaceGateClient], Awaitable[dict[str, Any]]]:
    return lambda client: client.request(command)


async def _clock_drift(client: FaceGateClient) -> int:
    offset = await clock_offset(client, lambda: dt_util.now().replace(tzinfo=None))
    return round(offset.total_seconds())


def _mobile(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    ready = answer["module_ready"]
    return {
        # Firmware that does not tell its parts has one if it works.
        "has_mobile": ready or state.has_mobile,
        "mobile": replace(
            state.mobile,
            module_ready=ready,
            sim_ready=answer["sim_ready"],
            operator=answer["operator"] or None,
            signal=signal_strength(answer["signal_strength"]),
        ),
    }


def _data_use(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    now = dt_util.now()
    ahead = timedelta(seconds=state.clock_drift or 0)
    # It is the terminal's day that counts, unless its clock was never set.
    if abs(ahead) < _YEAR:
        now += ahead
    today, this_month = used(data_use(answer["statistics"]), now.date())
    return {
        "mobile": replace(state.mobile, used_today=today, used_this_month=this_month)
    }


QUESTIONS = (
    Question(
        command="get_hardware", ask=lambda client: client.hardware(), learn=_hardware
    ),
    Question(
        command="get_version", ask=lambda client: client.versions(), learn=_versions
    ),
    Question(
        command="get_volume",
        ask=lambda client: client.get_volume(),
        learn=lambda _, volume: {"volume": volume},
    ),
    Question(
        command="request_screensaver",
        ask=lambda client: client.request(COMMANDS["request_screensaver"]),
        learn=lambda _, answer: {"screensaver": answer["mode"]},
        # It is chosen at the terminal itself as well.
        interval=timedelta(hours=1),
    ),
    Question(
        command="request_persons",
        ask=count_persons,
        learn=lambda _, persons: {"persons": persons},
        # People are registered at the terminal itself as well.
        interval=timedelta(hours=1),
    ),
    Question(
        command="request_time",
        ask=_clock_drift,
        learn=lambda _, drift: {"clock_drift": drift},
        interval=timedelta(hours=1),
    ),
    Question(
        command="request_encryption",
        ask=_asking(COMMANDS["request_encryption"]),
        learn=lambda _, answer: {"encryption": answer["enable"]},
        # It is switched at the terminal itself as well.
        interval=timedelta(hours=1),
    ),
    Question(
        command="request_4g",
        ask=_asking(COMMANDS["request_4g"]),
        learn=_mobile,
        interval=timedelta(minutes=10),
        applies=lambda state: state.has_mobile is not False,
    ),
    Question(
        command="traffic_statistics",
        ask=_asking(COMMANDS["traffic_statistics"]),
        learn=_data_use,
        interval=timedelta(hours=1),
        applies=lambda state: bool(state.has_mobile),
    ),
    Question(
        command="request_records",
        ask=count_records,
        learn=lambda _, backlog: {"backlog": backlog},
        # Every capture changes it.
        interval=timedelta(minutes=10),
    ),
    # Only whether the firmware has calls; the answer has a password in it.
    Question(
        command="sip_account",
        ask=lambda client: client.request(COMMANDS["sip_account"]),
        learn=lambda *_: {},
    ),
)
