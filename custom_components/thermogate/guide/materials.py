"""How well common materials radiate: the list of the vendor document (3.1, `emiss_mode`)."""

from collections.abc import Mapping
from math import isclose
from types import MappingProxyType
from typing import Final

# The document lists plates of bare aluminium (0.09) and copper (0.06) too, below the least that it lets be set (0.1).
MATERIALS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "asphalt": 0.96,
        "black_aluminium": 0.95,
        "black_paper": 0.86,
        "brick": 0.75,
        "cast_iron": 0.81,
        "concrete": 0.97,
        "copper_oxide": 0.78,
        "gypsum": 0.75,
        "human_skin": 0.98,
        "paint": 0.9,
        "polycarbonate": 0.8,
        "pvc": 0.93,
        "rubber": 0.95,
        "rust": 0.8,
        "soil": 0.93,
        "stainless_steel": 0.14,
        "tape": 0.96,
        "water": 0.96,
        "wood": 0.85,
    }
)
"""Emissivity by material."""


def is_emissivity(emissivity: float, material: str) -> bool:
    """Return whether a number is that of a material, which cameras may tell with more places."""
    return isclose(emissivity, MATERIALS[material], abs_tol=0.0005)


def material_of(emissivity: float | None) -> str | None:
    """Return the one material with an emissivity; None where several or none have it: cameras keep the number only."""
    if emissivity is None:
        return None
    found = [name for name in MATERIALS if is_emissivity(emissivity, name)]
    return found[0] if len(found) == 1 else None
