"""The coordinator of a thermal camera."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_HOST,
    CONF_MAC,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
    EVENT_HOMEASSISTANT_STOP,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..const import (
    CAMERA_SETTINGS_INTERVAL,
    CONF_APP_KEY,
    CONF_POLL_INTERVAL,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    LOGGER,
)
from ..errors import reason, translate_errors, translated
from ..guide import (
    AlarmKind,
    Connection,
    ForcedLogout,
    GuideAuthError,
    GuideClient,
    GuideCommandError,
    GuideConnectionError,
    GuideError,
    GuideRetryLaterError,
    LightMode,
    Message,
    ObjectTemperatures,
    Picture,
    PtzStatus,
    Push,
    RecordingStatus,
    TemperatureAlarm,
    VersionInfo,
)
from ..journal import JournalError, Kind
from .alarms import READERS, Alarms
from .base import DeviceFacts, ThermoGateCoordinator
from .camera_questions import QUESTIONS
from .camera_settings import CameraSettings
from .camera_state import CameraState
from .camera_upgrades import CameraUpgrades
from .camera_video import CameraVideo
from .missed_alarms import MissedAlarms
from .ptz import Ptz
from .pushed_temperatures import with_pushed
from .recordings import Recordings
from .seen_alarms import SeenAlarms, rule_alarm
from .temperature_statistics import TemperatureStatistics
from .thermal_map import ThermalMap


class CameraCoordinator(ThermoGateCoordinator[CameraState]):
    """Keeps a session with a camera: pushes for what happens, polls for what is measured."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is sent yet."""
        super().__init__(
            hass,
            entry,
            CameraState(mac=entry.data.get(CONF_MAC, "")),
            update_interval=timedelta(
                seconds=entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL)
            ),
        )
        self.client = GuideClient(
            async_get_clientsession(hass),
            entry.data[CONF_HOST],
            port=entry.data[CONF_PORT],
            username=entry.data[CONF_USERNAME],
            password=entry.data[CONF_PASSWORD],
            on_push=self._async_pushed,
            on_connection=self._async_connection_changed,
            on_auth_failed=self._async_auth_failed,
            app_key=entry.options.get(CONF_APP_KEY, ""),
        )
        self.unsupported: set[str] = set()
        self._answered: set[str] = set()
        # When each question was last asked.
        self._asked: dict[str, datetime] = {}
        self.recordings = Recordings(self.client)
        self.ptz = Ptz(self)
        self._alarms = Alarms(self, self.client)
        self._seen_alarms = SeenAlarms(self, self._alarms)
        self._missed = MissedAlarms(
            self.client,
            self.keeper,
            self.device_key,
            lambda: self.data.rules,
            self._alarms.async_settle,
        )
        self.statistics = TemperatureStatistics(
            hass,
            self.client,
            self.device_key,
            lambda: self.rule_names or (),
            self.async_background,
        )
        self.settings = CameraSettings(self)
        self.thermal_map = ThermalMap(self)
        self.upgrades = CameraUpgrades(self)
        self.video = CameraVideo(self)
        self._handlers: dict[type[Push], Callable[[Any], None]] = {
            **dict.fromkeys(READERS, self._alarms.take),
            TemperatureAlarm: self._temperature_alarm,
            RecordingStatus: self._recording_status,
            ObjectTemperatures: self._object_temperatures,
            ForcedLogout: self._forced_logout,
        }

    # What entities need to know

    @property
    @override
    def available(self) -> bool:
        """Whether the last reading came through, by whichever way."""
        return self.last_update_success

    @property
    @override
    def device_facts(self) -> DeviceFacts:
        """What the camera told about itself."""
        data = self.config_entry.data
        version = self.data.version
        return DeviceFacts(
            manufacturer="Guide Sensmart",
            model=version.model or "Thermal camera",
            serial_number=version.serial or None,
            sw_version=version.version or None,
            hw_version=version.fpga_version or None,
            configuration_url=f"http://{data[CONF_HOST]}:{data[CONF_PORT]}",
        )

    @property
    @override
    def device_connections(self) -> set[tuple[str, str]]:
        """The camera's MAC address, where it could be read."""
        return {(CONNECTION_NETWORK_MAC, self.data.mac)} if self.data.mac else set()

    def supports(self, feature: str) -> bool:
        """Whether the camera answered when it was asked for a feature."""
        return feature not in self.unsupported

    @property
    def has_visible(self) -> bool:
        """Whether the camera has a lens for visible light: those that lack one name neither stream nor port of it."""
        general = self.data.general
        return bool(general.urls.visible) or general.has_visible_video

    @property
    def rule_names(self) -> dict[str, str] | None:
        """Names of the temperature rules by key; None while the camera has not told which there are."""
        readings = {rule.key: rule.name for rule in self.data.temperatures.rules}
        settings = {rule.key: rule.name for rule in self.data.rules}
        if "rules" not in self._answered and not readings:
            return None
        return {key: name or key for key, name in (readings | settings).items()}

    @override
    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem."""
        state = self.data
        return {
            "connection": state.connection,
            "last_update_success": self.last_update_success,
            "version": asdict(state.version),
            "general": asdict(state.general),
            "temperatures": asdict(state.temperatures),
            "rules": [rule.raw for rule in state.rules],
            "presets": [asdict(preset) for preset in state.presets],
            "recording": state.recording and asdict(state.recording),
            "alarms": sorted(state.alarms),
            "unsupported": sorted(self.unsupported),
        }

    # Life

    @override
    async def async_start(self) -> None:
        """Log in, read everything once and keep the session.

        Raises ConfigEntryAuthFailed for a refused login and ConfigEntryNotReady for everything that may pass.
        """
        try:
            await self.client.connect()
            await self._async_read_identity()
        except GuideAuthError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="camera_login"
            ) from err
        except GuideError as err:
            said = translated(err)
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN,
                translation_key=said.translation_key,
                translation_placeholders=said.translation_placeholders,
            ) from err
        # Entries are not unloaded when Home Assistant stops.
        self.config_entry.async_on_unload(
            self.hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_STOP, self._async_home_assistant_stops
            )
        )
        await self.async_config_entry_first_refresh()
        self._missed.begin(await self.async_last_kept(Kind.ALARM))
        self.async_follow_journal(self._async_catch_up)
        self.client.start()
        self.async_background(self._async_catch_up(), "catch up")
        # Until then the recorder has not summed up what it has.
        self.config_entry.async_on_unload(
            async_at_started(self.hass, self.statistics.async_begin)
        )
        self.upgrades.async_follow()

    async def _async_home_assistant_stops(self, _: Event) -> None:
        """Leave the camera as an unload would: standing still and logged out."""
        await self.async_shutdown()

    @override
    async def async_shutdown(self) -> None:
        """Let a move end, and the session after it; what is being stored is stored."""
        await super().async_shutdown()
        await self.ptz.async_rest()
        self.statistics.async_stop()
        self.video.async_stop()
        await self.client.close()
        await self._alarms.async_settle()

    async def _async_read_identity(self) -> None:
        """Read what the camera is."""
        version = await self.client.version()
        mac = self.data.mac
        network = await self._async_optional("network", self.client.network)
        if network is not None and network.mac:
            mac = network.mac
        # Asked by the client before it logged in.
        self.async_change(general=self.client.info, version=version, mac=mac)
        if mac != self.config_entry.data.get(CONF_MAC):
            self.hass.config_entries.async_update_entry(
                self.config_entry, data={**self.config_entry.data, CONF_MAC: mac}
            )

    @override
    async def _async_update_data(self) -> CameraState:
        """Read the temperatures, and now and then what a person may have changed at the camera."""
        try:
            await self.settings.async_read_if_due()
            await self._async_ask()
            temperatures = await self._async_optional(
                "temperatures", self.client.temperatures
            )
        except GuideAuthError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="camera_login"
            ) from err
        except GuideError as err:
            if isinstance(err, GuideConnectionError):
                # The connection says itself when it is lost, which then is one line in the log and not two.
                self.last_update_success = False
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="camera_lost",
                translation_placeholders={"reason": reason(err)},
            ) from err
        if temperatures is not None:
            self._take(temperatures=temperatures)
        self._seen_alarms.look()
        return self.data

    @callback
    def _take(self, **answer: Any) -> None:
        """Take over an answer at once: what is pushed or changed until the reading ends is newer. It is shown then."""
        before = self.rule_names or {}
        self.data = replace(self.data, **answer)
        names = self.rule_names or {}
        if any(before[key] != names[key] for key in before.keys() & names.keys()):
            # Entities are named when they are made.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    async def _async_ask(self) -> None:
        """Ask what is due; what the camera does not have is asked once. Raises what the client raises for a lost camera."""
        now = dt_util.utcnow()
        due = [
            question
            for question in QUESTIONS
            if self.supports(question.feature)
            and (
                (asked := self._asked.get(question.feature)) is None
                or now - asked >= (question.interval or CAMERA_SETTINGS_INTERVAL)
            )
        ]
        if any(question.interval is None for question in due):
            self._catch_up_without_pushes()
        for question in due:
            # Before the answer: it is due again if somebody wants it asked once more meanwhile.
            self._asked[question.feature] = now
            try:
                answer = await self._async_optional(
                    question.feature, partial(question.ask, self.client)
                )
            except GuideError:
                self._asked.pop(question.feature, None)
                raise
            if answer is not None:
                self._take(**{question.feature: answer})
            if isinstance(answer, PtzStatus):
                self.ptz.told(answer)

    async def async_ask_again(self, *features: str) -> None:
        """Ask at once what may have changed, and show it."""
        for feature in features:
            self._asked.pop(feature, None)
        await self.async_refresh()

    async def _async_optional[T](
        self, feature: str, question: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Ask for something that not every camera has; None when this one refuses.

        One that refuses from the start has it not. One that has answered before has it, and is only busy.
        """
        try:
            answer = await question()
        except GuideRetryLaterError:
            return None
        except GuideCommandError as err:
            LOGGER.debug("%s: no %s (%s)", self.config_entry.title, feature, err)
            if feature not in self._answered:
                self.unsupported.add(feature)
            return None
        self._answered.add(feature)
        return answer

    # What comes in

    @callback
    def _async_connection_changed(self, connection: Connection) -> None:
        """Show by which way the camera is reached, and read everything anew after it was away."""
        was = self.data.connection
        if connection is Connection.DISCONNECTED:
            self.ptz.lost()
        else:
            self.ptz.back()
        self.async_change(connection=connection)
        self.async_issue(
            "pushes_unavailable",
            connection is Connection.POLLING,
            port=str(self.client.info.control_port),
        )
        if connection is Connection.CONNECTED:
            self.async_issue("forced_logout", False)
            self.async_background(self._async_catch_up(), "catch up")
        else:
            self._missed.begin(dt_util.utcnow())
        if connection is not Connection.DISCONNECTED and was is not connection:
            self._asked.clear()
            self.settings.all_due()
            self.async_background(self._async_after_reconnect(), "refresh")

    async def _async_catch_up(self) -> None:
        """Ask the camera for the alarms that it had no way to report; tried again after the next pause."""
        try:
            missed = await self._missed.async_fetch()
        except (GuideError, JournalError) as err:
            LOGGER.debug("%s: not caught up (%s)", self.config_entry.title, err)
            return
        if missed:
            LOGGER.info("%s: caught up with %d alarms", self.config_entry.title, missed)

    @callback
    def _catch_up_without_pushes(self) -> None:
        """While the camera cannot report its alarms, look for them now and then."""
        if self.data.connection is Connection.POLLING:
            self._missed.begin(dt_util.utcnow())
            self.async_background(self._async_catch_up(), "catch up")

    async def _async_after_reconnect(self) -> None:
        """Take over a new firmware, else only the current values."""
        before = self.data.version
        if self.last_update_success and before == VersionInfo():
            return  # set-up is still reading
        try:
            version = await self.client.version()
        except GuideError as err:
            LOGGER.debug("%s: no version (%s)", self.config_entry.title, err)
            return
        if version != before:
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
            return
        await self.async_request_refresh()
        if self.hass.is_running:
            self.statistics.async_begin()

    @callback
    def _async_auth_failed(self, _: GuideAuthError) -> None:
        """Ask the person for the password instead of trying until the camera locks the account."""
        self.config_entry.async_start_reauth(self.hass)

    @callback
    def _async_pushed(self, push: Push) -> None:
        """Pass a push to its handler."""
        if handler := self._handlers.get(type(push)):
            handler(push)
        else:
            LOGGER.debug("%s pushed %s", self.config_entry.title, type(push).__name__)

    @callback
    def _temperature_alarm(self, push: TemperatureAlarm) -> None:
        """Show the rule's own alarm as well."""
        for rule in self.data.rules:
            # At another preset another rule may be called the same.
            elsewhere = push.preset and rule.preset and push.preset != rule.preset
            if push.kind is AlarmKind.RULE and rule.name == push.name and not elsewhere:
                self.async_show_alarm(rule_alarm(rule.key))
        self._alarms.take(push)

    @callback
    def _recording_status(self, push: RecordingStatus) -> None:
        self.async_change(recording=push)

    @callback
    def _object_temperatures(self, push: ObjectTemperatures) -> None:
        self.async_change(temperatures=with_pushed(self.data.temperatures, push))

    @callback
    def _forced_logout(self, _: ForcedLogout) -> None:
        """Tell the person that somebody else took the session; it is not fought over."""
        LOGGER.warning("%s logged Home Assistant out", self.config_entry.title)
        self.async_issue("forced_logout", True)

    # Commands

    @translate_errors
    async def async_request(
        self, cmdtype: int, message: Message | None = None, **top_level: Any
    ) -> Message:
        """Send any command of the camera's table and return the body of its answer."""
        return await self.client.request(cmdtype, message, **top_level)

    @translate_errors
    async def async_modify(
        self, get_cmdtype: int, change: Callable[[Message], Message]
    ) -> Message:
        """Read settings, change them, write them back whole, and return them as read again."""
        return await self.client.modify(get_cmdtype, change)

    @translate_errors
    async def async_nuc(self) -> None:
        """Close the shutter for a non-uniformity correction."""
        await self.client.nuc()

    @translate_errors
    async def async_silence_alarm(self) -> None:
        """Switch off the sound and the output that an alarm has switched on."""
        await self.client.silence_alarm()

    @translate_errors
    async def async_reboot(self) -> None:
        """Restart the camera."""
        await self.client.reboot()

    @translate_errors
    async def async_set_clock(self) -> None:
        """Give the camera Home Assistant's local time."""
        await self.client.set_clock(dt_util.now().replace(tzinfo=None))

    @translate_errors
    async def async_set_fill_light(
        self,
        *,
        on: bool | None = None,
        brightness: int | None = None,
        mode: LightMode | None = LightMode.MANUAL,
    ) -> None:
        """Change what is given of the fill light: its brightness in percent, and whether the camera itself switches it."""
        self.async_change(
            fill_light=await self.client.set_fill_light(
                on=on, brightness=brightness, mode=mode
            )
        )

    @translate_errors
    async def async_still(self, stream: str) -> Picture:
        """Take a picture now with one of the two lenses."""
        if stream.startswith("thermal"):
            return await self.client.thermal_still()
        return await self.client.visible_still()
