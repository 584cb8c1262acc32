"""The temperature matrix of command 530: asked for in spite of the shutter, and read in every form devices send it."""

import asyncio
import base64
from typing import Any
from unittest.mock import patch

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.thermogate.guide import (
    GeneralInfo,
    GuideError,
    GuideRetryLaterError,
    GuideValidationError,
)
from custom_components.thermogate.guide.matrix import (
    KNOWN_SIZES,
    MAX_BYTES,
    GuideMatrixError,
    decode_matrix,
    request_matrix,
)
from custom_components.thermogate.guide.wire import MAX_MESSAGE_SIZE, Message

from .conftest import Watched
from .fake import FakeCamera
from .matrices import TAKEN_AT, answer, matrix, temps
from .strategies import JSON, at_ease

AT_ONCE = (0.0, 0.0, 0.0)


def decode(message: Message, **options: Any) -> Any:
    """Decode an answer."""
    return decode_matrix(message, taken_at=TAKEN_AT, **options)


# --- what is in it ---


@pytest.mark.parametrize("wide", [False, True])
def test_temperatures_are_hundredths_in_rows_from_the_top(wide: bool) -> None:
    """Little-endian and signed, two bytes or four."""
    decoded = matrix([[4729, -1250, 0], [4786, 1, -1]], wide=wide)
    assert decoded.size == (3, 2)
    assert decoded.taken_at == TAKEN_AT
    assert decoded.hundredths.dtype.itemsize == (4 if wide else 2)
    assert decoded.hundredths.tolist() == [[4729, -1250, 0], [4786, 1, -1]]
    celsius = decoded.celsius()
    assert celsius.dtype == np.float32
    assert celsius.tolist() == [
        pytest.approx([47.29, -12.5, 0]),
        pytest.approx([47.86, 0.01, -0.01]),
    ]


def test_four_bytes_hold_what_two_cannot() -> None:
    """A furnace is hotter than 327.67 °C."""
    assert matrix([[54999, 100]], wide=True).celsius()[0, 0] == pytest.approx(549.99)


def test_the_first_byte_is_the_low_one() -> None:
    """12 79 is 47.29 °C on a real device."""
    raw = base64.b64encode(b"\x79\x12").decode()
    decoded = decode({"temps": raw, "width": 1, "height": 1})
    assert decoded.hundredths.tolist() == [[4729]]


def test_nobody_can_change_a_matrix() -> None:
    """Statistics and pictures are made of it side by side."""
    with pytest.raises(ValueError, match="read-only"):
        matrix([[1]]).hundredths[0, 0] = 2


# --- garbage ---


def test_what_no_camera_measures_is_garbage() -> None:
    """From -40 to 2000 °C is sound, both included."""
    decoded = matrix([[-4000, -4001, 200_000], [200_001, 2500, -99_999]], wide=True)
    assert decoded.garbage == 3
    assert decoded.sound is not None
    assert decoded.sound.tolist() == [[True, False, True], [False, True, False]]
    assert np.isnan(decoded.celsius()).tolist() == [
        [False, True, False],
        [True, False, True],
    ]


def test_without_garbage_nothing_is_kept_about_it() -> None:
    """The usual case."""
    decoded = matrix([[-4000, 2500]])
    assert (decoded.sound, decoded.garbage) == (None, 0)


def test_a_narrower_range_makes_more_garbage() -> None:
    """The range that the camera is switched to, say."""
    decoded = matrix([[15_000, 15_001, -2000, -2001]], limits=(-20, 150))
    assert decoded.garbage == 2


@pytest.mark.parametrize("limits", [(20, 20), (30, 20), (-41, 20), (20, 2001)])
def test_limits_that_make_no_sense_are_refused(limits: tuple[float, float]) -> None:
    """With field, value and range."""
    with pytest.raises(GuideValidationError) as caught:
        matrix([[1]], limits=limits)
    assert (caught.value.field, caught.value.value) == ("limits", limits)
    assert "-40 to 2000" in caught.value.allowed


# --- its size ---


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("size", KNOWN_SIZES)
def test_a_known_size_is_seen_in_the_number_of_bytes(
    size: tuple[int, int], wide: bool
) -> None:
    """Width and height are optional, and so is command 500."""
    count = size[0] * size[1]
    decoded = decode({"temps": temps([2500] * count, wide=wide)})
    assert decoded.size == size
    assert decoded.hundredths.dtype.itemsize == (4 if wide else 2)


def test_the_answer_says_its_size_first() -> None:
    """Whatever the camera said about itself, in text or numbers."""
    info = GeneralInfo(output_size=(4, 1), model_size=(1, 4))
    message = {"temps": temps([1, 2, 3, 4]), "width": "2", "height": 2.0}
    assert decode(message, info=info).size == (2, 2)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"width": 0, "height": 0},
        {"width": None, "height": 2},
        {"width": "wide", "height": "high"},
        {"width": -2, "height": -3},
        {"width": 5, "height": 5},
        {"width": 10**30, "height": 1},
    ],
)
def test_a_size_that_is_missing_or_cannot_be_is_looked_up(told: Message) -> None:
    """The camera told its sizes before."""
    info = GeneralInfo(output_size=(6, 4), model_size=(3, 2))
    message = {"temps": temps([1] * 6)} | told
    assert decode(message, info=info).size == (3, 2)
    message = {"temps": temps([1] * 24)} | told
    assert decode(message, info=info).size == (6, 4)


