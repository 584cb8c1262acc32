"""Temperatures that a camera pushes between two readings."""

from collections import Counter
from dataclasses import replace

from ..guide import ObjectTemperatures, RuleTemperature, Temperatures

# What a push may leave out.
_MEASURED = ("maximum", "minimum", "average")


def with_pushed(known: Temperatures, push: ObjectTemperatures) -> Temperatures:
    """Return the temperatures with those that were pushed; rules and values that the push leaves out stay as they are.

    A rule is known by its key, else by its name where that is one rule's only: the keys of rules without numbers tell their
    place in a list, and a push need not have all of them.
    """
    keys = {rule.key for rule in known.rules}
    names = Counter(rule.name for rule in known.rules)
    by_key = {rule.key: rule for rule in push.rules if rule.key in keys}
    by_name = {
        rule.name: rule
        for rule in push.rules
        if rule.key not in keys and names[rule.name] == 1
    }
    return replace(
        known,
        rules=tuple(
            _merged(rule, by_key.get(rule.key) or by_name.get(rule.name))
            for rule in known.rules
        ),
    )


def _merged(known: RuleTemperature, pushed: RuleTemperature | None) -> RuleTemperature:
    if pushed is None:
        return known
    told = {
        name: value
        for name in _MEASURED
        if (value := getattr(pushed, name)) is not None
    }
    return replace(known, **told)
