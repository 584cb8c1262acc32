"""The forms about who may pass at a terminal, and what is wrong with what a person filled in."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.const import UnitOfTemperature
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from .const import CONF_DECISION, DecisionWay
from .coordinator import decision_rule as rule
from .coordinator.decision_script import (
    DEADLINE,
    DEFAULT_DEADLINE,
    ENTITY,
    SCRIPT_DOMAIN,
)
from .facegate import FaceGateValidationError
from .facegate.command import LONG_CARD, SPEECH
from .facegate.fields import Field, encode_value

# What is on and off by the clock. People draw their hours in a schedule, with as many blocks a day as they need and across
# midnight; a form with from and until could never do what it does, and it can be changed without looking for these options.
HOURS_DOMAINS: Final = ["schedule", "binary_sensor", "input_boolean"]

EXAMPLE_ANSWER: Final = '{"open": true, "say": "Welcome", "show": "Hello"}'


def _chosen(options: list[str], key: str, *, multiple: bool = False) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=options,
            translation_key=key,
            multiple=multiple,
            mode=SelectSelectorMode.LIST,
        )
    )


DECISION_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_DECISION, default=DecisionWay.NEVER.value): _chosen(
            [way.value for way in DecisionWay], "decision_way"
        )
    }
)
RULE_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(rule.ROLES, default=list): _chosen(
            [role.value for role in rule.OFFERED_ROLES], "person_role", multiple=True
        ),
        vol.Optional(rule.PERSONS, default=list): TextSelector(
            TextSelectorConfig(multiple=True)
        ),
        vol.Optional(rule.WHILE_ON): EntitySelector(
            EntitySelectorConfig(domain=HOURS_DOMAINS)
        ),
        vol.Optional(rule.MAX_TEMPERATURE): NumberSelector(
            NumberSelectorConfig(
                min=30,
                max=45,
                step=0.1,
                unit_of_measurement=UnitOfTemperature.CELSIUS,
                mode=NumberSelectorMode.BOX,
            )
        ),
        vol.Required(rule.UNMEASURED_PASS, default=False): BooleanSelector(),
        vol.Required(rule.MASK_REQUIRED, default=False): BooleanSelector(),
        vol.Required(rule.OPENS, default=next(iter(rule.RELAYS))): _chosen(
            [*rule.RELAYS, rule.WIEGAND], "gate_opened"
        ),
        vol.Optional(rule.CARD): TextSelector(),
        vol.Optional(rule.SAY_OPENED): TextSelector(),
        vol.Optional(rule.SHOW_OPENED): TextSelector(),
        vol.Optional(rule.SAY_REFUSED): TextSelector(),
        vol.Optional(rule.SHOW_REFUSED): TextSelector(),
    }
)
SCRIPT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ENTITY): EntitySelector(
            EntitySelectorConfig(domain=SCRIPT_DOMAIN)
        ),
        vol.Required(DEADLINE, default=DEFAULT_DEADLINE): NumberSelector(
            NumberSelectorConfig(
                min=0.1,
                max=10,
                step=0.1,
                unit_of_measurement="s",
                mode=NumberSelectorMode.BOX,
            )
        ),
    }
)


def rule_errors(filled: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with a rule, by field."""
    errors: dict[str, str] = {}
    if not filled[rule.ROLES] and not any(map(str.strip, filled[rule.PERSONS])):
        errors[rule.ROLES] = "nobody"
    if filled[rule.OPENS] == rule.WIEGAND and not _is_card(filled.get(rule.CARD, "")):
        errors[rule.CARD] = "no_card"
    for say in (rule.SAY_OPENED, rule.SAY_REFUSED):
        if (text := filled.get(say, "")).strip() and not _is_taken(SPEECH, text):
            errors[say] = "too_long"
    return errors


def _is_card(text: str) -> bool:
    number = rule.card_number(text)
    return bool(number) and _is_taken(LONG_CARD, number)


def _is_taken(field: Field, value: Any) -> bool:
    """Whether the protocol takes a value."""
    try:
        encode_value(field, value)
    except FaceGateValidationError:
        return False
    return True
