"""Firmware: which a terminal has, which is offered to it, and how an installation goes.

A terminal asks now and then whether there is new firmware; when is not documented, and nothing makes it ask. So an installation
begins with its next question, is followed by what it downloads, and ends with what it says in a later question.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.network import NoURLAvailableError, get_url

from ..const import CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE, DOMAIN, LOGGER
from ..facegate import FaceGateConnectionError, UpgradeFile, UpgradeQuery, upgrade_reply
from ..firmware import (
    FirmwareDamagedError,
    Offer,
    checked_md5,
    firmware_folder,
    newest_firmware,
)
from ..firmware_view import FIRMWARE_URL, Download, async_get_downloads

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

LOOK_INTERVAL: Final = timedelta(minutes=5)
ASKS_WITHIN: Final = timedelta(hours=24)
# Since the last sign of progress: a download over a mobile network takes its time, and so does writing to flash.
INSTALLS_WITHIN: Final = timedelta(minutes=30)

# The repair issues for what a terminal says of its last upgrade (vendor document 1.3), and for what it does not say.
REFUSED: Final = "upgrade_refused"
FAILURES: Final = {
    9: "upgrade_mismatch",
    10: "upgrade_download",
    11: "upgrade_damaged",
}
NOT_ASKED: Final = "upgrade_not_asked"
NO_NEWS: Final = "upgrade_no_news"
ISSUES: Final = (*FAILURES.values(), REFUSED, NOT_ASKED, NO_NEWS)


@dataclass(kw_only=True, slots=True)
class _Installation:
    """One that runs: what the terminal is to be told, and what it has said and done since.

    `token` and `size` in bytes are those of a file that we serve.
    """

    file: UpgradeFile
    before: str
    token: str = ""
    size: int = 0
    told: bool = False
    code_before: int | None = None
    received: int = 0

    @property
    def complete(self) -> bool:
        """Whether the terminal has downloaded all of a file that we serve."""
        return 0 < self.size <= self.received


class Upgrades:
    """Is the upgrade server of a terminal."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._chosen: Offer | None = None
        self._installation: _Installation | None = None
        self._stop_waiting: CALLBACK_TYPE | None = None

    @callback
    def async_follow(self) -> None:
        """Start with the version that was known, and look for files now and then."""
        terminal = self._terminal
        terminal.async_change(app_version=terminal.memory.app_version)
        terminal.async_background(self.async_look(), "firmware")

        async def look(_: datetime) -> None:
            await self.async_look()

        terminal.config_entry.async_on_unload(
            async_track_time_interval(
                terminal.hass,
                look,
                LOOK_INTERVAL,
                name=f"{DOMAIN} firmware {terminal.config_entry.title}",
                cancel_on_shutdown=True,
            )
        )

    @callback
    def async_stop(self) -> None:
        """Give up what runs; nobody looks at the state any more."""
        self._stop()
        if self._installation:
            self._withdraw(self._installation)
            self._installation = None

    async def async_look(self) -> None:
        """Offer the newest file, unless a person chose something else."""
        terminal = self._terminal
        if self._chosen:
            return
        try:
            offer = await terminal.hass.async_add_executor_job(
                newest_firmware, firmware_folder(terminal.hass), terminal.device_key
            )
        except OSError as err:
            LOGGER.debug("%s: no firmware (%s)", terminal.config_entry.title, err)
            return
        # Chosen meanwhile.
        if not self._chosen:
            terminal.async_change(offer=offer)

    @callback
    def async_offer(self, offer: Offer) -> None:
        """Offer what a person chose, until it is installed or Home Assistant restarts.

        An installation that the terminal does not know of yet is given up. HomeAssistantError for one that it does.
        """
        if self._installation and self._installation.told:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="upgrade_running"
            )
        self._end()
        self._chosen = offer
        self._terminal.async_change(offer=offer)

    async def async_install(self) -> None:
        """Let the terminal have what is offered when it asks next. HomeAssistantError for what stands in the way."""
        terminal = self._terminal
        self._check()
        if (offer := terminal.data.offer) is None:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="no_firmware"
            )
        installation = await self._prepared(offer)
        # Both may have happened meanwhile.
        try:
            self._check()
        except HomeAssistantError:
            self._withdraw(installation)
            raise
        self._withdraw_issues()
        self._installation = installation
        self._wait(ASKS_WITHIN)
        terminal.async_change(upgrading=True, upgrade_percent=None)

    async def async_take(self, query: UpgradeQuery) -> None:
        """Learn which firmware the terminal has and how its last upgrade went, and answer."""
        terminal = self._terminal
        self._learn(query)
        if self._installation:
            self._judge(self._installation, query)
        if not terminal.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return
        installation = self._installation
        file = installation.file if installation and _is_due(installation) else None
        try:
            await terminal.async_publish(
                terminal.topics.capture_response, upgrade_reply(query, file)
            )
        except FaceGateConnectionError as err:
            # It asks again.
            LOGGER.debug("%s: not answered (%s)", terminal.config_entry.title, err)
            return
        if installation and file and installation is self._installation:
            if not installation.told:
                installation.code_before = query.last_upgrade_code
            installation.told = True
            self._wait(INSTALLS_WITHIN)

    @callback
    def _learn(self, query: UpgradeQuery) -> None:
        """Remember the version, and ask a terminal anew that has another one than before."""
        terminal = self._terminal
        known = terminal.data.app_version
        version = query.firmware.app_version or known
        terminal.async_change(
            app_version=version,
            hardware=query.firmware.board or terminal.data.hardware,
        )
        terminal.async_update_device()
        terminal.memory.async_learn(app_version=version)
        if known and version != known:
            self._withdraw_issues()
            LOGGER.info("%s has firmware %s now", terminal.config_entry.title, version)
            terminal.async_ask()

    @callback
    def _judge(self, installation: _Installation, query: UpgradeQuery) -> None:
        """End an installation when the terminal says how it went."""
        version, code = query.firmware.app_version, query.last_upgrade_code
        if version == installation.file.version and not installation.file.force:
            self._end(installed=True)
        elif not installation.told:
            return
        elif version and version != installation.before:
            self._end(installed=True)
        elif code and (installation.complete or code != installation.code_before):
            self._fail(FAILURES.get(code, REFUSED), code=str(code))
        elif (
            code == 0 and version == installation.file.version and installation.complete
        ):
            self._end(installed=True)

    @callback
    def _sent(self, installation: _Installation, position: int) -> None:
        """Show how much the terminal has downloaded; parts that it gets again count once."""
        if installation is not self._installation:
            return
        installation.received = max(installation.received, position)
        percent = 100 * installation.received // installation.size
        if percent != self._terminal.data.upgrade_percent:
            self._wait(INSTALLS_WITHIN)
            self._terminal.async_change(upgrade_percent=percent)

    def _check(self) -> None:
        """Raise HomeAssistantError where nothing can be installed."""
        if self._installation:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="upgrade_running"
            )
        options = self._terminal.config_entry.options
        if not options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="upgrade_elsewhere"
            )

    async def _prepared(self, offer: Offer) -> _Installation:
        """Return an installation that can begin: of a file of ours, it is served from now on."""
        before = self._terminal.data.app_version
        if offer.path is None:
            return _Installation(
                file=UpgradeFile(
                    url=offer.url,
                    md5=offer.md5,
                    version=offer.version,
                    force=offer.force,
                ),
                before=before,
            )
        hass = self._terminal.hass
        try:
            base = get_url(hass, prefer_external=False, allow_cloud=False)
        except NoURLAvailableError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="no_address"
            ) from err
        try:
            md5, size = await hass.async_add_executor_job(
                checked_md5, offer.path, offer.md5
            )
        except FirmwareDamagedError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="firmware_damaged",
                translation_placeholders={"file": offer.path.name},
            ) from err
        except OSError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="firmware_unreadable",
                translation_placeholders={
                    "file": offer.path.name,
                    "reason": err.strerror or str(err),
                },
            ) from err

        def sent(position: int) -> None:
            self._sent(installation, position)

        token = async_get_downloads(hass).async_serve(
            Download(path=offer.path, md5=md5, sent=sent)
        )
        installation = _Installation(
            file=UpgradeFile(
                url=f"{base}{FIRMWARE_URL.format(token=token)}",
                md5=md5,
                version=offer.version,
                force=offer.force,
            ),
            before=before,
            token=token,
            size=size,
        )
        return installation

    @callback
    def _wait(self, time: timedelta) -> None:
        """Wait that long for a sign of progress."""
        self._stop()
        self._stop_waiting = async_call_later(self._terminal.hass, time, self._waited)

    @callback
    def _waited(self, _: datetime) -> None:
        """Give up an installation of which nothing was heard."""
        self._stop_waiting = None
        told = self._installation and self._installation.told
        self._fail(NO_NEWS if told else NOT_ASKED)

    @callback
    def _stop(self) -> None:
        if self._stop_waiting:
            self._stop_waiting()
            self._stop_waiting = None

    @callback
    def _fail(self, issue: str, code: str = "") -> None:
        """End an installation that went wrong, and say why."""
        terminal = self._terminal
        version = self._installation.file.version if self._installation else ""
        self._end()
        LOGGER.warning(
            "%s: firmware %s was not installed (%s)",
            terminal.config_entry.title,
            version,
            issue,
        )
        terminal.async_issue(issue, True, version=version, code=code)

    @callback
    def _end(self, *, installed: bool = False) -> None:
        """Serve the file no longer, and wait for nothing; what was installed is not offered any more."""
        self._stop()
        if self._installation is None:
            return
        self._withdraw(self._installation)
        self._installation = None
        self._terminal.async_change(upgrading=False, upgrade_percent=None)
        if installed and self._chosen:
            self._chosen = None
            self._terminal.async_change(offer=None)
            self._terminal.async_background(self.async_look(), "firmware")

    @callback
    def _withdraw(self, installation: _Installation) -> None:
        """Serve the file of an installation no longer."""
        async_get_downloads(self._terminal.hass).async_withdraw(installation.token)

    @callback
    def _withdraw_issues(self) -> None:
        """Say no longer what went wrong before."""
        for issue in ISSUES:
            self._terminal.async_issue(issue, False)


def _is_due(installation: _Installation) -> bool:
    """Whether the terminal is to be told: also again, as long as it is seen that it gets nothing.

    Of a file that we do not serve that is not seen; told twice, it might be installed twice.
    """
    return not installation.told or bool(
        installation.token and not installation.received
    )
