"""The topics of a terminal."""

import pytest

from custom_components.thermogate.facegate import (
    Topics,
    topics_of,
    valid_topic_id,
    valid_topic_prefix,
)


def test_four_topics() -> None:
    """A terminal talks on four topics that end in its id."""
    topics = Topics("0123F6-DEFAB2-4D65EE")
    assert topics.capture_request == "topic/face/capture/request/0123F6-DEFAB2-4D65EE"
    assert topics.capture_response == "topic/face/capture/response/0123F6-DEFAB2-4D65EE"
    assert topics.manage_request == "topic/face/manage/request/0123F6-DEFAB2-4D65EE"
    assert topics.manage_response == "topic/face/manage/response/0123F6-DEFAB2-4D65EE"


@pytest.mark.parametrize(
    ("prefix", "topic"),
    [
        ("", "topic/face/capture/request/a"),
        ("site", "site/topic/face/capture/request/a"),
        ("site/", "site/topic/face/capture/request/a"),
        ("site/east", "site/east/topic/face/capture/request/a"),
        ("/", "/topic/face/capture/request/a"),
        ("/site", "/site/topic/face/capture/request/a"),
    ],
)
def test_prefix_is_joined_by_one_slash(prefix: str, topic: str) -> None:
    """However the prefix was typed."""
    assert Topics("a", prefix).capture_request == topic


@pytest.mark.parametrize(
    "prefix", ["", "site", "site/east", "/", "/site", "topic/face/capture/request/x"]
)
def test_capture_topic_is_recognised(prefix: str) -> None:
    """The topics found are those of the terminal that published, with the same prefix."""
    published = Topics("gate 1", prefix)
    found = topics_of(published.capture_request)
    assert found is not None
    assert found.capture_response == published.capture_response
    assert found.device_id == "gate 1"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "topic/face/capture/request/",
        "topic/face/capture/request/a/b",
        "topic/face/capture/response/a",
        "topic/face/manage/request/a",
        "topic/face/manage/response/a",
        "mytopic/face/capture/request/a",
        "site//topic/face/capture/request/a",
        "topic/face/capture/request/a\x00",
        "topic/face/capture/request/+",
    ],
)
def test_other_topics_are_not(topic: str) -> None:
    """Our own answers least of all."""
    assert topics_of(topic) is None


@pytest.mark.parametrize(
    "text", ["a", "0123F6-DEFAB2-4D65EE", "gate 1", "门", "x" * 64]
)
def test_valid_ids(text: str) -> None:
    """An id is what somebody typed."""
    assert valid_topic_id(text)


@pytest.mark.parametrize(
    "text", ["", "x" * 65, "a/b", "a+", "#", "a\nb", "a\x7f", "\ud800", None, 7]
)
def test_invalid_ids(text: object) -> None:
    """An id is one topic level that can be published to."""
    assert not valid_topic_id(text)


def test_prefixes() -> None:
    """A prefix is any number of levels without wildcards."""
    assert valid_topic_prefix("")
    assert valid_topic_prefix("site/east/")
    assert not valid_topic_prefix("site/#")
    assert not valid_topic_prefix("x" * 129)
    assert not valid_topic_prefix(None)
