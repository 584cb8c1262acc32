"""The broker that all terminals share."""

import asyncio
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.broker import Broker, Line, async_get_broker
from custom_components.thermogate.facegate import FaceGateConnectionError, Topics
from homeassistant.components import mqtt
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from tests.waiting import until

CAPTURES = "topic/face/capture/request/+"
HOME = "custom_components.thermogate.broker.home"


class Ear:
    """A terminal's end of the broker, which remembers what it heard."""

    def __init__(self, device_id: str, prefix: str = "") -> None:
        """Listen to nothing yet."""
        self.captures: list[bytes] = []
        self.replies: list[bytes] = []
        self.connections: list[bool] = []
        self.line = Line(
            topics=Topics(device_id, prefix),
            on_capture=self.captures.append,
            on_reply=self.replies.append,
            on_connection=self.connections.append,
        )


@pytest.fixture
def broker(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> Broker:
    """Return the broker."""
    return async_get_broker(hass)


@pytest.fixture
def unconfirmed() -> Iterator[None]:
    """Let the broker never confirm a subscription."""
    with patch(f"{HOME}.mqtt.async_on_subscribe_done", return_value=lambda: None):
        yield


def subscribed(mqtt_mock: MqttMockHAClient) -> list[str]:
    """Return what Home Assistant listens to, as often as it does."""
    return sorted(item.topic for item in mqtt_mock.return_value.subscriptions)


async def test_there_is_one_broker(hass: HomeAssistant, broker: Broker) -> None:
    """Everything of one Home Assistant shares it."""
    assert async_get_broker(hass) is broker
    await broker.async_ready()


async def test_each_terminal_hears_its_own(hass: HomeAssistant, broker: Broker) -> None:
    """Captures and answers go to the terminal whose topic they came on, as bytes."""
    gate, hall = Ear("gate"), Ear("hall")
    for ear in (gate, hall):
        await broker.async_open(ear.line)

    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"\xff capture")
    async_fire_mqtt_message(hass, "topic/face/manage/response/hall", b"answer")
    async_fire_mqtt_message(hass, "topic/face/capture/request/yard", b"nobody's")

    assert (gate.captures, gate.replies) == ([b"\xff capture"], [])
    assert (hall.captures, hall.replies) == ([], [b"answer"])


