"""A broker of a terminal's own: stays connected to it, and subscribed to what terminals need."""

import asyncio
from collections.abc import Callable
from datetime import datetime
import random
from secrets import token_hex
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import instance_id, issue_registry as ir
from homeassistant.helpers.event import async_call_later

from ..const import DOMAIN, LOGGER
from ..facegate import FaceGateConnectionError
from .errors import LOGIN, BrokerError
from .routing import SUBSCRIBE_TIMEOUT, Listener
from .session import Session
from .settings import BrokerSettings

# Seconds between two attempts: the first, and the longest. Each is shortened at random by up to half, so that not everybody
# comes at once when a broker is back.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
# A refused login is not tried often: some brokers lock out who does.
REFUSED_PAUSE = 300.0
# A broker that is away for longer than a restart takes is something for a person to repair.
AWAY_SECONDS = 300.0


class OwnWire:
    """A connection of our own to a broker, from the first user to the last."""

    def __init__(self, hass: HomeAssistant, settings: BrokerSettings) -> None:
        """Begin disconnected."""
        self.settings = settings
        # The key of the text that says why there is no connection, empty while there is one.
        self.failure = ""
        self._hass = hass
        self._listeners: dict[str, list[Listener]] = {}
        self._followers: list[tuple[Callable[[bool], None], Callable[[], None]]] = []
        self._session: Session | None = None
        self._connected = False
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stop_waiting: CALLBACK_TYPE | None = None

    @property
    def connected(self) -> bool:
        """Whether the connection stands and everything is subscribed to."""
        return self._connected

    @callback
    def async_begin(self) -> None:
        """Begin to connect, and stay connected from then on."""
        self._tried.clear()
        self.failure = ""
        self._task = self._hass.async_create_background_task(
            self._async_run(), f"{DOMAIN} broker {self.settings.address}"
        )

    @callback
    def async_end(self) -> None:
        """Disconnect."""
        if self._task:
            self._task.cancel()
            self._task = None
        if self._session:
            self._session.close()
            self._session = None
        self._connected = False
        self._not_away()

    def diagnostics(self) -> dict[str, Any]:
        """Return how the broker is reached and what is wrong with it."""
        return {
            "own_broker": {
                "connected": self._connected,
                "failure": self.failure,
                "tls": self.settings.tls,
                "own_ca": bool(self.settings.ca),
                "login": bool(self.settings.username),
                "subscriptions": len(self._listeners),
            }
        }

    async def async_ready(self) -> None:
        """Wait for the end of the first attempt. Raises BrokerError when there is no connection."""
        await self._tried.wait()
        if self.failure:
            raise BrokerError(self.failure)

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish once. Raises FaceGateConnectionError."""
        if not self._session:
            raise FaceGateConnectionError("the MQTT broker is not connected")
        self._session.publish(topic, payload)

    @callback
    def async_follow(
        self,
        on_connection: Callable[[bool], None],
        on_login_refused: Callable[[], None],
    ) -> CALLBACK_TYPE:
        """Tell of the connection until the returned function is called."""
        follower = (on_connection, on_login_refused)
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    async def async_subscribe(self, topic: str, listener: Listener) -> CALLBACK_TYPE:
        """Subscribe, and wait for the confirmation unless the broker is away: all is subscribed to when it is back."""
        listeners = self._listeners.setdefault(topic, [])
        listeners.append(listener)

        @callback
        def unsubscribe() -> None:
            listeners.remove(listener)
            if listeners:
                return
            del self._listeners[topic]
            if self._session:
                self._session.unsubscribe(topic)

        session = self._session
        if not self._connected or not session:
            return unsubscribe
        try:
            async with asyncio.timeout(SUBSCRIBE_TIMEOUT):
                await session.async_subscribe([topic])
        except TimeoutError:
            pass  # a slow broker confirms it later
        except BrokerError as err:
            if not session.ended.done():
                self._complain(err)
        except asyncio.CancelledError:
            unsubscribe()
            raise
        return unsubscribe

    # The connection

    async def _async_run(self) -> None:
        """Connect, and connect again whenever the connection has ended."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._async_hold()
            except BrokerError as err:
                self._failed(err)
            else:
                self._lost()
                pause = FIRST_PAUSE
            await asyncio.sleep(
                REFUSED_PAUSE
                if self.failure == LOGIN
                else pause * random.uniform(0.5, 1)
            )
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _async_hold(self) -> None:
        """Connect, and return when the connection has ended. Raises BrokerError when it does not come about.

        Nobody is told of a connection before all is subscribed to.
        """
        session = Session(
            self._hass, self.settings, await self._async_client_id(), self._received
        )
        await session.async_connect()
        self._session = session
        try:
            await self._async_subscribe_all(session)
            self._back()
            await session.ended
        finally:
            session.close()

    async def _async_subscribe_all(self, session: Session) -> None:
        """Subscribe to what somebody listens to, also to what comes meanwhile. Raises BrokerError when the connection ends."""
        asked: set[str] = set()
        while missing := self._listeners.keys() - asked:
            asked |= missing
            try:
                await session.async_subscribe(missing)
            except BrokerError as err:
                if session.ended.done():
                    raise
                self._complain(err)

    async def _async_client_id(self) -> str:
        """Return a name of 23 characters at most, which every broker must accept: ours, and no other connection's."""
        home = await instance_id.async_get(self._hass)
        return f"{DOMAIN}-{home[:6]}{token_hex(3)}"

    @callback
    def _back(self) -> None:
        """Tell that the connection stands."""
        if self._tried.is_set():
            LOGGER.info("The MQTT broker at %s is back", self.settings.address)
        self._connected = True
        self.failure = ""
        self._tried.set()
        self._not_away()
        self._tell(True)

    @callback
    def _lost(self) -> None:
        """Tell that the connection has ended."""
        LOGGER.warning(
            "The connection to the MQTT broker at %s is lost", self.settings.address
        )
        self._session = None
        self._connected = False
        self.failure = "broker_unreachable"
        self._stop_waiting = async_call_later(self._hass, AWAY_SECONDS, self._away)
        self._tell(False)

    @callback
    def _failed(self, err: BrokerError) -> None:
        """Note why an attempt has failed, and ask for another login if the broker takes this one no longer."""
        LOGGER.debug("The MQTT broker at %s: %s", self.settings.address, err.key)
        self.failure = err.key
        first = not self._tried.is_set()
        self._tried.set()
        if err.key == LOGIN and not first:
            # It is there: a login is what it lacks.
            self._not_away()
            for _, on_login_refused in list(self._followers):
                on_login_refused()

    @callback
    def _tell(self, connected: bool) -> None:
        for on_connection, _ in list(self._followers):
            on_connection(connected)

    @callback
    def _complain(self, err: BrokerError) -> None:
        """Say that something could not be subscribed to."""
        LOGGER.warning(
            "The MQTT broker at %s did not confirm a subscription (%s): check that its user may read the topics of the terminals",
            self.settings.address,
            err.key,
        )

    @callback
    def _received(self, topic: str, payload: bytes, retained: bool) -> None:
        """Hand a message to who listens to its topic, or to its topic with a plus sign at the end."""
        listeners = self._listeners.get(topic)
        if listeners is None:
            head, _, _ = topic.rpartition("/")
            listeners = self._listeners.get(f"{head}/+", [])
        for listener in list(listeners):
            listener(topic, payload, retained)

    # A repair issue for a broker that stays away

    @property
    def _issue_id(self) -> str:
        return f"broker_away_{self.settings.address}"

    @callback
    def _away(self, _: datetime) -> None:
        """Let a person know."""
        self._stop_waiting = None
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="broker_away",
            translation_placeholders={"broker": self.settings.address},
        )

    @callback
    def _not_away(self) -> None:
        """Nothing is to be repaired, or nobody needs the broker any more."""
        if self._stop_waiting:
            self._stop_waiting()
            self._stop_waiting = None
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)


async def async_try_broker(hass: HomeAssistant, settings: BrokerSettings) -> None:
    """Connect once, beside any connection that there is. Raises BrokerError."""
    session = Session(hass, settings, f"{DOMAIN}-try-{token_hex(4)}", lambda *_: None)
    await session.async_connect()
    session.close()
