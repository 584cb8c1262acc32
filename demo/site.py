"""The devices and the dashboard of the demo, set up as a person would: through Home Assistant's own flows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

from .api import Api, FlowStep

DASHBOARD = Path(__file__).with_name("dashboard.yaml")
DASHBOARD_PATH = "thermogate-site"
INTEGRATION = "thermogate"
# Keys of a card that name an entity, or a list of them.
ENTITY_KEYS = frozenset(
    {"entity", "entities", "camera_image", "image_entity", "entity_id"}
)


class SetupError(Exception):
    """A device or the dashboard could not be set up; the text says what came instead."""


async def add_terminal(api: Api, ready: Mapping[str, Any]) -> None:
    """Add the terminal that the ready line of its simulator describes."""
    step = await _choose(api, "terminal")
    topics = {"topic_id": ready["topic_id"], "topic_prefix": ready["prefix"]}
    step = await api.flow_wait(await api.flow_step(step["flow_id"], topics))
    if step.get("step_id") == "terminal_found":
        step = await api.flow_step(step["flow_id"], {})
    _expect_entry(step, "terminal")


async def let_a_script_decide(api: Api, script: str) -> None:
    """Choose in the options of the terminal, the only device so far, that a script decides who may pass."""
    (terminal,) = await api.entries(INTEGRATION)
    step = await api.flow_options(
        terminal["entry_id"],
        {"next_step_id": "decision"},
        {"decision": "script"},
        {"entity_id": script, "deadline": 1},
    )
    _expect_entry(step, "terminal")


async def add_camera(api: Api, ready: Mapping[str, Any]) -> None:
    """Add the camera that the ready line of its simulator describes."""
    step = await _choose(api, "camera")
    login = {
        "host": ready["host"],
        "port": ready["http_port"],
        "username": ready["username"],
        "password": ready["password"],
    }
    _expect_entry(await api.flow_step(step["flow_id"], login), "camera")


async def _choose(api: Api, kind: str) -> FlowStep:
    """Start adding a device and choose its kind from the menu."""
    step = await api.flow_start(INTEGRATION)
    return await api.flow_step(step["flow_id"], {"next_step_id": kind})


def _expect_entry(step: FlowStep, kind: str) -> None:
    if step["type"] != "create_entry":
        what = step.get("errors") or step.get("reason") or step.get("step_id")
        raise SetupError(f"Home Assistant did not add the {kind}: {what}")


async def ignore_protocol_advice(api: Api) -> None:
    """Ignore the advice to move to MQTT 5, if there is any: the embedded broker does not speak it."""
    issue = {"domain": "mqtt", "issue_id": "protocol_5_migration"}
    issues = (await api.ws({"type": "repairs/list_issues"}))["issues"]
    if any(issue.items() <= known.items() for known in issues):
        await api.ws({"type": "repairs/ignore_issue", **issue, "ignore": True})


async def add_dashboard(api: Api) -> None:
    """Save the dashboard and make it the first page."""
    await api.ws(
        {
            "type": "lovelace/dashboards/create",
            "url_path": DASHBOARD_PATH,
            "title": "Site",
            "icon": "mdi:boom-gate",
        }
    )
    await api.ws(
        {
            "type": "lovelace/config/save",
            "url_path": DASHBOARD_PATH,
            "config": dashboard(),
        }
    )
    await api.ws(
        {
            "type": "frontend/set_system_data",
            "key": "core",
            "value": {"default_panel": DASHBOARD_PATH},
        }
    )


def dashboard() -> dict[str, Any]:
    """Return the dashboard's configuration."""
    return load_yaml_dict(str(DASHBOARD))


def shown_entities(config: Any) -> set[str]:
    """Return the ids of all entities that a dashboard shows."""
    return set(_entities(config))


def _entities(part: Any, key: str = "") -> Iterator[str]:
    if isinstance(part, str):
        if key in ENTITY_KEYS:
            yield part
    elif isinstance(part, list):
        for item in part:
            yield from _entities(item, key)
    elif isinstance(part, dict):
        for name, item in part.items():
            yield from _entities(item, name)
