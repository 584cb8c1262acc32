"""Ports for what closes and comes back on the same one."""

import os
from random import Random
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"
# Below those that systems hand out by themselves: nobody gets one of these while it is closed for a moment.
_PORTS: Final = range(12_000, 32_000)
_ATTEMPTS: Final = 100
# Its own: tests that run beside each other are given the same seed, and some of them fix what systems choose at random.
_RANDOM: Final = Random(os.urandom(16))


def free_port(host: str = LOOPBACK) -> int:
    """Return a port that nobody listens at; raises OSError when there is none."""
    for port in _RANDOM.sample(_PORTS, _ATTEMPTS):
        try:
            with socket.create_server((host, port)):
                return port
        except OSError:
            continue
    raise OSError(f"no free port at {host}")
