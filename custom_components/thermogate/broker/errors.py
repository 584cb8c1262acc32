"""What can be wrong with a broker."""

from typing import Final

# The reasons that are more than words: a person is asked for another login, a field of the form is marked.
LOGIN: Final = "broker_login"
CA_UNREADABLE: Final = "broker_ca_unreadable"


class BrokerError(Exception):
    """A broker cannot be used; `key` is that of the text that says why and what to do."""

    def __init__(self, key: str) -> None:
        """Name the text."""
        super().__init__(key)
        self.key = key
