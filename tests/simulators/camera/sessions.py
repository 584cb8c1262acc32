"""Logins, their lockout, and sessions that only heartbeats keep alive (vendor document 501, 502, 9999, appendix III)."""

import base64
import binascii
from dataclasses import dataclass
import uuid

from .codes import (
    INVALID_CONTENT,
    LOCKED,
    NOT_LOGGED_IN,
    TOO_MANY_USERS,
    WRONG_PASSWORD,
    WRONG_USER_OR_PASSWORD,
    Refused,
)

# The key of appendix III without its conversion errors, as devices use it: 1024 bits, exponent 65537.
PUBLIC_KEY = base64.b64decode(
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCsn//YAXtvUmzfcdUSVc80NgMM"
    "NFIc/EyzOnLKcUM6Xm+up8K7AymL6TpOpgdtxDB30GlQjK7RNwJLgNSzT7d7OXJq"
    "382cX0V6aYXA9oeZ93bsdpiDNOMNu1ezlWZNJBS2sJoUnQl7mTGJN2b44wUcqh98"
    "F3wPTUp/+rydh3oBkQIDAQAB"
)
# The encoded key ends with the modulus (128 bytes) and the exponent (5 bytes with its head).
MODULUS = int.from_bytes(PUBLIC_KEY[-133:-5])
EXPONENT = 65537
CIPHER_CHARACTERS = 172
# In place of a token that a login gives.
SIGNED = "signed"
CIPHER_BYTES = 128


def ciphertext_defect(text: object, *plain: str) -> str | None:
    """Say why a text cannot be an encrypted password, or None; `plain` are passwords it must not be an unpadded form of."""
    if not isinstance(text, str):
        return "not a text"
    if text in plain:
        return "a plain password"
    if len(text) != CIPHER_CHARACTERS:
        return f"{len(text)} characters instead of {CIPHER_CHARACTERS}"
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error, ValueError:
        return "not base64"
    if len(data) != CIPHER_BYTES:
        return f"{len(data)} bytes instead of {CIPHER_BYTES}"
    value = int.from_bytes(data)
    if value >= MODULUS:
        return "beyond the modulus: not encrypted with the documented key"
    for password in plain:
        if value == pow(int.from_bytes(password.encode()), EXPONENT, MODULUS):
            return "encrypted without padding"
    return None


@dataclass
class Session:
    """One login; `beat` is when it was last kept alive."""

    token: str
    username: str
    beat: float
    wants_reports: bool = False
    next_report: float = 0.0


class Sessions:
    """All logins of one camera. Times are seconds of a steady clock, given by the caller."""

    def __init__(
        self, *, username: str, password: str, mac: str, session_time: float
    ) -> None:
        """Start without sessions and failures."""
        self._username = username
        self._password = password
        self._node = int(mac.replace(":", ""), 16)
        self.session_time = session_time
        self._open: dict[str, Session] = {}
        self._failures = 0
        self._locked_until = 0.0
        self._just_locked: str | None = None
        # So many logins to come fail for a wrong password.
        self.staged_failures = 0
        self._seen_ciphertexts: set[str] = set()
        # Encryption pads with random bytes, so an honest client never sends the same ciphertext twice.
        self.replayed_ciphertexts = 0

    def check_ciphertext(self, text: object) -> None:
        """Refuse what cannot be an encrypted password; count what was sent before."""
        if defect := ciphertext_defect(text, self._password):
            raise Refused(INVALID_CONTENT, f"the password is {defect}")
        self.replayed_ciphertexts += text in self._seen_ciphertexts
        self._seen_ciphertexts.add(str(text))

    def login(
        self,
        username: str,
        password: object,
        now: float,
        *,
        attempts: int,
        lock_time: float,
        most: int,
    ) -> Session:
        """Open a session; refusals of a wrong account carry the attempts left as `count`."""
        if now < self._locked_until:
            raise Refused(LOCKED)
        self.check_ciphertext(password)
        if username != self._username or self.staged_failures:
            wrong_name = username != self._username
            if not wrong_name:
                self.staged_failures -= 1
            self._failures += 1
            if self._failures >= attempts:
                self._failures = 0
                self._locked_until = now + lock_time
                self._just_locked = username
                raise Refused(LOCKED)
            code = WRONG_USER_OR_PASSWORD if wrong_name else WRONG_PASSWORD
            raise Refused(code, message={"count": attempts - self._failures})
        if len(self.alive(now)) >= most:
            raise Refused(TOO_MANY_USERS)
        self._failures = 0
        session = Session(uuid.uuid1(node=self._node).hex, username, now)
        self._open[session.token] = session
        return session

    def signed(self, now: float) -> Session:
        """Return the session of those who sign instead of logging in; it lives as long as they do."""
        session = self._open.setdefault(SIGNED, Session(SIGNED, "signed", now))
        session.beat = now
        return session

    def take_lock(self) -> str | None:
        """Return the user name whose failures locked the account since the last call, if any."""
        locked, self._just_locked = self._just_locked, None
        return locked

    def find(self, token: object, now: float) -> Session:
        """Return the session of a token; 10005 when there is none or no heartbeat came in time."""
        session = self._open.get(token) if isinstance(token, str) else None
        if session is None or not self.is_alive(session, now):
            raise Refused(NOT_LOGGED_IN)
        return session

    def is_alive(self, session: Session, now: float) -> bool:
        """Tell whether a session is open and was kept alive."""
        return (
            self._open.get(session.token) is session
            and now - session.beat <= self.session_time
        )

    def alive(self, now: float) -> list[Session]:
        """Return the living sessions and forget the others."""
        self._open = {
            token: session
            for token, session in self._open.items()
            if self.is_alive(session, now)
        }
        return list(self._open.values())

    def close(self, session: Session) -> None:
        """End one session."""
        self._open.pop(session.token, None)

    def close_all(self) -> None:
        """End all sessions."""
        self._open.clear()

    def unlock(self) -> None:
        """Forget failures and the lock."""
        self._failures = 0
        self._locked_until = 0.0
        self.staged_failures = 0
