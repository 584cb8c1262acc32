"""The matrix as a file that other programs read."""

from io import BytesIO, StringIO

import numpy as np

from custom_components.thermogate.guide.matrix_files import to_csv, to_npy

from .matrices import matrix

ROWS = [[4729, -1250, -1], [0, 5, -32_768]]


def test_numpy_reads_degrees() -> None:
    """Without pickles; garbage is not a number."""
    loaded = np.load(BytesIO(to_npy(matrix(ROWS))), allow_pickle=False)
    assert loaded.shape == (2, 3)
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(
        loaded, np.array([[47.29, -12.5, -0.01], [0, 0.05, np.nan]], np.float32)
    )


def test_csv_has_a_line_per_row_with_two_decimals() -> None:
    """Garbage is an empty cell, which spreadsheets take for what it is."""
    assert to_csv(matrix(ROWS)) == "47.29,-12.50,-0.01\n0.00,0.05,\n"


def test_csv_reads_back_exactly() -> None:
    """Every hundredth there is."""
    rows = np.arange(-4000, 32_000).reshape(180, 200)
    loaded = np.genfromtxt(StringIO(to_csv(matrix(rows))), delimiter=",")
    assert (np.round(loaded * 100).astype(int) == rows).all()


def test_furnaces_are_written_too() -> None:
    """Four bytes per pixel; no comma stands between thousands."""
    assert to_csv(matrix([[200_000, 200_001]], wide=True)) == "2000.00,\n"
