"""The command tables, against the vendor document."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    COMMANDS,
    Command,
    FaceGateValidationError,
    Field,
    FieldType,
)
from custom_components.thermogate.facegate.fields import encode_value
from tests.facegate.samples import JPEG, PNG, base64

# Every command word of the document's chapter 2, by hand.
DOCUMENTED = {
    "request persons",
    "upload person",
    "delete person(s)",
    "request records",
    "delete record",
    "request app params",
    "update app params",
    "reset app params",
    "request stream params",
    "update stream params",
    "reset stream params",
    "request schedule params",
    "update schedule params",
    "add schedule kind",
    "snapshot",
    "gpio control",
    "wiegand control",
    "send serial data",
    "heart beat",
    "request customer auth code",
    "request date time",
    "update date time",
    "reboot",
    "restart application",
    "request lcd screensaver",
    "update lcd screensaver",
    "request lcd media",
    "update lcd media",
    "delete lcd media",
    "text display",
    "image display",
    "tts play",
    "play audio stream",
    "browse audio list",
    "play audio",
    "get hardware info",
    "set hardware info",
    "download file",
    "upload file",
    "updata aes",
    "request aes",
    "sip register",
    "sip qure register info",
    "sip unregister",
    "sip call",
    "sip hangup",
    "sip add roomid",
    "sip qure roomid",
    "sip del roomid",
    "set roomid splice",
    "get roomid splice",
    "request 4g infor",
    "traffic statistics",
    "camera volume",
}
SEEN_ON_DEVICES = {"gpio control Extend", "get network", "get version"}
WHEN = datetime(2026, 1, 31, 1, 2, 3)
AT = {"x": 0, "y": 500}

EXAMPLES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "request_persons",
        {
            "condition": {
                "wg_card_no": 8,
                "term_start_start": WHEN,
                "term_start_end": "any",
            }
        },
        {
            "cmd": "request persons",
            "role": -1,
            "page_no": 1,
            "page_size": 10,
            "normal_image_flag": 0,
            "image_flag": 0,
            "condition": {
                "wg_card_no": 8,
                "term_start_start": "2026/01/31 01:02:03",
                "term_start_end": "useless",
            },
        },
    ),
    (
        "upload_person",
        {
            "id": "7",
            "name": "Ada",
            "role": "allowed",
            "kind": 0,
            "reg_image": JPEG,
            "term": "forever",
        },
        {
            "cmd": "upload person",
            "id": "7",
            "name": "Ada",
            "role": 1,
            "kind": 0,
            "reg_image": base64(JPEG),
            "term": "forever",
        },
    ),
    ("delete_person", {"id": "7"}, {"cmd": "delete person(s)", "flag": -1, "id": "7"}),
    ("delete_persons", {"role": "all"}, {"cmd": "delete person(s)", "flag": 3}),
    (
        "delete_record",
        {"sequence": 5},
        {"cmd": "delete record", "sequence": 5, "sequnce": 5},
    ),
    ("delete_records", {}, {"cmd": "delete record", "sequence": 0, "sequnce": 0}),
    (
        "update_app_params",
        {
            "gate_control": {"gate_mode": "face", "match_mode": "online"},
            "face": {"mask": {"enable": True}},
        },
        {
            "cmd": "update app params",
            "gate_control": {"gate_mode": 1, "match_mode": 2},
            "face": {"mask": {"enable": True}},
        },
    ),
    (
        "update_stream_params",
        {"image": {"max_exposure": 4000}, "video": {"bitrate": 2048}},
        {
            "cmd": "update stream params",
            "image": {"max_exposure": 4000},
            "video": {"bitrate": 2048},
        },
    ),
    (
        "gpio_control",
        {"port": 1},
        {"cmd": "gpio control", "port": 1, "ctrl_type": "on", "ctrl_mode": "force"},
    ),
    (
        "gpio_control_extend",
        {"port": 2, "mode": "test"},
        {
            "cmd": "gpio control Extend",
            "port": 2,
            "ctrl_type": "on",
            "ctrl_mode": "test",
        },
    ),
    (
        "wiegand_control",
        {"long_card": 2**63 - 1},
        {
            "cmd": "wiegand control",
            "wiegand_card_no": 0,
            "long_card_id": 2**63 - 1,
            "ctrl_mode": "force",
        },
    ),
    (
        "send_serial_data",
        {"port": 1, "content": [121, 1, 255]},
        {"cmd": "send serial data", "device_no": 1, "content": [121, 1, 255]},
    ),
    (
        "heart_beat",
        {},
        {
            "cmd": "heart beat",
            "ip": "",
            "device_sn": "",
            "device_no": "",
            "addr_no": "",
            "addr_name": "",
        },
    ),
    (
        "update_time",
        {"date_time": WHEN},
        {"cmd": "update date time", "date_time": "2026/01/31 01:02:03"},
    ),
    (
        "update_time",
        {"date_time": WHEN, "timezone": "UTC+5:30"},
        {
            "cmd": "update date time",
            "date_time": "2026/01/31 01:02:03",
            "timezone": "UTC+5:30",
        },
    ),
    (
        "update_screensaver",
        {"mode": "display_off"},
        {"cmd": "update lcd screensaver", "screensaver_mode": "extinguish"},
    ),
    (
        "delete_media",
        {"media": [{"sequence": 1, "media_name": "a.png"}]},
        {
            "cmd": "delete lcd media",
            "screensaver_media_list": [{"sequence": 1, "media_name": "a.png"}],
        },
    ),
    (
        "image_display",
        {"position": AT, "format": "png", "image_data": PNG, "alive_time": 0},
        {
            "cmd": "image display",
            "position": AT,
            "alive_time": 0,
            "format": "png",
            "image_data": base64(PNG),
        },
    ),
    (
        "play_audio_stream",
        {"audio": {"data": b"RIFF"}},
        {
            "cmd": "play audio stream",
            "audio": {"format": "wav", "data": base64(b"RIFF")},
        },
    ),
    ("get_volume", {}, {"cmd": "camera volume", "method": "GET"}),
    (
        "set_volume",
        {"volume": 50},
        {"cmd": "camera volume", "method": "SET", "volume": 50},
    ),
    (
        "set_hardware",
        {"four_g": {"module": "yes"}},
        {"cmd": "set hardware info", "FourG": {"moduler_4g": "YES"}},
    ),
    (
        "update_encryption",
        {"current_key": b"12345", "enable": True},
        {"cmd": "updata aes", "ori_key": base64(b"12345"), "enable": True},
    ),
    (
        "sip_add_rooms",
        {"rooms": [{"room_id": "0001", "sip_num": "sip:192.168.1.180"}]},
        {
            "cmd": "sip add roomid",
            "room id group": [{"room id": "0001", "sip num": "sip:192.168.1.180"}],
        },
    ),
    ("sip_delete_all_rooms", {}, {"cmd": "sip del roomid"}),
]

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("request_persons", {"page_size": 21}),
    ("request_persons", {"page_no": 0}),
    ("request_persons", {"condition": {"term_start": "never"}}),
    ("request_persons", {"condition": {"wg_card_no": 1, "long_card_no": 1}}),
    ("request_records", {"page_size": 21}),
    ("request_records", {"time_start": 1}),
    ("upload_person", {}),
    ("upload_person", {"id": "x" * 20}),
    ("upload_person", {"id": "1", "name": "x" * 64}),
    ("upload_person", {"id": "1", "kind": 16}),
    ("upload_person", {"id": "1", "role": "all"}),
    ("upload_person", {"id": "1", "customer_text": "x" * 68}),
    ("upload_person", {"id": "1", "long_card_id": 2**63}),
    ("upload_person", {"id": "1", "wg_card_id": 1, "long_card_id": 1}),
    ("upload_person", {"id": "1", "reg_image": JPEG.ljust(4 * 1024 * 1024)}),
    ("delete_person", {}),
    ("delete_person", {"id": ""}),
    ("delete_persons", {}),
    ("delete_record", {}),
    ("delete_record", {"sequence": 0}),
    ("update_app_params", {"gate_control": {"gpio_retention_time": 499}}),
    ("update_app_params", {"gate_control": {"gpio_retention_time": 5001}}),
    ("update_app_params", {"face": {"match_score": 69}}),
    ("update_app_params", {"face": {"derep_timeout": 61}}),
    ("update_app_params", {"nonsense": {}}),
    ("update_stream_params", {"image": {"max_exposure": 299}}),
    ("update_stream_params", {"image": {"saturation": 0}}),
    ("update_stream_params", {"video": {"bitrate": 4097}}),
    ("gpio_control", {}),
    ("gpio_control", {"port": 0}),
    ("gpio_control", {"port": 3}),
    ("gpio_control", {"port": 1, "mode": "off"}),
    ("send_serial_data", {"port": 3, "content": [1]}),
    ("send_serial_data", {"port": 1, "content": [256]}),
    ("update_time", {"date_time": WHEN, "timezone": "Europe/Berlin"}),
    ("update_media", {"media": [{"sequence": 1, "media_name": "a"}] * 11}),
    ("set_volume", {"volume": -1}),
    ("set_volume", {"volume": 101}),
    ("set_volume", {}),
    ("download_file", {"path": "/a", "size": 10241}),
    (
        "upload_file",
        {
            "path": "/a",
            "total_size": 1,
            "offset": 0,
            "size": 204801,
            "data": b"",
            "md5sum": "0" * 32,
        },
    ),
    ("update_encryption", {"current_key": b"x" * 17}),
    ("sip_call", {"url": "tel:1"}),
    ("sip_delete_rooms", {}),
    ("sip_rooms", {"page_size": 501}),
    ("set_room_format", {"sip_type": "wall", "max_room_num": 6}),
    ("set_room_format", {"sip_type": "wall", "max_unit_num": 4}),
    ("traffic_statistics", {"day": "first"}),
    ("reboot", {"now": True}),
]


def rows(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield every field, those inside others too."""
    for field in fields:
        yield field
        yield from rows(field.fields)
        if field.item:
            yield from rows((field.item,))


