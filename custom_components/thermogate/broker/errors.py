"""What can be wrong with a broker."""

from typing import Final

# The reasons that are more than words: a person is asked for another login, a field of the form is marked.
LOGIN: Final = "broker_login"
CA_UNREADABLE: Final = "broker_ca_unreadable"

# Why there is no connection; each has a text for the set-up of a terminal, and one for the form that asks for a broker.
KEYS: Final = frozenset(
    {
        CA_UNREADABLE,
        LOGIN,
        "broker_busy",
        "broker_certificate_expired",
        "broker_certificate_name",
        "broker_certificate_untrusted",
        "broker_no_mqtt",
        "broker_no_tls",
        "broker_unknown_host",
        "broker_unreachable",
    }
)


class BrokerError(Exception):
    """A broker cannot be used; `key` is that of the text that says why and what to do."""

    def __init__(self, key: str) -> None:
        """Name the text."""
        super().__init__(key)
        self.key = key
