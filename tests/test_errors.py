"""Every error of the two protocols and of the journal, as a person reads it."""

import ast
import asyncio
from collections.abc import Iterator
import json
from pathlib import Path
from string import Formatter

import pytest

from custom_components.thermogate import errors
from custom_components.thermogate.broker.errors import KEYS
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.errors import reason, translate_errors, translated
from custom_components.thermogate.facegate import (
    ERROR_CODES,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
)
from custom_components.thermogate.guide import (
    RETURN_CODES,
    GuideAuthError,
    GuideBusyError,
    GuideCommandError,
    GuideConnectionError,
    GuideDeniedError,
    GuideError,
    GuideLockedError,
    GuideMissingError,
    GuidePermissionError,
    GuideRetryLaterError,
    GuideTimeoutError,
    GuideUnsupportedError,
    GuideValidationError,
)
from custom_components.thermogate.guide.matrix import GuideMatrixError
from custom_components.thermogate.guide.screenshots import GuideScreenshotError
from custom_components.thermogate.journal import JournalError, Reason
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

PACKAGE = Path(errors.__file__).parent
TEXTS = json.loads((PACKAGE / "translations/en.json").read_text())
MESSAGES: dict[str, str] = {
    key: text["message"] for key, text in TEXTS["exceptions"].items()
}
FORM_ERRORS: dict[str, str] = TEXTS["config"]["error"]

# Every class, and what a person is told.
EXPECTED: list[tuple[FaceGateError | GuideError | JournalError, str]] = [
    (FaceGateTimeoutError("late"), "terminal_silent"),
    (FaceGateConnectionError("gone"), "broker_lost"),
    (FaceGateUnsupportedError("snapshot", 2, ""), "not_supported"),
    (FaceGateCommandError("gpio", 5, "busy now"), "refused"),
    *(
        (FaceGateCommandError("upload_person", code, ""), slug)
        for code, slug in ERROR_CODES.items()
        if code in {7, 16} or 20 <= code <= 41
    ),
    (FaceGateMessageError("no JSON"), "terminal_unclear"),
    (FaceGateError("strange"), "terminal_unclear"),
    (FaceGateValidationError("volume", 200, "0 to 100"), "invalid_value"),
    (GuideAuthError(3), "camera_login"),
    (GuideLockedError(), "camera_login"),
    (GuideBusyError("full"), "camera_busy"),
    (GuidePermissionError(508, 10007, ""), "camera_permission"),
    (GuideRetryLaterError(530, 10021, ""), "camera_retry"),
    (GuideUnsupportedError(600, 19999, ""), "not_supported"),
    (GuideCommandError(605, 10008, "operate failed."), "refused"),
    (GuideCommandError(754, 10012, ""), "camera_same_version"),
    (GuideCommandError(754, 10013, ""), "camera_lower_version"),
    *(
        (GuideCommandError(cmdtype, 10002, ""), "package_refused")
        for cmdtype in range(751, 759)
    ),
    (GuideTimeoutError("late"), "camera_lost"),
    (GuideConnectionError("gone"), "camera_lost"),
    (GuideMissingError("gone"), "camera_lost"),
    (GuideDeniedError("not given out"), "camera_lost"),
    (GuideMatrixError("no picture"), "camera_unclear"),
    (GuideScreenshotError("no picture"), "camera_unclear"),
    (GuideError("strange"), "camera_unclear"),
    (GuideValidationError("index", 9, "1 to 8"), "invalid_value"),
    (GuideValidationError("index", None, "1 to 8"), "value_missing"),
    (FaceGateValidationError("volume", None, "0 to 100"), "value_missing"),
    (JournalError(Reason.DISK_FULL, "No space left on device"), "journal"),
]


def classes(base: type[Exception]) -> Iterator[type[Exception]]:
    """Return a class and all that come of it."""
    yield base
    for child in base.__subclasses__():
        yield from classes(child)


