"""New firmware (vendor document 2.10.1): how a terminal asks for it, downloads it, checks it and runs it.

What is in a firmware file is not documented. Here it begins with a line that says what it is for and which version it has.
"""

import hashlib
import re

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.simulators.terminal.commands.device import (
    ALGORITHM_VERSION,
    BUILD_TIME,
    PLATFORM,
)
from tests.simulators.terminal.device import Device
from tests.simulators.terminal.settings import Values

BOARD = "FSAN_02"
# Vendor document 1.3.
MISMATCH = 9
DOWNLOAD_FAILED = 10
INTEGRITY_FAILED = 11
DOWNLOAD_SECONDS = 30.0


def package(version: str, board: str = BOARD, size: int = 200_000) -> bytes:
    """Return a firmware file for a board."""
    return f"FIRMWARE {board} {version}\n".encode().ljust(size, b"\xa5")


def query(device: Device, serial: str) -> Values:
    """Return the question of a terminal."""
    return {
        "version": "0.2",
        "cmd": "ask_upgrade",
        "device_sn": serial,
        "device_no": "",
        "last_upgrade_code": device.last_upgrade_code,
        "firmware": {
            "system": "FaceGate",
            "appversion": device.firmware,
            "algversion": ALGORITHM_VERSION,
            "platform": PLATFORM,
            "sensor": "IMX327D",
            "board": BOARD,
            "motor": "RSA",
            "lcd": device.hardware["Lcd.model"],
            "timestamp": BUILD_TIME,
        },
    }


def is_upgrade(device: Device, answer: Values) -> bool:
    """Tell whether an answer brings firmware: a normal upgrade to another version than there is, or a forced one."""
    firmware = answer.get("firmware")
    version = firmware.get("appversion") if isinstance(firmware, dict) else None
    return answer.get("code") == 0 and (
        answer.get("upgrade_type") == "force"
        or (answer.get("upgrade_type") == "normal" and version != device.firmware)
    )


async def install(device: Device, answer: Values) -> bool:
    """Install the firmware of an answer, keep the code that tells how that went, and return whether it runs now."""
    file = answer.get("upgrade_file")
    url, md5 = (
        (str(file.get("url")), str(file.get("md5sum")))
        if isinstance(file, dict)
        else ("", "")
    )
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=DOWNLOAD_SECONDS)) as session,
            session.get(url) as response,
        ):
            response.raise_for_status()
            data = await response.read()
    except TimeoutError, ClientError, ValueError:
        device.last_upgrade_code = DOWNLOAD_FAILED
        return False
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != md5:
        device.last_upgrade_code = INTEGRITY_FAILED
        return False
    head = re.match(rb"FIRMWARE (\S+) (\S+)\n", data)
    if head is None or head[1].decode() != BOARD:
        device.last_upgrade_code = MISMATCH
        return False
    device.firmware = head[2].decode()
    device.last_upgrade_code = 0
    return True