ALL_ROWS = [
    pytest.param(field, id=f"{command.key}-{index}-{field.key}")
    for command in COMMANDS.values()
    for index, field in enumerate(rows(command.request))
]


def test_all_commands_are_there() -> None:
    """The document's and a few more, each entry under its own key."""
    assert {
        command.wire for command in COMMANDS.values()
    } == DOCUMENTED | SEEN_ON_DEVICES
    assert all(
        key == command.key and key.isidentifier() for key, command in COMMANDS.items()
    )


@pytest.mark.parametrize(("key", "values", "message"), EXAMPLES)
def test_example(key: str, values: dict[str, Any], message: dict[str, Any]) -> None:
    """A command goes out as the document shows it."""
    assert COMMANDS[key].encode(values) == message


@pytest.mark.parametrize(("key", "values"), REFUSED)
def test_refused(key: str, values: dict[str, Any]) -> None:
    """The document's limits hold."""
    with pytest.raises(FaceGateValidationError):
        COMMANDS[key].encode(values)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.key)
def test_table_is_sound(command: Command) -> None:
    """Keys differ, can be Python arguments, and what matches an answer is asked and answered."""
    for fields in (command.request, command.reply):
        keys = [field.key for field in fields]
        assert len(set(keys)) == len(keys)
        assert all(field.key.isidentifier() for field in rows(fields))
    assert "timeout" not in {field.key for field in command.request}
    assert set(command.matched_by) <= {field.key for field in command.request} & {
        field.key for field in command.reply
    }
    partners = {field.partner or field.key for field in command.request}
    assert partners <= {field.key for field in command.request}


