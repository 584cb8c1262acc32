"""Every text that the code names is there, none is left over, and each check can fail."""

from typing import Any

import pytest

from .key_checks import (
    check_entity_icons,
    check_flow_texts,
    check_keys_are_used,
    check_translation_keys,
)
from .repository import read_json, sources


def test_every_key_in_the_code_has_a_text() -> None:
    """A user never reads a key."""
    texts, icons = read_json("translations/en.json"), read_json("icons.json")
    assert check_translation_keys(sources(), texts, icons) == []


def test_every_text_of_a_flow_is_there() -> None:
    """Steps, errors and reasons."""
    assert check_flow_texts(sources(), read_json("translations/en.json")) == []


@pytest.mark.parametrize("name", ["translations/en.json", "icons.json"])
def test_no_text_and_no_icon_is_left_over(name: str) -> None:
    """A translator's work is never in vain."""
    assert check_keys_are_used(sources(), read_json(name)) == []


def test_every_entity_has_a_picture() -> None:
    """An icon of ours, or the one of its device class."""
    assert (
        check_entity_icons(
            sources(), read_json("translations/en.json"), read_json("icons.json")
        )
        == []
    )


@pytest.mark.parametrize(
    ("path", "code", "section"),
    [
        pytest.param(
            "errors.py",
            "raise HomeAssistantError(translation_key='lost')",
            {"exceptions": {"lost": {}}},
            id="error",
        ),
        pytest.param(
            "__init__.py",
            "raise ConfigEntryNotReady(translation_key='lost')",
            {"exceptions": {"lost": {}}},
            id="not ready",
        ),
        pytest.param(
            "coordinator.py",
            "raise UpdateFailed(translation_key='lost')",
            {"exceptions": {"lost": {}}},
            id="update",
        ),
        pytest.param(
            "repairs.py",
            "ir.async_create_issue(hass, translation_key='lost')",
            {"issues": {"lost": {}}},
            id="issue",
        ),
        pytest.param(
            "config_flow.py",
            "SelectSelectorConfig(translation_key='lost')",
            {"selector": {"lost": {}}},
            id="selector",
        ),
        pytest.param(
            "entity.py",
            "DeviceInfo(translation_key='lost')",
            {"device": {"lost": {}}},
            id="device",
        ),
        pytest.param(
            "sensor.py",
            "SensorEntityDescription(translation_key='lost')",
            {"entity": {"sensor": {"lost": {}}}},
            id="entity",
        ),
        pytest.param(
            "sensor.py",
            "Own[Any](translation_key='lost')",
            {"entity": {"sensor": {"lost": {}}}},
            id="generic description",
        ),
        pytest.param(
            "sensor/rules.py",
            "Description(translation_key='lost')",
            {"entity": {"sensor": {"lost": {}}}},
            id="platform that is a package",
        ),
        pytest.param(
            "event.py",
            "class A:\n    _attr_translation_key = 'lost'",
            {"entity": {"event": {"lost": {}}}},
            id="attribute",
        ),
        pytest.param(
            "image.py",
            "self._attr_translation_key = 'lost'",
            {"entity": {"image": {"lost": {}}}},
            id="attribute of self",
        ),
        pytest.param(
            "button.py",
            "Description(translation_key=f'{name}t')",
            {"entity": {"button": {"lost": {}}}},
            id="f-string",
        ),
        pytest.param(
            "button.py",
            "Description(translation_key='lost' if x else 'found')",
            {"entity": {"button": {"lost": {}, "found": {}}}},
            id="one of two",
        ),
    ],
)
def test_a_key_without_a_text_is_told(
    path: str, code: str, section: dict[str, Any]
) -> None:
    """Wherever a key is named; and with its text there is nothing to tell."""
    elsewhere = {"entity": {"lock": {"lost": {}}}, "common": {"lost": ""}}
    assert check_translation_keys({path: code}, {}, {}) != []
    assert check_translation_keys({path: code}, elsewhere, {}) != []
    assert check_translation_keys({path: code}, section, {}) == []


def test_a_key_may_serve_an_icon_alone() -> None:
    """An entity can take its name from its device class."""
    code = {"sensor.py": "Description(translation_key='lost', device_class=X.Y)"}
    icons = {"entity": {"sensor": {"lost": {"default": "mdi:gate"}}}}
    assert check_translation_keys(code, {}, icons) == []


