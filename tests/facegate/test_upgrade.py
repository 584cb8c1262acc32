"""The answer to a terminal that asks for firmware."""

import json

from custom_components.thermogate.facegate import (
    Firmware,
    UpgradeFile,
    UpgradeQuery,
    upgrade_reply,
)

QUERY = UpgradeQuery(
    device_sn="0123F6-DEFAB2-4D65EE",
    last_upgrade_code=0,
    firmware=Firmware(
        system="FaceGate",
        app_version="0.10.2beta",
        algorithm_version="HV6.0",
        platform="HI3516AV200",
        sensor="IMX327D",
        board="FSAN_02",
        motor="RSA",
        lcd="LCD_720_576",
        built="2019-02-28 18:22:01",
    ),
)
HAS = {
    "system": "FaceGate",
    "appversion": "0.10.2beta",
    "algversion": "HV6.0",
    "platform": "HI3516AV200",
    "sensor": "IMX327D",
    "board": "FSAN_02",
    "motor": "RSA",
    "lcd": "LCD_720_576",
    "timestamp": "2019-02-28 18:22:01",
}
FILE = UpgradeFile(
    url="http://120.88.44.47/upgrade",
    md5="621b929a45c388c7e5ac4e260ea3dc99",
    version="0.10.3",
)
NAMED = {"url": FILE.url, "md5sum": FILE.md5}


def test_no_upgrade() -> None:
    """The terminal may go on with what it has."""
    assert json.loads(upgrade_reply(QUERY, None)) == {
        "reply": "ACK",
        "cmd": "ask_upgrade",
        "code": 0,
        "upgrade_type": "none",
        "firmware": HAS,
    }


def test_an_upgrade() -> None:
    """Where it is, its checksum and its version."""
    assert json.loads(upgrade_reply(QUERY, FILE)) == {
        "reply": "ACK",
        "cmd": "ask_upgrade",
        "code": 0,
        "upgrade_type": "normal",
        "upgrade_file": NAMED,
        "firmware": HAS | {"appversion": "0.10.3"},
    }


def test_a_forced_upgrade() -> None:
    """Versions are not compared."""
    forced = UpgradeFile(url=FILE.url, md5=FILE.md5, version="0.9", force=True)
    told = json.loads(upgrade_reply(QUERY, forced))
    assert told["upgrade_type"] == "force"
    assert told["firmware"]["appversion"] == "0.9"


def test_a_terminal_that_tells_nothing_of_itself() -> None:
    """Is answered all the same."""
    told = json.loads(upgrade_reply(UpgradeQuery(), FILE))
    assert told["upgrade_file"] == NAMED
    assert told["firmware"] == dict.fromkeys(HAS, "") | {"appversion": "0.10.3"}