@pytest.mark.parametrize("field", ALL_ROWS)
def test_limits_on_both_sides(field: Field) -> None:
    """The last value inside is taken, the first outside is not."""
    if field.choices:
        for word, wire in field.choices.items():
            assert encode_value(field, word) == encode_value(field, wire) == wire
        outside: list[Any] = ["no such choice"]
    else:
        for bound in (field.minimum, field.maximum):
            if bound is not None:
                assert encode_value(field, bound) == bound
        outside = [] if field.minimum is None else [field.minimum - 1]
        outside += [] if field.maximum is None else [field.maximum + 1]
        if field.type is FieldType.TEXT and not field.pattern and field.max_bytes:
            assert encode_value(field, "x" * field.max_bytes)
            outside.append("x" * (field.max_bytes + 1))
    for value in outside:
        with pytest.raises(FaceGateValidationError):
            encode_value(field, value)


def test_persons_are_read() -> None:
    """As the document shows them and as devices send them."""
    answer = COMMANDS["request_persons"].parse(
        {
            "total": "2000",
            "page_no": 1,
            "count": 1,
            "persons": [
                {
                    "id": 1,
                    "name": "Ada",
                    "role": 1,
                    "reg_images": [{"format": "jpg", "image_data": base64(PNG)}],
                    "long_card_id": 18446744073709551615,
                    "term_start": "useless",
                    "term": "2027/12/18 16:45:30",
                }
            ],
        }
    )
    assert answer["total"] == 2000
    [person] = answer["persons"]
    assert (person["id"], person["role"], person["long_card_id"]) == (
        "1",
        "allowed",
        18446744073709551615,
    )
    assert (person["term_start"], person["term"]) == (
        "any",
        datetime(2027, 12, 18, 16, 45, 30),
    )
    assert person["reg_images"][0]["image_data"].content_type == "image/png"
    assert COMMANDS["request_persons"].parse({"persons": None})["persons"] == []


def test_records_are_read() -> None:
    """The names of a record are other ones than those of a capture; ours are the same."""
    [record] = COMMANDS["request_records"].parse(
        {
            "records": [
                {
                    "body_temp": 36.3,
                    "customer_id": "f0e1",
                    "match_failed_reson": -11,
                    "score": -1,
                    "sequence": 34903,
                    "time": "2020/07/01 17:14:18.116",
                    "upload_state": 0,
                    "face_image": base64(JPEG),
                }
            ]
        }
    )["records"]
    assert (
        record["customer_text"],
        record["match_failed_reason"],
        record["uploaded"],
    ) == ("f0e1", -11, False)
    assert record["face_image"].data == JPEG


def test_undocumented_answers_are_handed_on() -> None:
    """Where the document says nothing, what came is the answer, without passwords and without the envelope."""
    body = {
        "reply": "ACK",
        "cmd": "get network",
        "code": 0,
        "device_sn": "x",
        "ip": "192.168.1.88",
        "wifi": {"ssid": "a", "password": "hunter2"},
    }
    assert COMMANDS["get_network"].parse(body) == {
        "ip": "192.168.1.88",
        "wifi": {"ssid": "a"},
    }
    assert COMMANDS["get_version"].parse({"alg_version": "HV6", "other": 1}) == {
        "alg_version": "HV6",
        "platform": None,
        "master_buildtime": None,
        "other": 1,
    }
