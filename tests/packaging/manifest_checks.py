"""manifest.json, as hassfest and HACS want it of a custom integration."""

import re
from typing import Any
from urllib.parse import urlparse

from awesomeversion import (
    AwesomeVersion,
    AwesomeVersionException,
    AwesomeVersionStrategy,
)
import probatio

from homeassistant.components.mqtt.util import valid_subscribe_topic
from homeassistant.helpers import config_validation as cv

from .schema import Problems, problems

_CORE_DOCUMENTATION = "https://www.home-assistant.io/integrations"
_STRATEGIES = [
    AwesomeVersionStrategy.CALVER,
    AwesomeVersionStrategy.SEMVER,
    AwesomeVersionStrategy.SIMPLEVER,
    AwesomeVersionStrategy.BUILDVER,
    AwesomeVersionStrategy.PEP440,
]
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9._-]+(?:\[[a-z0-9,_-]+\])?(?P<versions>(?:(?:[~=!<>]=|[<>])[^,=<>!~]+,?)*)"
)


def _lower(value: str) -> str:
    if value != value.lower():
        raise probatio.Invalid("must be lower case")
    return value


def _mac_pattern(value: str) -> str:
    if value != value.upper() or "*" not in value or ":" in value:
        raise probatio.Invalid(
            "must be an upper case MAC address without colons, with a *"
        )
    return value


def _documentation(value: str) -> str:
    if urlparse(value).scheme != "https" or not urlparse(value).netloc:
        raise probatio.Invalid("must be an https URL")
    if value.startswith(_CORE_DOCUMENTATION):
        raise probatio.Invalid("must not be the documentation of a core integration")
    return value


def _version(value: str) -> str:
    try:
        AwesomeVersion(value, ensure_strategy=_STRATEGIES)
    except AwesomeVersionException as error:
        raise probatio.Invalid(
            "must be a version that Home Assistant can order"
        ) from error
    return value


def _requirement(value: str) -> str:
    matched = _REQUIREMENT.fullmatch(value)
    if not matched:
        raise probatio.Invalid("must be a name and versions, without spaces")
    for part in filter(None, matched["versions"].split(",")):
        if (
            AwesomeVersion(part.lstrip("~=!<>")).strategy
            is AwesomeVersionStrategy.UNKNOWN
        ):
            raise probatio.Invalid("must name versions that can be ordered")
    return value


def _codeowner(value: str) -> str:
    if not re.fullmatch(r"@[A-Za-z0-9][A-Za-z0-9/_-]*", value):
        raise probatio.Invalid("must be a GitHub account that starts with @")
    return value


_TEXTS = [str]
_SCHEMA = probatio.Schema(
    {
        probatio.Required("domain"): cv.slug,
        probatio.Required("name"): str,
        probatio.Required("codeowners"): [probatio.All(str, _codeowner)],
        probatio.Required("documentation"): probatio.All(str, _documentation),
        probatio.Required("iot_class"): probatio.In(
            [
                "assumed_state",
                "calculated",
                "cloud_polling",
                "cloud_push",
                "local_polling",
                "local_push",
            ]
        ),
        # HACS asks for it, hassfest does not.
        probatio.Required("issue_tracker"): probatio.Url(),
        probatio.Required("version"): probatio.All(str, _version),
        probatio.Optional("after_dependencies"): _TEXTS,
        probatio.Optional("config_flow"): bool,
        probatio.Optional("dependencies"): _TEXTS,
        probatio.Optional("dhcp"): [
            {
                probatio.Optional("macaddress"): probatio.All(str, _mac_pattern),
                probatio.Optional("hostname"): probatio.All(str, _lower),
                probatio.Optional("registered_devices"): bool,
            }
        ],
        probatio.Optional("disabled"): str,
        probatio.Optional("import_executor"): bool,
        probatio.Optional("integration_type"): probatio.In(
            ["device", "entity", "hardware", "helper", "hub", "service", "system"]
        ),
        probatio.Optional("loggers"): _TEXTS,
        probatio.Optional("mqtt"): [probatio.All(str, valid_subscribe_topic)],
        probatio.Optional("quality_scale"): probatio.In(
            [
                "bronze",
                "silver",
                "gold",
                "platinum",
                "custom",
                "no_score",
                "internal",
                "legacy",
            ]
        ),
        probatio.Optional("requirements"): [probatio.All(str, _requirement)],
        probatio.Optional("single_config_entry"): bool,
        probatio.Optional("ssdp"): [probatio.All(dict, probatio.NonEmpty())],
        probatio.Optional("zeroconf"): [
            probatio.Any(
                str,
                {
                    probatio.Required("type"): str,
                    probatio.Optional("name"): probatio.All(str, _lower),
                    probatio.Optional("properties"): {str: probatio.All(str, _lower)},
                },
            )
        ],
    }
)


def check_manifest(manifest: dict[str, Any], folder: str) -> Problems:
    """Return what is wrong with a manifest that lies in the folder of this name."""
    found = problems(_SCHEMA, manifest)
    if manifest.get("domain") != folder:
        found.append(f"domain is not the name of its folder, {folder}")
    if manifest.get("config_flow") and "integration_type" not in manifest:
        found.append("config_flow needs integration_type")
    if manifest.get("quality_scale") in {
        "silver",
        "gold",
        "platinum",
    } and not manifest.get("codeowners"):
        found.append("silver and better need codeowners")
    found += [
        f"{domain} is both in dependencies and in after_dependencies"
        for domain in set(manifest.get("dependencies", []))
        & set(manifest.get("after_dependencies", []))
    ]
    if not found and list(manifest) != sorted(
        manifest, key=lambda key: (key != "domain", key != "name", key)
    ):
        found.append("keys are not in order: domain, name, then the alphabet")
    return found
