"""The colours of a thermogram, each palette a few colours from cold to hot."""

from enum import StrEnum
from functools import cache

import numpy as np

SHADES = 256


class Palette(StrEnum):
    """What cold and hot look like; independent of what the camera itself shows."""

    WHITE_HOT = "white_hot"
    BLACK_HOT = "black_hot"
    IRON = "iron"
    RAINBOW = "rainbow"
    LAVA = "lava"
    ARCTIC = "arctic"
    AMBER = "amber"
    GREEN = "green"
    VIRIDIS = "viridis"
    """Equally spaced for the eye, and safe for colour-blind people."""
    ICE_FIRE = "ice_fire"
    """Dark in the middle: shows what is colder and what is hotter than usual."""


_COLOURS = {
    Palette.WHITE_HOT: "000000 ffffff",
    Palette.BLACK_HOT: "ffffff 000000",
    Palette.IRON: "00000f 1c0a5e 5a1090 9c1a8c d13b5c ee6a2c fb9e1a ffd447 fffbd0",
    Palette.RAINBOW: "1b0a5c 1238c8 0c8ed6 0cb88a 4cc734 c9d420 f9b41a f0641a cc1a1a ffd9d9",
    Palette.LAVA: "050208 2e0a1e 6e0f16 b3230b e3540a f79320 fdd36a fffbe6",
    Palette.ARCTIC: "020a24 0a2f6e 1670b8 3fb5dc a6e6ee ffd98a f39a2e",
    Palette.AMBER: "080300 4a2400 9c5200 e08a14 f8c766 fff6dc",
    Palette.GREEN: "000805 003d22 0a7d3f 3fc063 a4eb9a f4fff0",
    Palette.VIRIDIS: "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725",
    Palette.ICE_FIRE: "bdf3ff 4aa3ea 2b4fc0 1f1f4e 121216 4e1a22 b22a2e f0713a ffe08a",
}


@cache
def lookup(palette: Palette) -> bytes:
    """Return 256 colours from cold to hot, three bytes each."""
    anchors = [bytes.fromhex(colour) for colour in _COLOURS[palette].split()]
    shades = np.linspace(0, len(anchors) - 1, SHADES)
    channels = [
        np.interp(shades, range(len(anchors)), channel)
        for channel in zip(*anchors, strict=True)
    ]
    return np.stack(channels, axis=1).round().astype(np.uint8).tobytes()
