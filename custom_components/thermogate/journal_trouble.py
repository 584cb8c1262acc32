"""What a person hears of the journal's trouble: a repair issue while it fails, and a log line when it breaks and when it heals."""

import re
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN, LOGGER
from .journal import JournalError, Reason

# The texts of what is wrong, in repair issues as in the options; anything else has that of a plain failure.
TEXTS = {
    Reason.DISK_FULL: "journal_disk_full",
    Reason.PERMISSION: "journal_permission",
    Reason.FOREIGN: "journal_foreign",
    Reason.LOCKED: "journal_locked",
    Reason.LOST: "journal_lost",
    Reason.NEWER: "journal_newer",
    Reason.URL: "journal_url",
}
TEXT_FAILED = "journal_failed"
ISSUE_FAILING = "journal_failing"
ISSUE_SET_ASIDE = "journal_set_aside"

# What libpq quotes: the server, with its address, its users and databases.
_QUOTED: Final = re.compile(r'"[^"]*"(?: \([^)]*\))?')


class JournalTrouble:
    """What is wrong with the journal now, if anything is."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nothing wrong."""
        self._hass = hass
        self.failure: JournalError | None = None

    @callback
    def async_broke(self, err: JournalError) -> None:
        """Say once what is wrong, and anew when it is something else."""
        if self.failure is None:
            LOGGER.error("The journal cannot store: %s", err)
        elif self.failure.reason is err.reason:
            return
        self.failure = err
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE_FAILING,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=text_key(err),
            translation_placeholders={"reason": err.text},
        )

    @callback
    def async_healed(self) -> None:
        """Say that all is well again."""
        LOGGER.info("The journal stores again")
        self.async_withdraw()

    @callback
    def async_withdraw(self) -> None:
        """Say nothing any more, whatever is wrong."""
        self.failure = None
        ir.async_delete_issue(self._hass, DOMAIN, ISSUE_FAILING)

    @callback
    def async_was_set_aside(self, path: str) -> None:
        """Say that a corrupt file lies beside the new one, until a person has read it."""
        LOGGER.error(
            "The journal was corrupt and is now %s; a new one was started", path
        )
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE_SET_ASIDE,
            is_fixable=True,
            is_persistent=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE_SET_ASIDE,
            translation_placeholders={"path": path},
            data={"path": path},
        )


def text_key(err: JournalError) -> str:
    """Return the key of the text that says what is wrong."""
    return TEXTS.get(err.reason, TEXT_FAILED)


def public_text(err: JournalError) -> str:
    """Return what is wrong for what people publish: it names no server and no user."""
    return _QUOTED.sub("…", str(err))
