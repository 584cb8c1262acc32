"""Where a broker of a terminal's own is and how it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME

from ..const import CONF_BROKER, CONF_CA, CONF_TLS


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerSettings:
    """A broker that is not Home Assistant's.

    `username` is empty where the broker asks for none; `ca` is PEM text, empty for the authorities that everybody trusts.
    Terminals with equal settings share a connection. What is secret is never shown.
    """

    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    tls: bool = False
    ca: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The address as a person reads it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> Self:
        """Return what was typed or stored."""
        return cls(
            host=form[CONF_HOST].strip(),
            port=form[CONF_PORT],
            username=form.get(CONF_USERNAME, ""),
            password=form.get(CONF_PASSWORD, ""),
            tls=form[CONF_TLS],
            ca=form.get(CONF_CA, "").strip(),
        )

    def stored(self) -> dict[str, Any]:
        """Return what goes into a config entry."""
        return {
            CONF_HOST: self.host,
            CONF_PORT: self.port,
            CONF_USERNAME: self.username,
            CONF_PASSWORD: self.password,
            CONF_TLS: self.tls,
            CONF_CA: self.ca,
        }


def own_broker(data: Mapping[str, Any]) -> BrokerSettings | None:
    """Return the broker of a config entry that has one of its own; None for Home Assistant's."""
    stored = data.get(CONF_BROKER)
    return BrokerSettings.of(stored) if stored else None
