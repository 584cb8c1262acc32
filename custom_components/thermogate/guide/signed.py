"""Requests over HTTP without login, with a signature (vendor document, section II.5).

The document names the parts of the signature and the fields, and no more: the names of the headers are taken from those of the
fields, the time is taken for seconds since 1970, and the key is the application's, from the maker. No public client does this, so
it is not known whether any camera takes it.
"""

from collections.abc import Mapping
from hashlib import sha256
import time
from typing import Final

PATH: Final = "/api/v1/msg"
ALGORITHM: Final = "Sha256"
# Seconds that a signed request is good for; the clocks of cameras are seldom right.
GOOD_FOR: Final = 300


def signed_headers(
    app_key: str, content: str, *, method: str = "POST", now: float | None = None
) -> Mapping[str, str]:
    """Return the headers that stand for a login; `now` is in seconds since 1970."""
    expires = str(int((time.time() if now is None else now) + GOOD_FOR))
    parts = (
        method,
        PATH,
        expires,
        app_key,
        ALGORITHM,
        sha256(content.encode()).hexdigest(),
    )
    return {
        "Signed": sha256("\n".join(parts).encode()).hexdigest(),
        "ExpiredTime": expires,
        "Algorithm": ALGORITHM,
        "AppKey": app_key,
    }
