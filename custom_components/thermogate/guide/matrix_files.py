"""A temperature matrix as a file for other programs."""

from io import BytesIO

import numpy as np

from .matrix import HUNDREDTHS, TemperatureMatrix


def to_npy(matrix: TemperatureMatrix) -> bytes:
    """Return a file for `numpy.load`: °C as 32-bit floats, (height, width), NaN for garbage."""
    file = BytesIO()
    np.save(file, matrix.celsius(), allow_pickle=False)
    return file.getvalue()


def to_csv(matrix: TemperatureMatrix) -> str:
    """Return one line per row of the picture: °C with a point and two decimals between commas, nothing for garbage."""
    # A picture has far fewer temperatures than pixels: write each once.
    values, places = np.unique(matrix.hundredths, return_inverse=True)
    texts = np.array([f"{value / HUNDREDTHS:.2f}" for value in values.tolist()], object)
    cells = texts[places]
    if matrix.sound is not None:
        cells[~matrix.sound] = ""
    return "".join(f"{','.join(row)}\n" for row in cells.tolist())
