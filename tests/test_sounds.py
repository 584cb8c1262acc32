"""Any recording becomes the kind of WAV that terminals play."""

from io import BytesIO
from pathlib import Path
import wave

import numpy as np
import pytest

from custom_components.thermogate.sounds import (
    MAX_INPUT,
    MAX_SECONDS,
    Sound,
    TooLongError,
    to_sound,
)
from tests.recordings import PITCH, encoded, tone


def heard(sound: Sound) -> np.ndarray:
    """Return the samples of a sound, which is of the kind that terminals play."""
    with wave.open(BytesIO(sound.wav)) as file:
        assert file.getnchannels() == 1
        assert file.getsampwidth() == 2
        assert file.getframerate() == 16_000
        frames = file.readframes(file.getnframes())
    assert len(frames) / 2 / 16_000 == sound.seconds
    return np.frombuffer(frames, "<i2")


def pitch(samples: np.ndarray) -> float:
    """Return the loudest frequency."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.fft.rfftfreq(len(samples), 1 / 16_000)[spectrum.argmax()])


@pytest.mark.parametrize(
    "recording",
    [
        pytest.param(tone(), id="as it is"),
        pytest.param(tone(rate=8_000), id="8 kHz"),
        pytest.param(tone(rate=44_100, channels=2), id="CD"),
        pytest.param(encoded("mp3", "libmp3lame"), id="MP3"),
        pytest.param(encoded("ogg", "libopus"), id="Opus"),
        pytest.param(encoded("flac", "flac"), id="FLAC"),
        pytest.param(encoded("adts", "aac"), id="AAC"),
        pytest.param(encoded("matroska", "aac"), id="Matroska"),
    ],
)
def test_whatever_it_was(recording: bytes) -> None:
    """It sounds the same."""
    sound = to_sound(recording)
    assert sound.seconds == pytest.approx(0.5, abs=0.1)
    assert pitch(heard(sound)) == pytest.approx(PITCH, abs=5)


def test_a_stream_of_unknown_length() -> None:
    """Programs that write a WAV into a pipe cannot say how long it is."""
    recording = bytearray(tone())
    recording[4:8] = recording[40:44] = b"\xff\xff\xff\xff"
    assert to_sound(bytes(recording)).seconds == pytest.approx(0.5)


def test_the_longest_sound() -> None:
    """A minute is taken."""
    assert to_sound(tone(MAX_SECONDS, rate=8_000)).seconds == MAX_SECONDS


def test_what_is_longer() -> None:
    """A terminal does not get."""
    with pytest.raises(TooLongError):
        to_sound(tone(MAX_SECONDS + 0.1, rate=8_000))


def test_what_is_larger() -> None:
    """Is not even looked at."""
    with pytest.raises(TooLongError):
        to_sound(bytes(MAX_INPUT + 1))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no recording " * 100, id="text"),
        pytest.param(tone(0), id="no length"),
        pytest.param(bytes(4096), id="zeros"),
        pytest.param(tone()[:20], id="cut off"),
    ],
)
def test_what_is_no_recording(data: bytes) -> None:
    """Is told."""
    with pytest.raises(ValueError) as raised:
        to_sound(data)
    assert not isinstance(raised.value, TooLongError)


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile {path}\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nfile://{path}\n#EXT-X-ENDLIST\n",
    ],
)
def test_a_list_of_other_files(tmp_path: Path, playlist: str) -> None:
    """Is no recording, so that nobody reads a file through it."""
    secret = tmp_path / "secret.wav"
    secret.write_bytes(tone())
    with pytest.raises(ValueError):
        to_sound(playlist.format(path=secret).encode())