def test_a_key_given_to_a_helper_may_mean_any_section() -> None:
    """What the helper does with it cannot be seen from here."""
    code = {"helpers.py": "fail(translation_key='lost')"}
    assert check_translation_keys(code, {}, {}) != []
    assert check_translation_keys(code, {"exceptions": {"lost": {}}}, {}) == []
    assert check_translation_keys(code, {"entity": {"lock": {"lost": {}}}}, {}) == []


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        pytest.param(
            "self.async_show_form(step_id='user')", {"step": {"user": {}}}, id="form"
        ),
        pytest.param(
            "self.async_show_menu(step_id='user')", {"step": {"user": {}}}, id="menu"
        ),
        pytest.param(
            "self.async_show_progress(progress_action='wait')",
            {"progress": {"wait": ""}},
            id="progress",
        ),
        pytest.param(
            "self.async_show_form(errors={'base': 'silent'})",
            {"error": {"silent": ""}},
            id="error in the form",
        ),
        pytest.param(
            "errors['base'] = 'silent'",
            {"error": {"silent": ""}},
            id="error in a variable",
        ),
        pytest.param(
            "self.async_abort(reason='no_mqtt')",
            {"abort": {"no_mqtt": ""}},
            id="reason",
        ),
        pytest.param(
            "raise AbortFlow('no_mqtt')",
            {"abort": {"no_mqtt": ""}},
            id="reason that is raised",
        ),
        pytest.param(
            "self._abort_if_unique_id_configured()",
            {"abort": {"already_configured": ""}},
            id="known device",
        ),
        pytest.param(
            "self._abort_if_unique_id_mismatch()",
            {"abort": {"unique_id_mismatch": ""}},
            id="other device",
        ),
        pytest.param(
            "self._abort_if_unique_id_configured(error='moved')",
            {"abort": {"moved": ""}},
            id="reason of its own",
        ),
        pytest.param(
            "self.async_update_reload_and_abort(entry, reason='moved')",
            {"abort": {"moved": ""}},
            id="reason after an update",
        ),
    ],
)
@pytest.mark.parametrize("flow", ["config", "options"])
def test_a_flow_without_a_text_is_told(
    code: str, texts: dict[str, Any], flow: str
) -> None:
    """Whatever a flow shows; and with its text there is nothing to tell."""
    assert check_flow_texts({"config_flow.py": code}, {}) != []
    assert check_flow_texts({"config_flow.py": code}, {flow: texts}) == []


def test_a_text_of_home_assistant_is_not_asked_for() -> None:
    """It brings some of its own."""
    code = {
        "config_flow.py": "self.async_abort(reason='lost', translation_domain=HOMEASSISTANT_DOMAIN)\n"
        "raise HomeAssistantError(translation_key='lost', translation_domain='homeassistant')\n"
        "self.async_set_unique_id(serial)\n"
        "self.async_update_reload_and_abort(entry)"
    }
    assert check_flow_texts(code, {}) == []
    assert check_translation_keys(code, {}, {}) == []


@pytest.mark.parametrize(
    ("code", "used"),
    [
        pytest.param("KEYS = {TimeoutError: 'silent'}", True, id="in a table"),
        pytest.param("key = f'{kind}lent'", True, id="made of parts"),
        pytest.param("key = f'{kind}_lost'", False, id="made of other parts"),
        pytest.param("key = f'{kind}'", False, id="made of nothing"),
        pytest.param("'''silent'''", False, id="docstring"),
        pytest.param("silent = 1", False, id="name"),
    ],
)
def test_a_text_that_nothing_names_is_told(code: str, used: bool) -> None:
    """In each section that code looks up by key."""
    for section in ("exceptions", "issues"):
        found = check_keys_are_used({"errors.py": code}, {section: {"silent": {}}})
        assert found == (
            [] if used else [f"{section}.silent is there, and nothing uses it"]
        )


def test_a_text_of_no_platform_is_told() -> None:
    """A platform that went takes its texts along."""
    texts: dict[str, Any] = {"entity": {"sensor": {"count": {}}}}
    assert check_keys_are_used({"switch.py": "key = 'count'"}, texts) == [
        "entity.sensor is there, and no sensor.py"
    ]
    assert check_keys_are_used({"sensor.py": "key = 'count'"}, texts) == []


@pytest.mark.parametrize(
    ("path", "code", "pictured"),
    [
        pytest.param(
            "sensor.py",
            "Description(translation_key='count', device_class=X.Y)",
            True,
            id="device class",
        ),
        pytest.param(
            "sensor.py",
            "Description(key='count', device_class=X.Y)",
            True,
            id="key alone",
        ),
        pytest.param(
            "sensor.py", "_alarm('count', device_class=X.Y)", True, id="helper"
        ),
        pytest.param(
            "sensor.py",
            "Description(translation_key=f'{name}unt', device_class=given)",
            True,
            id="inside a helper",
        ),
        pytest.param(
            "sensor.py",
            "def _of(key, **more):\n    return Description(device_class=X.Y, **more)\n_of('a', translation_key='count')",
            True,
            id="by a helper",
        ),
        pytest.param(
            "sensor.py",
            "def _of(key, **more):\n    return Description(**more)\n_of('a', translation_key='count')",
            False,
            id="by a helper without",
        ),
        pytest.param(
            "sensor.py",
            "class A:\n    _attr_translation_key = 'count'\n    _attr_device_class = X.Y",
            True,
            id="class",
        ),
        pytest.param(
            "sensor.py",
            "class A:\n    _attr_translation_key = 'count'",
            False,
            id="class without",
        ),
        pytest.param(
            "sensor.py", "Description(translation_key='count')", False, id="none"
        ),
        pytest.param(
            "sensor.py",
            "Description(translation_key='count', device_class=None)",
            False,
            id="none, in words",
        ),
        pytest.param(
            "sensor.py",
            "Description(translation_key='other', device_class=X.Y)",
            False,
            id="of another entity",
        ),
        pytest.param(
            "number.py",
            "Description(translation_key='count', device_class=X.Y)",
            False,
            id="of another platform",
        ),
    ],
)
def test_an_entity_without_a_picture_is_told(
    path: str, code: str, pictured: bool
) -> None:
    """The icon may be in icons.json, or come with the device class."""
    texts: dict[str, Any] = {"entity": {"sensor": {"count": {}}}}
    expected = (
        []
        if pictured
        else ["entity.sensor.count has neither an icon nor a device class"]
    )
    assert check_entity_icons({path: code}, texts, {}) == expected
    assert (
        check_entity_icons(
            {path: code},
            texts,
            {"entity": {"sensor": {"count": {"default": "mdi:counter"}}}},
        )
        == []
    )
