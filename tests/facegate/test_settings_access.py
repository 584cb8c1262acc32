"""Reading and writing settings by our keys: only what is meant is sent, and no password is read."""

from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    SETTINGS,
    SETTINGS_GROUPS,
    FaceGateUnsupportedError,
    FaceGateValidationError,
    FieldType,
    Setting,
    groups_of,
)
from tests.facegate.terminal import Terminal, code, success

APP, STREAM = SETTINGS_GROUPS
UPDATES = ("update app params", "update stream params")
BOUNDED = [
    pytest.param(setting, bound, step, id=f"{setting.key}-{bound}")
    for setting in SETTINGS.values()
    for bound, step in ((setting.field.minimum, -1), (setting.field.maximum, 1))
    if bound is not None
]
SIZED = [
    pytest.param(setting, id=setting.key)
    for setting in SETTINGS.values()
    if setting.field.max_bytes
]


@pytest.fixture(autouse=True)
def _takes_everything(terminal: Terminal) -> None:
    for update in UPDATES:
        terminal.answers[update] = success


async def test_read(terminal: Terminal) -> None:
    """What the terminal tells and we know, without the passwords."""
    terminal.answers["request app params"] = lambda _: {
        "face": {"match_score": 85, "alive_level": 1},
        "gate_control": {"gate_mode": 8},
        "auth": {"username": "admin", "password": "admin"},
        "upload_info": {"password": "ftp"},
    }
    terminal.answers["request stream params"] = lambda _: {"video": {"bitrate": 2048}}
    assert await terminal.client.read_settings(APP) == {
        "match_score": 85,
        "gate_mode": "face_or_id_card",
        "authentication_user": "admin",
    }
    assert await terminal.client.read_settings(STREAM) == {"bitrate": 2048}


async def test_a_firmware_without(terminal: Terminal) -> None:
    """It says so."""
    terminal.answers["request stream params"] = code(2)
    with pytest.raises(FaceGateUnsupportedError):
        await terminal.client.read_settings(STREAM)


async def test_only_the_changed_section_is_sent(terminal: Terminal) -> None:
    """One command for each group that something is changed of."""
    await terminal.client.write_settings(
        {"bitrate": 1024, "match_score": 85, "authentication_password": "p"}
    )
    sent = [
        {key: value for key, value in message.items() if key != "command_id"}
        for message in terminal.sent
    ]
    assert sent == [
        {
            "cmd": "update app params",
            "face": {"match_score": 85},
            "auth": {"password": "p"},
        },
        {"cmd": "update stream params", "video": {"bitrate": 1024}},
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"match_score": 85, "match_scores": 85},
        {"": 1},
        {"match_score": None},
        {"match_score": "85"},
        {"match_score": True},
        {"match_score": 85, "bitrate": 1},
        {"require_mask": 1},
        {"gate_mode": "open"},
        {"temperature_limit": float("nan")},
        {"lcd_title": 1},
    ],
)
async def test_nothing_is_sent_if_one_is_not_possible(
    terminal: Terminal, values: dict[str, Any]
) -> None:
    """Also if the one belongs to another command."""
    with pytest.raises(FaceGateValidationError):
        await terminal.client.write_settings(values)
    assert not terminal.sent


@pytest.mark.parametrize(("setting", "bound", "step"), BOUNDED)
async def test_both_sides_of_a_bound(
    terminal: Terminal, setting: Setting, bound: int, step: int
) -> None:
    """The bound itself is sent, what is beyond it is not."""
    await terminal.client.write_settings({setting.key: bound})
    assert len(terminal.sent) == 1
    with pytest.raises(FaceGateValidationError):
        await terminal.client.write_settings({setting.key: bound + step})
    assert len(terminal.sent) == 1


@pytest.mark.parametrize("setting", SIZED)
async def test_both_sides_of_a_length(terminal: Terminal, setting: Setting) -> None:
    """Bytes are counted, not characters."""
    most = setting.field.max_bytes or 0
    await terminal.client.write_settings({setting.key: "x" * most})
    for longer in ("x" * (most + 1), "é" * (most // 2 + 1)):
        with pytest.raises(FaceGateValidationError):
            await terminal.client.write_settings({setting.key: longer})
    assert len(terminal.sent) == 1


async def test_a_refused_password_is_not_repeated(terminal: Terminal) -> None:
    """Not even in the refusal."""
    secrets = [key for key, each in SETTINGS.items() if each.field.secret]
    assert len(secrets) == 2
    for key in secrets:
        with pytest.raises(FaceGateValidationError) as raised:
            await terminal.client.write_settings({key: 314159})
        assert "314159" not in str(raised.value)


async def test_reset(terminal: Terminal) -> None:
    """Each group by itself."""
    for group in SETTINGS_GROUPS:
        terminal.answers[group.reset.wire] = success
        await terminal.client.reset_settings(group)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "reset app params",
        "reset stream params",
    ]


def test_groups() -> None:
    """Every setting is in one group, and of one of the types that can be shown."""
    assert groups_of(["bitrate"]) == (STREAM,)
    assert groups_of(["bitrate", "ntp"]) == (APP, STREAM)
    assert groups_of([]) == ()
    assert {each.field.type for each in SETTINGS.values()} == {
        FieldType.BOOLEAN,
        FieldType.INTEGER,
        FieldType.NUMBER,
        FieldType.TEXT,
    }
