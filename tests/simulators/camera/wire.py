"""JSON texts as a camera writes them, and the quirks of that."""

from collections.abc import Set as AbstractSet
import json
from typing import Any

from .codes import OK, TEXTS, Refused

# Replies that the vendor document shows with the number of another command.
WRONG_REPLY_NUMBERS = {39: 41, 41: 43, 47: 19, 55: 19}
BLANK_KEYS = ("ir_model_w", "ir_model_h", "ir_output_h", "content")
SECRETS = ("token", "password", "oldpassword", "newpassword", "reg_password")


def dumps(value: dict[str, Any]) -> str:
    """Write JSON as devices do: compact, keys in order."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def numbers_as_texts(value: Any) -> Any:
    """Return the value with every number written as a text."""
    if isinstance(value, dict):
        return {key: numbers_as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers_as_texts(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def blank_keys(value: Any) -> Any:
    """Return the value with a blank after some keys."""
    if isinstance(value, dict):
        return {
            f"{key} " if key in BLANK_KEYS else key: blank_keys(item)
            for key, item in value.items()
        }
    return [blank_keys(item) for item in value] if isinstance(value, list) else value


def without_secrets(value: Any) -> Any:
    """Return the value without tokens and passwords, for the log."""
    if isinstance(value, dict):
        return {
            key: without_secrets(item)
            for key, item in value.items()
            if key not in SECRETS
        }
    return (
        [without_secrets(item) for item in value] if isinstance(value, list) else value
    )


def reply(
    envelope: dict[str, Any],
    outcome: dict[str, Any] | None | Refused,
    quirks: AbstractSet[str],
) -> str:
    """Write the reply to a request. A refusal has no `message`; only pan and tilt commands echo from and to."""
    cmdtype = envelope.get("cmdtype", 0)
    answer: dict[str, Any] = {
        "action": "response",
        "cmdtype": WRONG_REPLY_NUMBERS.get(cmdtype, cmdtype)
        if "wrong-reply-cmdtype" in quirks
        else cmdtype,
        "sequence": 1 if "sequence-constant" in quirks else envelope.get("sequence", 0),
    }
    if isinstance(outcome, Refused):
        answer |= {"retcode": outcome.code, "retmsg": TEXTS[outcome.code]}
        if outcome.message is not None:
            answer["message"] = outcome.message
    else:
        answer |= {"retcode": OK, "retmsg": TEXTS[OK], "message": outcome}
        if outcome is None and "no-message-key" in quirks:
            del answer["message"]
    if isinstance(cmdtype, int) and 600 <= cmdtype < 700:
        answer |= {name: envelope[name] for name in ("from", "to") if name in envelope}
    if "string-numbers" in quirks:
        answer |= numbers_as_texts(
            {name: answer[name] for name in ("retcode", "message") if name in answer}
        )
    return dumps(blank_keys(answer) if "key-blanks" in quirks else answer)


def push(
    cmdtype: int,
    sequence: int,
    body: dict[str, Any],
    quirks: AbstractSet[str],
    *,
    wrapper: str = "content",
) -> str:
    """Write a push; nobody answers it."""
    if "push-in-message" in quirks:
        wrapper = "message"
    if "img-spelling" in quirks:
        body = {key.replace("_image_", "_img_"): item for key, item in body.items()}
    if "string-numbers" in quirks:
        body = numbers_as_texts(body)
    frame = {
        "action": "notify",
        "cmdtype": cmdtype,
        "sequence": sequence,
        wrapper: body,
    }
    return dumps(blank_keys(frame) if "key-blanks" in quirks else frame)
