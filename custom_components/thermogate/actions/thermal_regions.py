"""The parts of a thermal picture that an action is about: rules of the camera, and shapes that a person gives."""

from collections.abc import Iterable
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..coordinator.thermal_map import free_name
from ..guide import Shape
from ..guide.regions import Region, Unit
from .cameras import Camera

ATTR_RULES: Final = "rules"
ATTR_REGIONS: Final = "regions"
ATTR_UNIT: Final = "unit"

# A picture with more is unreadable, and an answer with more is for a file.
MAX_REGIONS: Final = 100
_MAX_POINTS: Final = 256

UNIT: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_UNIT, default=Unit.PIXELS.value): vol.All(
        vol.In([*Unit]), vol.Coerce(Unit)
    )
}
_POINT: Final = vol.Any(
    vol.All(
        {vol.Required("x"): vol.Coerce(float), vol.Required("y"): vol.Coerce(float)},
        lambda point: (point["x"], point["y"]),
    ),
    # A type by itself would only be compared.
    vol.All(
        [vol.Coerce(float)],
        vol.Length(min=2, max=2),
        lambda point: (point[0], point[1]),
    ),
)
_REGION: Final = vol.Schema(
    {
        vol.Required("shape"): vol.All(vol.In([*Shape]), vol.Coerce(Shape)),
        vol.Required("points"): vol.All([_POINT], vol.Length(min=1, max=_MAX_POINTS)),
        vol.Optional("name"): vol.All(cv.string, str.strip, vol.Length(max=100)),
    }
)
REGIONS: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_RULES): vol.All(
        cv.ensure_list, [cv.string], vol.Length(max=MAX_REGIONS)
    ),
    vol.Optional(ATTR_REGIONS): vol.All(
        cv.ensure_list, [_REGION], vol.Length(max=MAX_REGIONS)
    ),
    **UNIT,
}


@callback
def chosen_regions(call: ServiceCall, camera: Camera) -> dict[str, Region]:
    """Return by name the regions that a call with the fields `REGIONS` is about; all rules where it names neither.

    ServiceValidationError for a rule that the camera does not have, or does not see now.
    """
    known = camera.coordinator.thermal_map.rule_regions()
    if ATTR_RULES not in call.data and ATTR_REGIONS not in call.data:
        return known
    found: dict[str, Region] = {}
    for name in call.data.get(ATTR_RULES, []):
        if name not in known:
            raise _not_known(name, known, camera)
        found[name] = known[name]
    for number, given in enumerate(call.data.get(ATTR_REGIONS, []), start=1):
        name = given.get("name") or f"Region {number}"
        found[free_name(name, found)] = Region(
            shape=given["shape"],
            points=tuple(given["points"]),
            unit=call.data[ATTR_UNIT],
        )
    return found


def _not_known(
    rule: str, known: dict[str, Region], camera: Camera
) -> ServiceValidationError:
    """Return why nobody can say where a rule measures."""
    data = camera.coordinator.data
    if rule not in {each.name or each.key for each in data.rules}:
        return unknown_rule(rule, known)
    if data.general.output_size is None:
        return ServiceValidationError(
            translation_domain=DOMAIN, translation_key="picture_size_unknown"
        )
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="rule_out_of_sight",
        translation_placeholders={"rule": rule},
    )


def unknown_rule(rule: str, known: Iterable[str]) -> ServiceValidationError:
    """Return what is said about a rule that a camera does not have, with those that it has."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="unknown_rule",
        translation_placeholders={"rule": rule, "rules": ", ".join(known) or "-"},
    )
