"""What a terminal is asked about itself, when it comes and now and then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..facegate import COMMANDS, FaceGateClient, count_persons
from .terminal_state import TerminalState


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question: the key of the command that answers it, how to ask, and what the answer changes in the state.

    With `interval` it is asked again that often, else only when the terminal comes (back).
    """

    command: str
    ask: Callable[[FaceGateClient], Awaitable[Any]]
    learn: Callable[[TerminalState, Any], dict[str, Any]]
    interval: timedelta | None = None


def _hardware(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    board = answer.get("Board") or {}
    return {"model": board.get("model") or state.model}


def _versions(state: TerminalState, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "hardware": answer.get("platform") or state.hardware,
        "firmware": answer.get("alg_version") or state.firmware,
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
        command="request_persons",
        ask=count_persons,
        learn=lambda _, persons: {"persons": persons},
        # People are registered at the terminal itself as well.
        interval=timedelta(hours=1),
    ),
    # Only whether the firmware has calls; the answer has a password in it.
    Question(
        command="sip_account",
        ask=lambda client: client.request(COMMANDS["sip_account"]),
        learn=lambda *_: {},
    ),
)
