"""Stream addresses."""

from hypothesis import given
import pytest

from custom_components.thermogate.guide import stream_url

from .strategies import TEXT, at_ease


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "rtsp://192.168.1.168:554/video1/stream0",
            "rtsp://u:p@cam:554/video1/stream0",
        ),
        ("rtsp://192.168.1.168/video2/stream1", "rtsp://u:p@cam/video2/stream1"),
        (
            "rtsp://10.0.0.1:554/cam/realmonitor?channel=1&subtype=0",
            "rtsp://u:p@cam:554/cam/realmonitor?channel=1&subtype=0",
        ),
        ("rtsp://other:secret@10.0.0.1/x", "rtsp://u:p@cam/x"),
        (None, None),
        ("", None),
        ("http://10.0.0.1/x", None),
        ("file:///etc/passwd", None),
        ("rtsp://10.0.0.1:99999/x", None),
        ("rtsp://[broken", None),
    ],
)
def test_the_host_is_ours_and_the_rest_the_cameras(
    url: str | None, expected: str | None
) -> None:
    """A camera behind NAT tells an address that is of no use."""
    assert stream_url(url, "cam", "u", "p") == expected


def test_credentials_are_quoted_and_optional() -> None:
    """A colon or an at sign in a password must not end it."""
    assert (
        stream_url("rtsp://x/y", "cam", "a:b", "p@/w ö")
        == "rtsp://a%3Ab:p%40%2Fw%20%C3%B6@cam/y"
    )
    assert stream_url("rtsp://x/y", "cam", "", "") == "rtsp://cam/y"


@pytest.mark.parametrize("host", ["fe80::1", "[fe80::1]"])
def test_an_ipv6_host_stands_in_brackets(host: str) -> None:
    """Once."""
    assert stream_url("rtsp://x:554/y", host, "u", "p") == "rtsp://u:p@[fe80::1]:554/y"


@at_ease
@given(TEXT)
def test_no_address_breaks_it(url: str) -> None:
    """Nor leads anywhere else."""
    result = stream_url(url, "cam", "u", "p")
    assert result is None or result.startswith(("rtsp://u:p@cam", "rtsps://u:p@cam"))
