"""A house whose automations note what started them."""

from typing import Any

from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.thermogate.const import DOMAIN
from homeassistant.components import automation
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from tests.helpers import settle


def aimed_at(*device_ids: str) -> dict[str, Any]:
    """Return a target of devices."""
    return {"device_id": list(device_ids)}


async def automate(
    hass: HomeAssistant,
    trigger: str,
    target: dict[str, Any],
    condition: dict[str, Any] | None = None,
    **options: Any,
) -> list[ServiceCall]:
    """Set up an automation; returns its runs, each with what started it in `data`."""
    runs = async_mock_service(hass, "test", "run")
    started_by: dict[str, Any] = {"trigger": f"{DOMAIN}.{trigger}", "target": target}
    if options:
        started_by["options"] = options
    config: dict[str, Any] = {
        "alias": "Noted",
        "mode": "queued",
        "triggers": [started_by],
        "actions": [{"action": "test.run", "data": {"told": "{{ trigger }}"}}],
    }
    if condition:
        config["conditions"] = [condition]
    assert await async_setup_component(
        hass, automation.DOMAIN, {automation.DOMAIN: [config]}
    )
    await settle(hass)
    return runs


def told(run: ServiceCall) -> dict[str, Any]:
    """Return what a run knew of what started it."""
    known: dict[str, Any] = run.data["told"]
    return known


def is_refused(hass: HomeAssistant) -> bool:
    """Whether Home Assistant could not understand the automation."""
    state = hass.states.get("automation.noted")
    return state is None or state.state == "unavailable"
