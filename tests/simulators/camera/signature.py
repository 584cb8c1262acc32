"""Requests that are signed instead of logged in, read from vendor document II.5 alone."""

import hashlib
import hmac
import time

from aiohttp import web

URI = "/api/v1/msg"


def is_signed(request: web.Request, body: bytes, app_key: str) -> bool:
    """Tell whether a request carries a signature of the key that is still good; without a key none is."""
    head = request.headers
    if not app_key or request.path != URI or head.get("AppKey") != app_key:
        return False
    expires = head.get("ExpiredTime", "")
    if not expires.isdigit() or int(expires) < time.time():
        return False
    text = f"{request.method}\n{URI}\n{expires}\n{app_key}\n{head.get('Algorithm')}\n{hashlib.sha256(body).hexdigest()}"
    wanted = hashlib.sha256(text.encode()).hexdigest()
    return hmac.compare_digest(wanted, head.get("Signed", "").lower())