def placeholders(text: str) -> set[str]:
    """Return what a text leaves open."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_error_is_forgotten() -> None:
    """Each class of the three packages is in the list above."""
    known = {type(error) for error, _ in EXPECTED}

    assert known == {
        *classes(FaceGateError),
        *classes(GuideError),
        *classes(JournalError),
    }


@pytest.mark.parametrize(
    ("error", "key"),
    EXPECTED,
    ids=[type(error).__name__ for error, _ in EXPECTED],
)
def test_an_error_is_translated(
    error: FaceGateError | GuideError | JournalError, key: str
) -> None:
    """The text exists and leaves open exactly what is given."""
    shown = translated(error)

    assert shown.translation_domain == DOMAIN
    assert shown.translation_key == key
    assert placeholders(MESSAGES[key]) == {*(shown.translation_placeholders or ())}


@pytest.mark.parametrize(
    "error",
    [
        FaceGateValidationError("volume", 200, "0 to 100"),
        GuideValidationError("volume", 200, "0 to 100"),
    ],
)
def test_a_value_that_was_not_sent_is_the_callers_mistake(
    error: FaceGateError | GuideError,
) -> None:
    """Home Assistant shows it without a traceback in the log; field, value and what is allowed are named."""
    shown = translated(error)

    assert isinstance(shown, ServiceValidationError)
    assert shown.translation_placeholders == {
        "field": "volume",
        "value": "200",
        "allowed": "0 to 100",
    }


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FaceGateCommandError("gpio", 5, "not now"), "not now (5)"),
        (FaceGateCommandError("gpio", 5, ""), "busy (5)"),
        (FaceGateCommandError("gpio", 20, ""), "storage full (20)"),
        (FaceGateCommandError("gpio", 4711, ""), "? (4711)"),
        (GuideCommandError(605, 10008, "operate failed."), "operate failed. (10008)"),
        (GuideCommandError(605, 10008, ""), "action failed (10008)"),
        (GuideCommandError(605, 4711, ""), "? (4711)"),
        (GuideConnectionError("gone"), "gone"),
        (FaceGateMessageError("no JSON"), "no JSON"),
        (JournalError(Reason.LOCKED, "database is locked"), "database is locked"),
    ],
)
def test_the_reason_is_the_devices_own(error: Exception, words: str) -> None:
    """Else the documented meaning of its code; the code always, to look it up."""
    assert reason(error) == words


def test_every_documented_code_has_words() -> None:
    """No device says a bare number that is documented."""
    for code in ERROR_CODES:
        assert "?" not in reason(FaceGateCommandError("any", code, ""))
    for code in RETURN_CODES:
        assert "?" not in reason(GuideCommandError(1, code, ""))


async def test_methods_raise_what_home_assistant_shows() -> None:
    """With the device's error as the cause; anything else stays what it is."""

    @translate_errors
    async def ask(error: BaseException | None = None) -> str:
        if error:
            raise error
        return "answer"

    assert await ask() == "answer"
    for error, key in EXPECTED:
        with pytest.raises(HomeAssistantError) as shown:
            await ask(error)
        assert shown.value.translation_key == key
        assert shown.value.__cause__ is error
    for other in (ValueError("a bug"), asyncio.CancelledError()):
        with pytest.raises(type(other)):
            await ask(other)


def raised() -> Iterator[tuple[str, set[str]]]:
    """Return the texts that the code names for errors that it makes, and what it fills them with."""
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            given = {word.arg: word.value for word in call.keywords}
            key = given.get("translation_key")
            domain = given.get("translation_domain")
            if isinstance(key, ast.Constant) and domain is not None:
                filled = given.get("translation_placeholders")
                names = filled.keys if isinstance(filled, ast.Dict) else []
                yield (
                    str(key.value),
                    {
                        str(name.value)
                        for name in names
                        if isinstance(name, ast.Constant)
                    },
                )


def test_what_is_raised_directly_has_its_text_too() -> None:
    """With exactly the placeholders that it has."""
    found = list(raised())

    assert {"camera_lost", "one_motion", "no_ptz"} <= {*dict(found)}
    for key, given in found:
        assert placeholders(MESSAGES[key]) == given


def test_what_is_wrong_with_a_broker_is_said_in_the_form_too() -> None:
    """A person who types its address learns the same as one who set it up long ago."""
    assert {key for key in FORM_ERRORS if key.startswith("broker_")} == KEYS


def test_no_text_is_left_over() -> None:
    """Each belongs to an error."""
    assert MESSAGES.keys() == {key for _, key in EXPECTED} | {
        key for key, _ in raised()
    } | KEYS | {"mqtt_missing"}