def test_bytes_that_fit_no_size_are_an_error() -> None:
    """Which says how many there were."""
    with pytest.raises(GuideMatrixError, match="14 bytes"):
        decode({"temps": temps([1] * 7)}, info=GeneralInfo())


# --- base64 ---


def test_line_breaks_and_missing_padding_are_forgiven() -> None:
    """As some encoders write it."""
    text = temps([4729, -1250]).rstrip("=")
    size = {"width": 2, "height": 1}
    decoded = decode({"temps": f"{text[:3]}\r\n {text[3:]}\n"} | size)
    assert decoded.hundredths.tolist() == [[4729, -1250]]


@pytest.mark.parametrize("text", [None, "", 7, ["AAAA"], {}])
def test_an_answer_without_temperatures_is_an_error(text: object) -> None:
    """Of a kind that can be told from a lost connection."""
    with pytest.raises(GuideMatrixError, match="no temperatures"):
        decode({"temps": text})
    with pytest.raises(GuideMatrixError, match="no temperatures"):
        decode({})


@pytest.mark.parametrize("text", ["base64", "AAA*", "ÄÄÄÄ", "A", "AA=A", "=" * 8, " "])
def test_what_is_not_base64_is_an_error(text: str) -> None:
    """The document's own placeholder decodes to nothing that fits."""
    with pytest.raises(GuideMatrixError):
        decode({"temps": text})


def test_more_than_any_camera_has_is_refused_before_it_is_decoded() -> None:
    """Characters that are not base64 show that nobody looked at them."""
    with pytest.raises(GuideMatrixError, match="too large"):
        decode({"temps": "*" * (MAX_BYTES * 3 // 2 + 1)})
    assert MAX_BYTES * 3 // 2 < MAX_MESSAGE_SIZE


def test_the_largest_matrix_is_read() -> None:
    """1280x1024 pixels of four bytes."""
    message = answer(np.full((1024, 1280), 2500), wide=True)
    assert decode(message).size == (1280, 1024)


def test_no_picture_is_one_endless_line() -> None:
    """Nothing could be drawn of it."""
    with pytest.raises(GuideMatrixError):
        decode({"temps": temps([1] * 1281), "width": 1281, "height": 1})


@at_ease
@given(
    message=st.dictionaries(
        st.sampled_from(["temps", "width", "height", "type"]),
        JSON | st.binary(max_size=40).map(lambda raw: base64.b64encode(raw).decode()),
    )
)
def test_an_answer_is_a_matrix_or_a_typed_error(message: Message) -> None:
    """Whatever a camera sends."""
    try:
        decoded = decode(message, info=GeneralInfo(output_size=(3, 2)))
    except GuideError:
        return
    width, height = decoded.size
    assert decoded.hundredths.shape == (height, width)


# --- asking ---


@pytest.mark.parametrize(("module", "kind"), [(False, 0), (True, 1)])
async def test_output_or_module_pixels_are_asked_for(
    camera: FakeCamera, client: Watched, module: bool, kind: int
) -> None:
    """Vendor document 530.1, field `type`."""
    camera.replies[530] = answer([[1, 2]])
    await client.connect()
    message = await request_matrix(client.request, module=module)
    assert decode(message).hundredths.tolist() == [[1, 2]]
    assert [frame["message"] for _, frame in camera.requests if frame["cmdtype"] == 530] == [{"type": kind}]  # fmt: skip


async def test_shutter_and_change_of_range_are_waited_out(
    camera: FakeCamera, client: Watched
) -> None:
    """10021 and 10022 come without temperatures."""
    camera.replies[530] = answer([[1, 2]])
    camera.codes[530] = [10021, 10022, 10021, 0]
    await client.connect()
    message = await request_matrix(client.request, pauses=AT_ONCE)
    assert message == camera.replies[530]


async def test_a_shutter_that_stays_closed_is_an_error(
    camera: FakeCamera, client: Watched
) -> None:
    """After as many attempts as there are pauses, and one more."""
    camera.codes[530] = [10021]
    await client.connect()
    with pytest.raises(GuideRetryLaterError) as caught:
        await request_matrix(client.request, pauses=AT_ONCE)
    assert caught.value.code == 10021
    asked = [frame for _, frame in camera.requests if frame["cmdtype"] == 530]
    assert len(asked) == len(AT_ONCE) + 1


async def test_pauses_are_taken_between_attempts() -> None:
    """Not before the first, and not after an answer."""
    happened: list[object] = []
    codes = [10021, 10022]

    async def ask(cmdtype: int, message: Message) -> Message:
        happened.append(cmdtype)
        if codes:
            raise GuideRetryLaterError(cmdtype, codes.pop(0))
        return {"temps": ""}

    async def sleep(seconds: float) -> None:
        happened.append(seconds)

    with patch.object(asyncio, "sleep", sleep):
        await request_matrix(ask, pauses=(0.3, 0.5, 0.7))
    assert happened == [530, 0.3, 530, 0.5, 530]


async def test_other_refusals_are_not_repeated(
    camera: FakeCamera, client: Watched
) -> None:
    """A camera without the command never gets it."""
    camera.codes[530] = [19999]
    await client.connect()
    with pytest.raises(GuideError):
        await request_matrix(client.request, pauses=AT_ONCE)
    assert len([frame for _, frame in camera.requests if frame["cmdtype"] == 530]) == 1
