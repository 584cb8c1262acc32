"""The settings a camera keeps (commands 1 to 58): an even number reads what the odd one before it sets.

Vendor document, section III. Ranges the document states are enforced with 10002; where its own examples break them, the
examples' values pass as well.
"""

from copy import deepcopy
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any

from .codes import (
    ADDRESS_CONFLICT,
    ILLEGAL_ADDRESS,
    ILLEGAL_GATEWAY,
    ILLEGAL_NETMASK,
    Refused,
)
from .fields import Check, integer, record, refuse
from .settings_tables import POINTS_OF_TYPE, RATIOS, TABLES

GLOBAL, RULES, IMAGE, NETWORK, PORTS, STORAGE, SYSTEM, SHIELD = (
    1, 3, 5, 9, 11, 13, 15, 17,
)  # fmt: skip
TRACKING, TEMPERATURE_ALARM, VIDEO, ILLEGAL_ACCESS, FILL_LIGHT, IR_MODE = (
    19, 21, 23, 29, 35, 39,
)  # fmt: skip
MAIL, EXTERNAL_INPUT, FIRE, RANGING = 31, 47, 51, 53

# Lists whose items are changed one by one, found by their `type`; other lists are replaced.
MERGED_LISTS = ("params", "store")


def merge(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Put the fields of `new` that are not null into `old`; fields that `old` does not have are passed over."""
    for name, value in new.items():
        if value is None or name not in old:
            continue
        if isinstance(value, dict):
            merge(old[name], value)
        elif name in MERGED_LISTS:
            by_type = {item["type"]: item for item in old[name]}
            for item in value:
                merge(by_type[item["type"]], item)
        else:
            old[name] = deepcopy(value)


def check_rules(message: dict[str, Any]) -> None:
    """Check that every rule has the points its shape needs."""
    for rule in message.get("rule_list") or []:
        least, most = POINTS_OF_TYPE[rule["type"]]
        if not least <= len(rule["points"]) <= most:
            raise refuse(rule["points"], f"{least}..{most} points")


def check_video(message: dict[str, Any]) -> None:
    """Check what the fields of a stream demand of each other: its sizes, and a key picture every two seconds."""
    for stream in message.get("params") or []:
        ratio, fps, gop = (stream.get(name) for name in ("ratio", "fps", "gop_size"))
        if ratio is not None and ratio not in RATIOS[stream["type"]]:
            raise refuse(ratio, f"one of {RATIOS[stream['type']]}")
        if gop is not None and fps is not None and gop > 2 * fps:
            raise refuse(gop, f"at most twice {fps} pictures")


def check_network(message: dict[str, Any]) -> None:
    """Check the addresses, each with a return code of its own."""
    address = parsed_address(message.get("ipaddr"), ILLEGAL_ADDRESS)
    gateway = parsed_address(message.get("gateway"), ILLEGAL_GATEWAY)
    for name in ("dns1", "dns2"):
        parsed_address(message.get(name), ILLEGAL_ADDRESS)
    netmask = message.get("netmask")
    if netmask is None:
        return
    try:
        network = IPv4Network(f"{address or '0.0.0.0'}/{netmask}", strict=False)
    except (NetmaskValueError, ValueError) as error:
        raise Refused(ILLEGAL_NETMASK, str(netmask)) from error
    if address and gateway and gateway not in network:
        raise Refused(ILLEGAL_GATEWAY, f"{gateway} is not in {network}")
    if address and address == gateway:
        raise Refused(ADDRESS_CONFLICT, str(address))


def parsed_address(value: Any, code: int) -> IPv4Address | None:
    """Return an address, or None when there is none; Refused with that code when it is none."""
    if value is None:
        return None
    try:
        return IPv4Address(value)
    except AddressValueError as error:
        raise Refused(code, "not an IPv4 address") from error


EXTRA_CHECKS: dict[int, Check] = {
    RULES: check_rules,
    VIDEO: check_video,
    NETWORK: check_network,
}


@dataclass(frozen=True)
class Change:
    """A setting that was changed, and the fields nobody knows."""

    number: int
    unknown: tuple[str, ...]


class Settings:
    """All settings of one camera."""

    def __init__(self, factory: dict[int, dict[str, Any]]) -> None:
        """Start with the factory values: those of the tables, then those given per set command."""
        self._factory = {
            number: {
                **deepcopy(table.defaults),
                **deepcopy(table.shown),
                **deepcopy(factory.get(number, {})),
            }
            for number, table in TABLES.items()
        }
        self._values = deepcopy(self._factory)

    def __getitem__(self, number: int) -> dict[str, Any]:
        """Return the values of the setting with that set command."""
        return self._values[number]

    def reset(self) -> None:
        """Go back to the factory values; addresses and ports stay."""
        kept = {number: self._values[number] for number in (NETWORK, PORTS)}
        self._values = deepcopy(self._factory) | kept

    def get(self, cmdtype: int, message: dict[str, Any]) -> dict[str, Any]:
        """Answer an even command; `default: 1` asks for the factory values."""
        record({"default": integer(0, 1)})(message)
        values = self._factory if message.get("default") == 1 else self._values
        return deepcopy(values[cmdtype - 1])

    def set(self, number: int, message: dict[str, Any]) -> Change:
        """Obey an odd command: Refused and nothing changed, or everything changed."""
        table = TABLES[number]
        record(table.fields, table.required)(message)
        if number in EXTRA_CHECKS:
            EXTRA_CHECKS[number](message)
        changed = {
            name: value for name, value in message.items() if name in table.fields
        }
        merge(self._values[number], changed)
        if number == RULES:
            self._number_rules()
        known = {*table.fields, *table.shown}
        return Change(number, tuple(name for name in message if name not in known))

    def _number_rules(self) -> None:
        """Give every rule an id of its own, keeping those that have one."""
        used: set[int] = set()
        for rule in self._values[RULES]["rule_list"]:
            if rule.get("id", 0) < 1 or rule["id"] in used:
                rule["id"] = next(n for n in range(1, 1000) if n not in used)
            used.add(rule["id"])
