"""What a terminal can be asked in one word."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateClient,
    FaceGateCommandError,
    FaceGateMessageError,
    FaceGateUnsupportedError,
)
from tests.facegate.samples import JPEG, base64
from tests.facegate.terminal import SHORT, Terminal, code, start, success


async def test_alive_by_heartbeat(terminal: Terminal) -> None:
    """The harmless command of first choice is the heartbeat."""
    terminal.answers["heart beat"] = success
    assert await terminal.client.alive()
    assert [sent["cmd"] for sent in terminal.sent] == ["heart beat"]


async def test_alive_remembers_what_works(terminal: Terminal) -> None:
    """A terminal that ignores heartbeats is asked otherwise, from then on at once."""
    terminal.answers["get network"] = success
    assert await terminal.client.alive(timeout=SHORT)
    assert await terminal.client.alive(timeout=SHORT)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "heart beat",
        "get network",
        "get network",
    ]


async def test_a_refusal_is_a_sign_of_life(terminal: Terminal) -> None:
    """Code 2 is an answer; what it refused is not asked again as long as there is something else."""
    terminal.answers = dict.fromkeys(
        ("heart beat", "get network", "request date time"), code(2)
    )
    for _ in range(4):
        assert await terminal.client.alive()
    assert [sent["cmd"] for sent in terminal.sent] == [
        "heart beat",
        "get network",
        "request date time",
        "request date time",
    ]


async def test_busy_is_alive(terminal: Terminal) -> None:
    """Any answer is one."""
    terminal.answers["heart beat"] = code(5)
    assert await terminal.client.alive()


async def test_not_alive(terminal: Terminal) -> None:
    """Nothing answers, or there is no connection."""
    assert not await terminal.client.alive(timeout=SHORT)
    assert len(terminal.sent) == 3
    task = start(terminal.client.alive())
    await terminal.command(4)
    terminal.client.disconnected()
    assert not await task


async def test_open_gate(terminal: Terminal) -> None:
    """The documented command first."""
    terminal.answers["gpio control"] = success
    await terminal.client.open_gate(2)
    await terminal.client.open_gate(1, "scene")
    assert [
        (sent["cmd"], sent["port"], sent["ctrl_mode"]) for sent in terminal.sent
    ] == [
        ("gpio control", 2, "force"),
        ("gpio control", 1, "scene"),
    ]


async def test_open_gate_with_the_other_command(terminal: Terminal) -> None:
    """Firmware that knows only the extended one is asked the wrong way once."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": success}
    await terminal.client.open_gate(1)
    await terminal.client.open_gate(1)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "gpio control",
        "gpio control Extend",
        "gpio control Extend",
    ]


async def test_open_gate_the_other_way_round(terminal: Terminal) -> None:
    """Firmware that has lost the extended one is asked the documented way again."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": success}
    await terminal.client.open_gate(1)
    terminal.answers = {"gpio control": success, "gpio control Extend": code(2)}
    await terminal.client.open_gate(1)
    assert terminal.client.unsupported == {"gpio_control_extend"}


async def test_gate_that_cannot_be_opened(terminal: Terminal) -> None:
    """With neither known it is an error, each time."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": code(2)}
    for _ in range(2):
        with pytest.raises(FaceGateUnsupportedError):
            await terminal.client.open_gate(1)


async def test_gate_is_not_opened_twice(terminal: Terminal) -> None:
    """No second try with the other command after anything but code 2."""
    terminal.answers["gpio control"] = code(23)
    with pytest.raises(FaceGateCommandError):
        await terminal.client.open_gate(1)
    assert len(terminal.sent) == 1


async def test_clock(terminal: Terminal) -> None:
    """Local time in both directions, set or not."""
    terminal.answers = {
        "request date time": lambda _request: {"date_time": "1970/01/01 00:00:07"},
        "update date time": success,
    }
    assert await terminal.client.get_time() == datetime(1970, 1, 1, 0, 0, 7)
    await terminal.client.set_time(datetime(2026, 1, 31, 1, 2, 3, 999), "UTC+8")
    await terminal.client.set_time(datetime(2026, 1, 31, 1, 2, 3))
    assert (terminal.sent[1]["date_time"], terminal.sent[1]["timezone"]) == (
        "2026/01/31 01:02:03",
        "UTC+8",
    )
    assert "timezone" not in terminal.sent[2]


async def test_snapshot(terminal: Terminal) -> None:
    """With the blank of the document in its key."""
    terminal.answers["snapshot"] = lambda _request: {
        "image ": {"format": "jpg", "image_data": base64(JPEG)}
    }
    picture = await terminal.client.snapshot()
    assert (picture.data, picture.content_type) == (JPEG, "image/jpeg")


@pytest.mark.parametrize(
    ("ask", "fields"),
    [
        (FaceGateClient.snapshot, {}),
        (FaceGateClient.snapshot, {"image": {"image_data": "broken"}}),
        (FaceGateClient.get_time, {"date_time": "now"}),
        (FaceGateClient.get_volume, {"volume": None}),
    ],
)
async def test_success_without_the_thing(
    terminal: Terminal,
    ask: Callable[[FaceGateClient], Awaitable[object]],
    fields: dict[str, Any],
) -> None:
    """An answer that lacks what was asked for is an error."""
    terminal.answers = dict.fromkeys(
        ("snapshot", "request date time", "camera volume"), lambda _request: fields
    )
    with pytest.raises(FaceGateMessageError, match="lacks"):
        await ask(terminal.client)


async def test_settings(terminal: Terminal) -> None:
    """As the terminal nests them, undocumented ones too, passwords never."""
    terminal.answers["request app params"] = lambda _request: {
        "auth": {"enable": True, "username": "admin", "password": "hunter2"},
        "face": {"alive_level": 3, "derep_timeout ": 3},
    }
    assert await terminal.client.settings() == {
        "auth": {"enable": True, "username": "admin"},
        "face": {"alive_level": 3, "derep_timeout": 3},
    }


async def test_what_the_terminal_is(terminal: Terminal) -> None:
    """Hardware, network and versions."""
    terminal.answers = {
        "get hardware info": lambda _request: {
            "Board": {"manu": "FSAN", "model": "FSAN_01"},
            "FourG": {"moduler_4g": "NO"},
        },
        "get network": lambda _request: {
            "ip": "192.168.1.88",
            "ftp_password": "hunter2",
        },
        "get version": lambda _request: {"alg_version": "HV6.0"},
    }
    hardware = await terminal.client.hardware()
    assert hardware["board"] == {"manufacturer": "FSAN", "model": "FSAN_01"}
    assert hardware["four_g"] == {"module": "no"}
    assert await terminal.client.network() == {"ip": "192.168.1.88"}
    assert (await terminal.client.versions())["alg_version"] == "HV6.0"
