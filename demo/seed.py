"""Fill an empty configuration folder with what a person would click together in Home Assistant's first ten minutes.

`python -m demo.seed FOLDER HTTP_PORT BROKER_HOST BROKER_PORT USER PASSWORD` prints a long-lived access token. It must run on
the Python of the Home Assistant that will use the folder, because the shapes of the stored files are its own.
"""

import argparse
import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from homeassistant import auth
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

TOKEN_LIFETIME = timedelta(days=365)


async def create_owner(
    hass: HomeAssistant, user: str, password: str
) -> tuple[str, str]:
    """Create the first user, which makes it the owner; return its id and an access token."""
    hass.auth = await auth.auth_manager_from_config(
        hass, [{"type": "homeassistant"}], []
    )
    provider = hass.auth.auth_providers[0]
    assert isinstance(provider, HassAuthProvider)
    await provider.async_initialize()
    await provider.async_add_auth(user, password)
    owner = await hass.auth.async_create_user(user.title(), group_ids=[GROUP_ID_ADMIN])
    credentials = await provider.async_get_or_create_credentials({"username": user})
    await hass.auth.async_link_user(owner, credentials)
    token = await hass.auth.async_create_refresh_token(
        owner,
        client_name="Demo",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=TOKEN_LIFETIME,
    )
    return owner.id, hass.auth.async_create_access_token(token)


def http_settings(port: int) -> dict[str, Any]:
    """Return the stored settings of the web server: loopback only.

    In YAML they would count as a trial that Home Assistant takes back after five minutes.
    """
    return {
        "stable": {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": True,
            "created_at": dt_util.utcnow().isoformat(),
            "error": None,
            "error_message": None,
        },
        "pending": None,
        "yaml_migration_done": True,
    }


def config_entries(broker: tuple[str, int]) -> list[dict[str, Any]]:
    """Return the stored config entries."""
    host, port = broker
    return [
        # Home Assistant moves a broker that can to version 5; the embedded one speaks 3.1.1.
        config_entry(
            "mqtt",
            version=2,
            title=f"{host}:{port}",
            data={"broker": host, "port": port, "protocol": "3.1.1"},
        ),
        # Starts by itself and fetches its catalogue from the internet, unless it is switched off.
        config_entry("marketplace", disabled_by="user"),
    ]


def config_entry(domain: str, **what: Any) -> dict[str, Any]:
    """Return a stored config entry with everything that is not given as usual."""
    now = dt_util.utcnow().isoformat()
    return {
        "created_at": now,
        "data": {},
        "disabled_by": None,
        "discovery_keys": {},
        "domain": domain,
        "entry_id": ulid_now(),
        "minor_version": 1,
        "modified_at": now,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "subentries": [],
        "title": "",
        "unique_id": None,
        "version": 1,
        **what,
    }


async def seed(
    folder: Path, http_port: int, broker: tuple[str, int], user: str, password: str
) -> str:
    """Write everything into the folder's storage; return the access token."""
    hass = HomeAssistant(str(folder))
    hass.config_entries = ConfigEntries(hass, {})
    await hass.config_entries.async_initialize()
    dr.async_setup(hass)
    await asyncio.gather(dr.async_load(hass), er.async_load(hass))
    owner, token = await create_owner(hass, user, password)
    person = {"id": user, "name": user.title(), "user_id": owner, "device_trackers": []}
    steps = ["user", "core_config", "analytics", "integration"]
    for key, version, minor, data in (
        ("onboarding", 4, 1, {"done": steps}),
        ("http", 3, 1, http_settings(http_port)),
        # Names are announced and looked up on loopback alone (Linux, macOS), so that no other network is needed.
        ("core.network", 1, 1, {"configured_adapters": ["lo", "lo0"]}),
        ("person", 2, 1, {"items": [person]}),
        ("core.config_entries", 1, 5, {"entries": config_entries(broker)}),
    ):
        store = Store[dict[str, Any]](hass, version, key, minor_version=minor)
        await store.async_save(data)
    # Home Assistant never started, so only a forced stop writes the users to disk.
    await hass.async_stop(force=True)
    return token


def main() -> None:
    """Seed the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m demo.seed", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("http_port", type=int)
    parser.add_argument("broker_host")
    parser.add_argument("broker_port", type=int)
    parser.add_argument("user")
    parser.add_argument("password")
    given = parser.parse_args()
    broker = (given.broker_host, given.broker_port)
    print(
        asyncio.run(
            seed(given.folder, given.http_port, broker, given.user, given.password)
        )
    )


if __name__ == "__main__":
    main()
