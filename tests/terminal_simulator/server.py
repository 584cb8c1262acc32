"""The bare server that the tests of the simulated terminal speak as."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from io import BytesIO
import json
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image

from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.faces import portrait

ROOT = Path(__file__).parents[2]
TOPIC_ID = "door-1"
SERIAL = "01A7C3-5D20E4-9B31EE"
CAPTURES = f"topic/face/capture/request/{TOPIC_ID}"
ACKNOWLEDGEMENTS = f"topic/face/capture/response/{TOPIC_ID}"
COMMANDS = f"topic/face/manage/request/{TOPIC_ID}"
ANSWERS = f"topic/face/manage/response/{TOPIC_ID}"

# A picture that a terminal takes, and the shortest right queries.
PICTURE = base64.b64encode(
    portrait("New Face", label="New Face", kilobytes=20)
).decode()
PERSONS = {
    "cmd": "request persons",
    "role": -1,
    "page_no": 1,
    "page_size": 20,
    "image_flag": 0,
}
RECORDS = {
    "cmd": "request records",
    "page_no": 1,
    "page_size": 20,
    "face_image_flag": 0,
    "reg_image_flag": 0,
}

type Message = dict[str, Any]


class Server:
    """A bare client that hears everything and says what a test wants."""

    def __init__(self, port: int) -> None:
        """Connect to a broker on this machine."""
        self.heard: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._client.on_connect = lambda client, *_: client.subscribe("#")
        self._client.on_subscribe = lambda *_: loop.call_soon_threadsafe(
            self._ready.set
        )
        self._client.on_message = lambda _client, _data, message: (
            loop.call_soon_threadsafe(self._hear, message)
        )
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    async def ready(self) -> None:
        """Wait until everything will be heard."""
        await asyncio.wait_for(self._ready.wait(), 5)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, message.payload))
        self._news.set()

    def say(self, topic: str, message: Message | bytes) -> None:
        """Publish."""
        self._client.publish(
            topic, message if isinstance(message, bytes) else json.dumps(message)
        )

    def messages(self, topic: str) -> list[Message]:
        """Return what was heard on a topic."""
        return [
            json.loads(payload)
            for heard_topic, payload in self.heard
            if heard_topic == topic
        ]

    async def hear(self, topic: str, count: int = 1, timeout: float = 5) -> Message:
        """Wait until so many messages were heard on a topic; return the last."""
        async with asyncio.timeout(timeout):
            while len(self.messages(topic)) < count:
                self._news.clear()
                await self._news.wait()
        return self.messages(topic)[count - 1]

    async def ask(self, message: Message) -> Message:
        """Send a command and return its answer."""
        expected = len(self.messages(ANSWERS)) + 1
        self.say(COMMANDS, message)
        return await self.hear(ANSWERS, expected)

    def acknowledge(self, capture: Message, **changes: Any) -> None:
        """Acknowledge a capture, with changes."""
        echo = {name: capture[name] for name in ("sequence_no", "cap_time")}
        self.say(
            ACKNOWLEDGEMENTS,
            {"reply": "ACK", "cmd": "face", "code": 0, **echo, **changes},
        )


type Start = Callable[..., Awaitable[TerminalSimulator]]


def picture_of(message: Message, part: str) -> Image.Image:
    """Decode one picture of a capture."""
    return Image.open(BytesIO(base64.b64decode(message[part]["data"], validate=True)))
