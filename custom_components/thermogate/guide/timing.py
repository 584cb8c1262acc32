"""Every delay of a connection in one place, so that tests can run them all in milliseconds."""

from dataclasses import dataclass
import random


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All values in seconds."""

    heartbeat: float = 30.0
    """Sessions end after two minutes without one, and nothing else keeps them alive (seen on devices)."""
    silence: float = 60.0
    """An idle control socket may be silent; after this long it is asked whether it still lives."""
    probe: float = 10.0
    """How long the answer to that question may take."""
    connect: float = 10.0
    close: float = 2.0
    """For the logout and for the closing handshake."""
    reconnect_first: float = 1.0
    reconnect_longest: float = 60.0
    jitter: float = 0.3
    """Up to this part is added to a delay, so that a site full of cameras does not reconnect in step."""
    busy: float = 120.0
    """After "too many users": dead sessions are reaped within two minutes."""
    forced_logout: float = 300.0
    """After someone else took the session, or a login was refused for a reason that is not the password."""
    websocket_retry: float = 180.0
    """While only HTTP works, how often the WebSocket is tried."""
    login_pause: float = 60.0
    """After a new login did not cure "not authenticated", how long no further one is tried."""

    def reconnect_delay(self, attempt: int) -> float:
        """Return how long to wait before an attempt (counted from 0): doubling, capped, with jitter."""
        return self.spread(
            min(self.reconnect_longest, self.reconnect_first * 2 ** min(attempt, 16))
        )

    def spread(self, delay: float) -> float:
        """Return a delay with jitter added."""
        return delay * (1 + random.uniform(0, self.jitter))
