"""Errors of the two protocols and of the journal, turned once into what Home Assistant shows."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .facegate import (
    ERROR_CODES,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
)
from .guide import (
    RETURN_CODES,
    UPLOADS,
    GuideAuthError,
    GuideBusyError,
    GuideCommandError,
    GuideConnectionError,
    GuideError,
    GuidePermissionError,
    GuideRetryLaterError,
    GuideUnsupportedError,
    GuideValidationError,
)
from .journal import JournalError

# The texts that say what the device, the network or the disk said.
WITH_REASON = {
    "refused",
    "terminal_unclear",
    "camera_lost",
    "camera_unclear",
    "package_refused",
    "journal",
}

# Refusals of a terminal that have a text of their own, which tells what to do: their keys are the words of the codes.
REFUSALS = {
    "not_licensed",
    "face_exists",
    "storage_full",
    "already_exists",
    "not_found",
    "write_failed",
    "read_failed",
    "no_features",
    "portrait_unsuitable",
    "no_fuzzy_match",
    "image_undecodable",
    "image_too_large",
    "image_not_normalized",
    "face_too_small",
    "portrait_too_poor",
    "not_one_face",
    "face_incomplete",
}

# The same of a camera that was sent a file.
PACKAGE_REFUSALS = {
    "same_version": "camera_same_version",
    "lower_version": "camera_lower_version",
}

# The most particular first: the first class that fits gives the text.
KEYS: dict[type[Exception], str] = {
    FaceGateTimeoutError: "terminal_silent",
    FaceGateConnectionError: "broker_lost",
    FaceGateUnsupportedError: "not_supported",
    FaceGateCommandError: "refused",
    FaceGateError: "terminal_unclear",
    GuideAuthError: "camera_login",
    GuideBusyError: "camera_busy",
    GuidePermissionError: "camera_permission",
    GuideRetryLaterError: "camera_retry",
    GuideUnsupportedError: "not_supported",
    GuideCommandError: "refused",
    GuideConnectionError: "camera_lost",
    GuideError: "camera_unclear",
    JournalError: "journal",
}


def translated(err: FaceGateError | GuideError | JournalError) -> HomeAssistantError:
    """Return what Home Assistant shows for an error of a device or of the journal."""
    if isinstance(err, FaceGateValidationError | GuideValidationError):
        if err.value is None:
            return ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="value_missing",
                translation_placeholders={"field": err.field, "allowed": err.allowed},
            )
        return ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_value",
            translation_placeholders={
                "field": err.field,
                "value": str(err.value),
                "allowed": err.allowed,
            },
        )
    if isinstance(err, FaceGateCommandError) and err.slug in REFUSALS:
        return _refusal(err)
    if isinstance(err, GuideCommandError) and err.cmdtype in UPLOADS:
        key = PACKAGE_REFUSALS.get(err.slug, "package_refused")
    else:
        key = next(key for kind, key in KEYS.items() if isinstance(err, kind))
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"reason": reason(err)}
        if key in WITH_REASON
        else None,
    )


def _refusal(err: FaceGateCommandError) -> HomeAssistantError:
    """Return the text for a refusal that has one of its own."""
    placeholders = {"reason": reason(err)}
    if err.slug == "face_exists":
        placeholders["person_id"] = err.duplicate_id or "?"
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=err.slug,
        translation_placeholders=placeholders,
    )


def reason(err: Exception) -> str:
    """Return the device's own words, else the documented meaning of its code."""
    if isinstance(err, FaceGateCommandError):
        known = ERROR_CODES.get(err.code, "").replace("_", " ")
    elif isinstance(err, GuideCommandError):
        known = RETURN_CODES.get(err.code, "").replace("_", " ")
    elif isinstance(err, JournalError):
        return err.text
    else:
        return str(err)
    return f"{err.text or known or '?'} ({err.code})"


def translate_errors[**P, R](
    method: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let a function that asks a device or the journal raise what Home Assistant can show."""

    @wraps(method)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except (FaceGateError, GuideError, JournalError) as err:
            raise translated(err) from err

    return wrapper
