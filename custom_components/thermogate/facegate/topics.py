"""The four topics of one terminal (vendor document 1.1)."""

from dataclasses import dataclass
import unicodedata

_CAPTURE = "topic/face/capture"
_MANAGE = "topic/face/manage"
_CAPTURE_REQUEST = f"{_CAPTURE}/request/"

MAX_TOPIC_ID = 64
MAX_TOPIC_PREFIX = 128


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of the terminal whose last topic level is `device_id`.

    That level is whatever was typed into the terminal (seen on devices: its MQTT client id or its serial number), not the
    `device_no` of its messages. Some firmware can put a `prefix` in front.
    """

    device_id: str
    prefix: str = ""

    @property
    def capture_request(self) -> str:
        """Where the terminal publishes what it saw."""
        return self._topic(f"{_CAPTURE}/request")

    @property
    def capture_response(self) -> str:
        """Where the terminal waits for the acknowledgement."""
        return self._topic(f"{_CAPTURE}/response")

    @property
    def manage_request(self) -> str:
        """Where the terminal listens for commands."""
        return self._topic(f"{_MANAGE}/request")

    @property
    def manage_response(self) -> str:
        """Where the terminal answers commands."""
        return self._topic(f"{_MANAGE}/response")

    def _topic(self, channel: str) -> str:
        head = f"{self.prefix.rstrip('/')}/" if self.prefix else ""
        return f"{head}{channel}/{self.device_id}"


def topics_of(topic: str) -> Topics | None:
    """Return the topics of the terminal that publishes captures on `topic`, None if that is no capture topic."""
    head, found, device_id = topic.rpartition(_CAPTURE_REQUEST)
    if not found or not valid_topic_id(device_id):
        return None
    # A leading slash is a prefix of its own; every other prefix ends before the slash that joins it.
    topics = Topics(device_id, head if head == "/" else head.removesuffix("/"))
    return topics if topics.capture_request == topic else None


def valid_topic_id(text: object) -> bool:
    """Tell whether `text` can be the last topic level of a terminal: 1 to 64 characters, no wildcard, one level."""
    return (
        isinstance(text, str)
        and 1 <= len(text) <= MAX_TOPIC_ID
        and "/" not in text
        and _publishable(text)
    )


def valid_topic_prefix(text: object) -> bool:
    """Tell whether `text` can stand in front of the topics: empty, or levels without wildcards, 128 characters at most."""
    return (
        isinstance(text, str) and len(text) <= MAX_TOPIC_PREFIX and _publishable(text)
    )


def _publishable(text: str) -> bool:
    return not any(
        char in "+#" or unicodedata.category(char) in {"Cc", "Cs"} for char in text
    )
