"""Sounds for terminals: any recording as the kind of WAV that they play."""

from io import BytesIO
from typing import Final, NamedTuple
import wave

import av
from av.audio.frame import AudioFrame

# What is read of a recording at most: a minute of the best there is has less.
MAX_INPUT: Final = 32 * 1024 * 1024
# The terminal gets a sound as one message. This long a one is half as large as the largest message that is documented, the
# picture of a person.
MAX_SECONDS: Final = 60
# The vendor document (2.11.2) wants WAV and says no more, so this is what every player of speech takes.
RATE: Final = 16_000
SAMPLE_BYTES: Final = 2
# Others, such as playlists, read further files and addresses.
_FORMATS: Final = "aac,aiff,amr,asf,au,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,wav,w64"


class Sound(NamedTuple):
    """A sound as terminals play it."""

    wav: bytes
    seconds: float


class TooLongError(ValueError):
    """A sound that is longer than MAX_SECONDS."""


def to_sound(data: bytes) -> Sound:
    """Return a recording, or what is to be heard in a film, as a WAV of 16 bits, one channel and 16 kHz.

    TooLongError; ValueError for what has no sound. Takes up to a second, so not for the event loop.
    """
    if len(data) > MAX_INPUT:
        raise TooLongError(f"{len(data)} bytes")
    try:
        samples = _samples(data)
    except av.FFmpegError as err:
        raise ValueError("no recording") from err
    if not samples:
        raise ValueError("silence of no length")
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(RATE)
        file.writeframes(samples)
    return Sound(written.getvalue(), len(samples) / SAMPLE_BYTES / RATE)


def _samples(data: bytes) -> bytes:
    """Return the samples of the first sound in a recording."""
    most = MAX_SECONDS * RATE * SAMPLE_BYTES
    samples = bytearray()
    with av.open(
        BytesIO(data), "r", options={"format_whitelist": _FORMATS}
    ) as recording:
        if not recording.streams.audio:
            raise ValueError("no sound in it")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)

        def take(frame: AudioFrame | None) -> None:
            for part in resampler.resample(frame):
                # Behind the samples there may be room for more.
                samples.extend(bytes(part.planes[0])[: part.samples * SAMPLE_BYTES])
            if len(samples) > most:
                raise TooLongError(f"more than {MAX_SECONDS} s")

        for frame in recording.decode(recording.streams.audio[0]):
            take(frame)
        take(None)
    return bytes(samples)
