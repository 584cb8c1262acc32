"""Which rule of command 4 is which of command 520: the first often has no ids (seen on devices)."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from .models import Rule, RuleTemperature

type _Trait = Callable[[Rule | RuleTemperature], Hashable]

# From the surest to the weakest sign that two entries are the same rule.
_TRAITS: tuple[_Trait, ...] = (
    lambda rule: rule.rule_id or None,
    lambda rule: (rule.name, rule.shape, rule.preset) if rule.name else None,
    lambda rule: rule.name or None,
)


def align_rules(
    rules: Sequence[Rule], temperatures: Sequence[RuleTemperature]
) -> tuple[Rule, ...]:
    """Return the rules, each with the key that its temperatures have.

    Two entries are the same rule when an id, else name, shape and preset, else the name occurs exactly once on both
    sides, else when they stand at the same place of lists of equal length. A rule without a partner keeps its own
    key, unless a partner of another rule already has it.
    """
    partners: dict[int, str] = {}
    for trait in _TRAITS:
        ours = {
            index: rule for index, rule in enumerate(rules) if index not in partners
        }
        theirs = [item for item in temperatures if item.key not in partners.values()]
        partners |= _pair(ours, theirs, trait)
    if len(rules) == len(temperatures):
        for index, item in enumerate(temperatures):
            if index not in partners and item.key not in partners.values():
                partners[index] = item.key
    taken = set(partners.values())
    return tuple(
        replace(
            rule,
            key=partners.get(
                index, rule.key if rule.key not in taken else f"{index}_{rule.key}"
            ),
        )
        for index, rule in enumerate(rules)
    )


def _pair(
    rules: dict[int, Rule], temperatures: Sequence[RuleTemperature], trait: _Trait
) -> dict[int, str]:
    uses = Counter(trait(rule) for rule in rules.values())
    keys = {trait(item): item.key for item in temperatures}
    counts = Counter(trait(item) for item in temperatures)
    return {
        index: keys[sign]
        for index, rule in rules.items()
        if (sign := trait(rule)) is not None and uses[sign] == 1 and counts[sign] == 1
    }
