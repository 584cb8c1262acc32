"""The baseline: a client that registers people one after the other, and does nothing else.

Usage: python -m benchmarks.bare_enrolment PORT TOPIC_ID FOLDER

It sends what Home Assistant sends: each person's picture is FOLDER/<id>.jpg. Prints the seconds that each person took as JSON.
"""

import base64
import json
from pathlib import Path
import queue
import sys
import time
from typing import Any

import orjson
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

ANSWER_SECONDS = 30.0

port, topic_id, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
request = f"topic/face/manage/request/{topic_id}"
response = f"topic/face/manage/response/{topic_id}"
answers: queue.Queue[dict[str, Any]] = queue.Queue()
subscribed: queue.Queue[None] = queue.Queue()


def register(person_id: str, picture: bytes) -> float:
    """Register a person and return how many seconds that took."""
    started = time.perf_counter()
    message = {
        "cmd": "upload person",
        "id": person_id,
        "name": f"Person {person_id}",
        "role": 1,
        "kind": 0,
        "term_start": "useless",
        "term": "forever",
        "reg_image": base64.b64encode(picture).decode(),
        "command_id": person_id,
    }
    client.publish(request, orjson.dumps(message))
    while (answer := answers.get(timeout=ANSWER_SECONDS)).get(
        "command_id"
    ) != person_id:
        pass
    assert answer["code"] == 0, answer
    return time.perf_counter() - started


client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
client.on_connect = lambda client, *_: client.subscribe(response)
client.on_subscribe = lambda *_: subscribed.put(None)
client.on_message = lambda _client, _data, message: answers.put(
    orjson.loads(message.payload)
)
client.connect("127.0.0.1", port)
client.loop_start()
subscribed.get(timeout=ANSWER_SECONDS)
print(
    json.dumps(
        [
            register(picture.stem, picture.read_bytes())
            for picture in sorted(folder.glob("*.jpg"))
        ]
    )
)
client.disconnect()
client.loop_stop()
