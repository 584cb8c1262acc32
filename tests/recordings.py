"""Recordings to play: a tone, in whatever format."""

from io import BytesIO
import wave

import av
import numpy as np

PITCH = 440


def samples(seconds: float, rate: int) -> np.ndarray:
    """Return a tone as 16 bit samples."""
    time = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * PITCH * time) * 12_000).astype("<i2")


def tone(seconds: float = 0.5, *, rate: int = 16_000, channels: int = 1) -> bytes:
    """Return a tone as a WAV."""
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples(seconds, rate), channels).tobytes())
    return written.getvalue()


def encoded(container: str, codec: str, seconds: float = 0.5) -> bytes:
    """Return a tone of 48 kHz on two channels in a container such as "mp3" with a codec such as "libmp3lame"."""
    rate = 48_000
    written = BytesIO()
    with av.open(written, "w", format=container) as recording:
        stream = recording.add_stream(codec, rate=rate, layout="stereo")
        mono = samples(seconds, rate)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(mono, 2).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="stereo",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        for source in (frame, None):
            for part in resampler.resample(source):
                recording.mux(stream.encode(part))
        recording.mux(stream.encode(None))
    return written.getvalue()
