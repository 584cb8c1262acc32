"""The 26 colour bands of command 1, as a few colours each, from cold to hot."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Names and numbers: vendor document 1.1, `color_bar`; the colours themselves are our own choice.
_BANDS: dict[int, str] = {
    1: "000000 ffffff",  # white hot
    2: "ffffff 000000",  # black hot
    3: "00000a 20006c 8b009b d02a63 f26a1b fdb50f fff6a0 ffffff",  # iron red
    4: "000014 0a3c8c 14b4b4 f0dc3c ffffff",  # fulgurite
    5: "000000 5a0000 d22800 ffb400 ffffff",  # hot iron
    6: "000046 0064ff 00dc78 f0f000 ff3200 ffffff",  # medical
    7: "00003c 00a0c8 50dc50 f0b428 dc1e1e",  # medical 0
    8: "280050 3250dc 50c8c8 f0f078 f05a28",  # medical 1
    9: "000000 3c288c b43c8c f0966e fff0d2",  # medical 2
    10: "00143c 1478dc a0e6ff ffd26e ffffff",  # arctic
    11: "141e3c 3c648c 78a0a0 ffaa64 ff5028",  # body
    12: "00004b 0096ff 00c850 fafa00 ff6400 ff0000",  # rainbow 1
    13: "320064 1e64ff 28dcaa f0fa50 ff7828 fff0f0",  # rainbow 2
    14: "000000 0000ff 00ffff 00ff00 ffff00 ff0000 ffffff",  # rainbow 3
    15: "000000 506478 dcdcc8 ff5a00",  # tint 1
    16: "000000 5a785a d2dcc8 ff0050",  # tint 2
    17: "000000 78646e dcd2dc 00c8ff",  # tint 3
    18: "a0f0ff 1464dc 000014 c83214 fff078",  # ice fire
    19: "fff078 c83214 000014 1464dc a0f0ff",  # reverse ice fire
    20: "000050 000050 0078c8 0078c8 28b43c 28b43c f0c828 f0c828 ff3c14 ff3c14",  # steps
    21: "140a00 6e4b28 c8a578 fff5dc",  # sepia
    22: "000000 005a28 28d25a dcffdc",  # green hot
    23: "000000 00289b 3c8cff dcf0ff",  # blue hot
    24: "0000ff 0080c0 00ff80",  # winter
    25: "000000 808080 dcdcdc ff2800",  # highlight
    26: "000000 5a3200 e68200 ffd278 fff5dc",  # amber
}


@cache
def palette(number: int) -> NDArray[np.uint8]:
    """Return 256 colours from cold to hot, (256, 3)."""
    stops = np.array([list(bytes.fromhex(stop)) for stop in _BANDS[number].split()])
    steps = np.linspace(0, len(stops) - 1, 256)
    columns = [np.interp(steps, np.arange(len(stops)), stops[:, i]) for i in range(3)]
    return np.stack(columns, axis=1).round().astype(np.uint8)
