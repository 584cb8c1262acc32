"""A terminal that sends captures as fast as they are acknowledged, and how long each acknowledgement took."""

import base64
from dataclasses import dataclass
from io import BytesIO
import json
import statistics
import threading
import time

import numpy as np
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image

# After so long without an acknowledgement a run has failed.
STALL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run showed; times in milliseconds."""

    median: float
    p99: float
    per_second: float


def picture(kilobytes: int) -> bytes:
    """Return a JPEG of about the given size."""
    noise = np.random.default_rng(1)
    side = 64
    while True:
        pixels = noise.integers(0, 256, (side, side, 3), dtype=np.uint8)
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=85)
        if file.tell() >= kilobytes * 1024:
            return file.getvalue()
        side += 16


class Captures:
    """Makes captures that differ in nothing but their number, their time, and the last bytes of their picture.

    Equal pictures would be stored once.
    """

    def __init__(self, picture_kilobytes: int) -> None:
        """Draw the picture once."""
        drawn = picture(picture_kilobytes)
        # Whole groups of base64, so that the bytes behind the end of the JPEG can be changed as text.
        drawn += bytes(-len(drawn) % 3)
        message = {
            "addr_name": "benchmark",
            "cap_time": "@TIME@",
            "closeup_pic": {
                "data": base64.b64encode(drawn).decode() + "@PICTURE@",
                "face_height": 200,
                "face_width": 200,
                "face_x": 0,
                "face_y": 0,
                "format": "jpg",
            },
            "closeup_pic_flag": True,
            "cmd": "face",
            "device_no": "",
            "device_sn": "0B3C4D-000001-0000EE",
            "is_realtime": 1,
            "match": {
                "customer_text": "",
                "is_encryption": False,
                "origin": "software",
                "person_attr": "permanent_list",
                "person_id": "1001",
                "person_name": "Ada",
                "person_role": 1,
            },
            "match_failed_reson": 0,
            "match_result": 93,
            "overall_pic_flag": False,
            "person": {"has_mask": True, "sex": "", "temperatur": 36.5},
            "sequence_no": "@NUMBER@",
            "version": "0.42",
            "video_flag": False,
        }
        text = json.dumps(message, separators=(",", ":")).encode()
        head, rest = text.split(b'"@TIME@"')
        drawn_to, rest = rest.split(b"@PICTURE@")
        middle, tail = rest.split(b'"@NUMBER@"')
        self._parts = head, drawn_to, middle, tail
        self.number = 0

    def next(self) -> tuple[int, bytes]:
        """Return the next capture and its number."""
        self.number += 1
        head, drawn_to, middle, tail = self._parts
        taken = time.strftime("%Y/%m/%d %H:%M:%S").encode()
        message = b'%s"%s.%03d"%s%s%s%d%s' % (
            head,
            taken,
            self.number % 1000,
            drawn_to,
            base64.b64encode(b"%06d" % self.number),
            middle,
            self.number,
            tail,
        )
        return self.number, message


class Sender:
    """One terminal's connection to the broker."""

    def __init__(self, port: int, head: str, topic_id: str) -> None:
        """Connect; `head` is put in front of the topics as it is."""
        self._request = f"{head}topic/face/capture/request/{topic_id}"
        self._response = f"{head}topic/face/capture/response/{topic_id}"
        self._sent: dict[int, float] = {}
        self._took: list[float] = []
        self._left = 0
        self._captures: Captures | None = None
        self._done = threading.Event()
        ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_connect = lambda client, *_: client.subscribe(self._response)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.on_message = lambda _client, _data, message: self._acknowledged(
            message.payload
        )
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        if not ready.wait(10):
            raise ConnectionError("no connection to the broker")

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def heartbeat(self) -> None:
        """Say that the terminal is there."""
        message = {"cmd": "heart beat", "device_sn": "0B3C4D-000001-0000EE"}
        self._client.publish(self._request, json.dumps(message))

    def run(self, captures: Captures, count: int, in_flight: int) -> Figures:
        """Send a number of captures, so many at a time, and wait until all are acknowledged."""
        self._captures = captures
        self._took = []
        self._left = count
        self._done.clear()
        began = time.perf_counter()
        for _ in range(min(in_flight, count)):
            self._send()
        if not self._done.wait(STALL_SECONDS + count / 10):
            raise TimeoutError(f"{len(self._sent)} captures were never acknowledged")
        elapsed = time.perf_counter() - began
        took = sorted(self._took)
        return Figures(
            median=statistics.median(took) * 1000,
            p99=took[min(len(took) - 1, round(len(took) * 0.99))] * 1000,
            per_second=count / elapsed,
        )

    def _send(self) -> None:
        assert self._captures is not None
        self._left -= 1
        number, message = self._captures.next()
        self._sent[number] = time.perf_counter()
        self._client.publish(self._request, message)

    def _acknowledged(self, payload: bytes) -> None:
        now = time.perf_counter()
        number = json.loads(payload)["sequence_no"]
        if (sent := self._sent.pop(number, None)) is None:
            return
        self._took.append(now - sent)
        if self._left > 0:
            self._send()
        elif not self._sent:
            self._done.set()
