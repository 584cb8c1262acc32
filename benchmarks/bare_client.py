"""The baseline: a client that parses each capture and acknowledges it, and does nothing else.

Usage: python -m benchmarks.bare_client PORT TOPIC_ID
"""

import sys

import orjson
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

port, topic_id = int(sys.argv[1]), sys.argv[2]
response = f"topic/face/capture/response/{topic_id}"


def acknowledge(client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
    """Answer a capture."""
    capture = orjson.loads(message.payload)
    answer = {
        "reply": "ACK",
        "cmd": "face",
        "code": 0,
        "sequence_no": capture["sequence_no"],
        "cap_time": capture["cap_time"],
    }
    client.publish(response, orjson.dumps(answer))


client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
client.on_connect = lambda client, *_: client.subscribe(
    f"topic/face/capture/request/{topic_id}"
)
client.on_subscribe = lambda *_: print('{"ready": true}', flush=True)
client.on_message = acknowledge
client.connect("127.0.0.1", port)
client.loop_forever()