async def test_terminals_share_one_subscription_to_captures(
    broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """It ends with the last of them; their answers are subscribed to one by one."""
    before = subscribed(mqtt_mock)
    close_gate = await broker.async_open(Ear("gate").line)
    close_hall = await broker.async_open(Ear("hall").line)
    close_watch = await broker.async_watch()
    assert subscribed(mqtt_mock) == sorted(
        [
            *before,
            CAPTURES,
            "topic/face/manage/response/gate",
            "topic/face/manage/response/hall",
        ]
    )

    close_gate()
    close_hall()
    assert subscribed(mqtt_mock) == sorted([*before, CAPTURES])

    close_watch()
    assert subscribed(mqtt_mock) == before


async def test_terminals_that_begin_at_once_subscribe_once(
    broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """At a start of Home Assistant all entries are set up at the same time."""
    await asyncio.gather(*(broker.async_open(Ear(f"gate {n}").line) for n in range(5)))

    assert subscribed(mqtt_mock).count(CAPTURES) == 1


async def test_what_is_closed_hears_nothing_of_subscriptions_that_were_restored(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Home Assistant's MQTT integration restores them when it is loaded anew, and then no longer ends them."""
    subscribe = mqtt.async_subscribe

    async def for_good(*args: Any, **named: Any) -> CALLBACK_TYPE:
        await subscribe(*args, **named)
        return lambda: None

    before, after = Ear("gate"), Ear("gate")
    with patch(f"{mqtt.__name__}.async_subscribe", for_good):
        close = await broker.async_open(before.line)
    close()
    await broker.async_open(after.line)
    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"capture")
    async_fire_mqtt_message(hass, "topic/face/manage/response/gate", b"answer")

    assert (before.captures, before.replies) == ([], [])
    assert (after.captures, after.replies) == ([b"capture"], [b"answer"])


async def test_a_prefix_has_a_subscription_of_its_own(
    hass: HomeAssistant, broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """The same topic id under another prefix is another terminal."""
    plain, north = Ear("gate"), Ear("gate", "site/north")
    before = subscribed(mqtt_mock)
    closes = [await broker.async_open(ear.line) for ear in (plain, north)]
    assert f"site/north/{CAPTURES}" in subscribed(mqtt_mock)

    async_fire_mqtt_message(
        hass, "site/north/topic/face/capture/request/gate", b"north"
    )
    async_fire_mqtt_message(
        hass, "site/north/topic/face/manage/response/gate", b"answer"
    )

    assert (north.captures, north.replies) == ([b"north"], [b"answer"])
    assert (plain.captures, plain.replies) == ([], [])
    for close in closes:
        close()
    assert subscribed(mqtt_mock) == before


async def test_two_can_listen_to_one_terminal(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Its entry, and the flow that reconfigures it."""
    entry, flow = Ear("gate"), Ear("gate")
    await broker.async_open(entry.line)
    close = await broker.async_open(flow.line)

    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"first")
    close()
    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"second")

    assert entry.captures == [b"first", b"second"]
    assert flow.captures == [b"first"]


async def test_unknown_terminals_are_told_to_who_looks_for_them(
    hass: HomeAssistant, broker: Broker
) -> None:
    """A known one is not looked at twice, and a topic id that is impossible not at all."""
    heard: list[tuple[Topics, bytes]] = []
    broker.on_unknown = lambda topics, payload: heard.append((topics, payload))
    await broker.async_open(Ear("gate").line)

    for device_id in ("gate", "hall", "x" * 65):
        async_fire_mqtt_message(
            hass, f"topic/face/capture/request/{device_id}", b"hello"
        )

    assert heard == [(Topics("hall"), b"hello")]


async def test_the_state_of_the_connection_is_told(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Until the line is closed."""
    ear = Ear("gate")
    close = await broker.async_open(ear.line)
    await hass.async_block_till_done()
    ear.connections.clear()

    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
    close()
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)

    assert ear.connections == [False, True]


async def test_a_message_is_published_once_and_never_kept(
    broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """A retained command would be obeyed again at every start of the terminal."""
    await broker.async_publish("some/topic", b"payload")

    [call] = mqtt_mock.async_publish.call_args_list
    assert call.args[:4] == ("some/topic", b"payload", 0, False)


async def test_nothing_is_published_while_the_broker_is_away(
    broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """Nor kept for later: a gate would open for somebody long gone."""
    mqtt_mock.connected = False

    assert not broker.connected
    with pytest.raises(FaceGateConnectionError):
        await broker.async_publish("some/topic", b"payload")

    mqtt_mock.async_publish.assert_not_called()


async def test_a_publication_that_fails_says_so(
    broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """Whatever MQTT says about it."""
    mqtt_mock.async_publish.side_effect = HomeAssistantError("no")

    with pytest.raises(FaceGateConnectionError, match="no"):
        await broker.async_publish("some/topic", b"payload")


@pytest.mark.usefixtures("unconfirmed")
async def test_a_subscription_that_is_not_confirmed_does_not_hold_up(
    hass: HomeAssistant, broker: Broker
) -> None:
    """MQTT makes it by itself when the broker is back."""
    ear = Ear("gate")
    with patch(f"{HOME}.SUBSCRIBE_TIMEOUT", 0.01):
        await broker.async_open(ear.line)

    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"late")

    assert ear.captures == [b"late"]


@pytest.mark.usefixtures("unconfirmed")
async def test_who_gives_up_while_subscribing_leaves_nothing_behind(
    hass: HomeAssistant, broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """A config flow that is closed while the broker is away."""
    before = subscribed(mqtt_mock)
    ear = Ear("gate")
    opening = hass.async_create_task(broker.async_open(ear.line))
    await until(lambda: CAPTURES in subscribed(mqtt_mock))

    opening.cancel()

    await until(lambda: subscribed(mqtt_mock) == before)
    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"hello")
    assert ear.captures == []


@pytest.mark.usefixtures("unconfirmed")
async def test_who_gives_up_later_leaves_nothing_behind_either(
    hass: HomeAssistant, broker: Broker, mqtt_mock: MqttMockHAClient
) -> None:
    """The captures are subscribed to already, the answers are not confirmed yet."""
    before = subscribed(mqtt_mock)
    with patch(f"{HOME}.SUBSCRIBE_TIMEOUT", 0.05):
        opening = hass.async_create_task(broker.async_open(Ear("gate").line))
        await until(lambda: "topic/face/manage/response/gate" in subscribed(mqtt_mock))
        opening.cancel()
        await until(lambda: subscribed(mqtt_mock) == before)


@pytest.mark.usefixtures("unconfirmed")
async def test_one_that_gives_up_does_not_stop_another(
    hass: HomeAssistant, broker: Broker
) -> None:
    """They wait for the same subscription."""
    hall = Ear("hall")
    with patch(f"{HOME}.SUBSCRIBE_TIMEOUT", 0.05):
        gives_up = hass.async_create_task(broker.async_open(Ear("gate").line))
        stays = hass.async_create_task(broker.async_open(hall.line))
        await asyncio.sleep(0)
        gives_up.cancel()
        await stays

    async_fire_mqtt_message(hass, "topic/face/capture/request/hall", b"hello")

    assert hall.captures == [b"hello"]


async def test_a_subscription_that_fails_can_be_tried_again(
    hass: HomeAssistant, broker: Broker
) -> None:
    """MQTT was not there, and is there now."""
    ear = Ear("gate")
    with (
        patch(f"{HOME}.mqtt.async_subscribe", side_effect=HomeAssistantError("gone")),
        pytest.raises(HomeAssistantError, match="gone"),
    ):
        await broker.async_open(ear.line)

    await broker.async_open(ear.line)

    async_fire_mqtt_message(hass, "topic/face/capture/request/gate", b"hello")
    assert ear.captures == [b"hello"]
