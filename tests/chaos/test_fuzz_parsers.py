"""Whatever arrives, it is understood or refused: 60,000 mutated frames, through everything that reads frames."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
import gc
from random import Random
import sys
from types import MappingProxyType
from typing import Any, Final

from hypothesis import HealthCheck, given, settings, strategies as st
import orjson
import pytest

from custom_components.thermogate.facegate import (
    COMMANDS,
    Capture,
    FaceGateMessageError,
    Reply,
    acknowledgement,
    parse_message,
)
from custom_components.thermogate.guide import GuideConnectionError, GuideError
from custom_components.thermogate.guide.models import (
    FillLight,
    GeneralInfo,
    NetworkInfo,
    RecordingStatus,
    Temperatures,
    VersionInfo,
    parse_rules,
)
from custom_components.thermogate.guide.ptz_models import (
    PtzStatus,
    parse_cruises,
    parse_line_scans,
    parse_presets,
    parse_traces,
)
from custom_components.thermogate.guide.pushes import parse_push
from custom_components.thermogate.guide.wire import Picture, as_int, decode, unpack

from .replay import Mutator
from .replay_traffic import Traffic, recorded

FRAMES: Final = 30_000
SEED: Final = 513
# What is left after so many frames, in objects of all kinds; what was cached by then is no more than this.
GROWTH: Final = 20_000

READERS: Final[Mapping[int, Callable[[dict[str, Any]], object]]] = MappingProxyType(
    {
        4: parse_rules,
        10: NetworkInfo.from_message,
        36: FillLight.from_message,
        500: GeneralInfo.from_message,
        505: VersionInfo.from_message,
        509: RecordingStatus.from_message,
        520: Temperatures.from_message,
        522: lambda body: Picture.from_base64(body.get("image_content")),
        601: parse_presets,
        606: parse_cruises,
        611: parse_line_scans,
        614: parse_traces,
        617: PtzStatus.from_message,
    }
)
COMMANDS_BY_WIRE: Final = {
    command.wire.strip().lower(): command for command in COMMANDS.values()
}


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    """Return what the simulators say."""
    return recorded()


def read_from_terminal(frame: bytes) -> str:
    """Take a frame as the coordinator of a terminal does; returns what became of it."""
    try:
        message = parse_message(frame)
    except FaceGateMessageError:
        return "refused"
    if isinstance(message, Capture):
        echo = orjson.loads(acknowledgement(message))
        assert echo["code"] == 0
        assert "gateway_ctrl" not in echo
        assert len(message.key) <= 128
    if isinstance(message, Reply) and (
        command := COMMANDS_BY_WIRE.get(message.command)
    ):
        command.parse(message.body)
    repr(message)
    return type(message).__name__


def read_from_camera(frame: bytes) -> str:
    """Take a frame as the link to a camera does; returns what became of it."""
    try:
        message = decode(frame)
    except GuideConnectionError:
        return "refused"
    if (push := parse_push(message)) is not None:
        repr(push)
        return type(push).__name__
    cmdtype = as_int(message.get("cmdtype"), 0)
    try:
        body = unpack(cmdtype, message)
    except GuideError:
        return "error"
    if read := READERS.get(cmdtype):
        repr(read(body))
    return "answer"


def replay(
    frames: Iterator[bytes], read: Callable[[bytes], str], count: int
) -> Counter[str]:
    """Read so many frames and return what became of them, having seen that nothing is left of them."""
    outcomes: Counter[str] = Counter(read(next(frames)) for _ in range(count // 3))
    gc.collect()
    before = sys.getallocatedblocks()
    outcomes.update(read(next(frames)) for _ in range(count - count // 3))
    gc.collect()
    assert sys.getallocatedblocks() - before < GROWTH
    return outcomes


def test_no_frame_of_a_terminal_breaks_its_readers(traffic: Traffic) -> None:
    """And enough of them are still read as what they were to say that all readers were tried."""
    mutator = Mutator(Random(SEED), traffic.captures + traffic.replies)
    outcomes = replay(iter(mutator.frame, None), read_from_terminal, FRAMES)
    kinds = ("Capture", "Reply", "Heartbeat", "SipEvent", "UpgradeQuery", "refused")
    assert all(outcomes[kind] > FRAMES / 1000 for kind in kinds), outcomes


def test_no_frame_of_a_camera_breaks_its_readers(traffic: Traffic) -> None:
    """The same for pushes and answers."""
    mutator = Mutator(Random(SEED), traffic.pushes + traffic.answers)
    outcomes = replay(iter(mutator.frame, None), read_from_camera, FRAMES)
    kinds = ("TemperatureAlarm", "FireAlarm", "ExternalInputAlarm", "ForcedLogout")
    ways = ("answer", "error", "refused")
    assert all(outcomes[kind] > FRAMES / 1000 for kind in kinds + ways), outcomes


# Whatever Hypothesis finds, it shrinks to the least that goes wrong.
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(lot=st.randoms(use_true_random=False))
def test_hypothesis_finds_no_frame_either(lot: Random) -> None:
    """It chooses the frames and what is changed in them, and every reader gets what it makes."""
    frame = Mutator(lot, recorded().all).frame()
    read_from_terminal(frame)
    read_from_camera(frame)
