"""A tiny client of Home Assistant's public HTTP and WebSocket API."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Self

import aiohttp

# As the API gives it: `entity_id`, `state`, `attributes`, `last_changed` and so on.
type State = dict[str, Any]
# One step of a config or options flow: `type`, `flow_id`, `step_id`, `errors` and so on.
type FlowStep = dict[str, Any]

POLL_SECONDS = 0.2
CONFIG_FLOWS = "/api/config/config_entries/flow"
OPTIONS_FLOWS = "/api/config/config_entries/options/flow"


class ApiError(Exception):
    """Home Assistant refused a request; the text is what it said."""


class Api:
    """Home Assistant at a base address such as `http://127.0.0.1:8123`, with an access token."""

    def __init__(self, url: str, token: str) -> None:
        """Remember where; nothing is connected before `async with`."""
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._session = aiohttp.ClientSession(
            self.url, headers=self._headers, timeout=aiohttp.ClientTimeout(total=60)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the open session, for what has no method here."""
        assert self._session is not None
        return self._session

    async def request(self, method: str, path: str, data: Any = None) -> Any:
        """Return the JSON answer of an HTTP request; raises ApiError on an error status."""
        async with self.session.request(method, path, json=data) as response:
            if not response.ok:
                raise ApiError(
                    f"{method} {path}: {response.status} {await response.text()}"
                )
            return await response.json()

    async def get_bytes(self, path: str) -> bytes:
        """Return what a path such as an entity picture holds; raises ApiError on an error status."""
        async with self.session.get(path) as response:
            if not response.ok:
                raise ApiError(f"GET {path}: {response.status}")
            return await response.read()

    async def ws(self, command: Mapping[str, Any]) -> Any:
        """Return the result of one WebSocket command, `{"type": ..., ...}`; raises ApiError when it is refused."""
        try:
            async with self.session.ws_connect(
                "/api/websocket", max_msg_size=0
            ) as socket:
                await socket.receive_json()
                await socket.send_json({"type": "auth", "access_token": self._token})
                answer = await socket.receive_json()
                if answer["type"] != "auth_ok":
                    raise ApiError(f"{command['type']}: {answer['message']}")
                await socket.send_json({"id": 1, **command})
                answer = await socket.receive_json()
        except aiohttp.WSMessageTypeError as error:
            raise ApiError(f"{command['type']}: the connection closed") from error
        if not answer["success"]:
            raise ApiError(f"{command['type']}: {answer['error']['message']}")
        return answer["result"]

    # States and actions

    async def states(self) -> dict[str, State]:
        """Return all states by entity id."""
        return {
            state["entity_id"]: state
            for state in await self.request("GET", "/api/states")
        }

    async def state(self, entity_id: str) -> State | None:
        """Return the state of one entity, None when there is no such entity."""
        async with self.session.get(f"/api/states/{entity_id}") as response:
            if response.status == 404:
                return None
            response.raise_for_status()
            state: State = await response.json()
            return state

    async def wait_state(
        self,
        entity_id: str,
        wanted: str | Callable[[State], bool],
        timeout: float = 30,
    ) -> State:
        """Return the entity's state once it is the wanted text or passes the test; raises TimeoutError with the last."""
        state: State | None = None
        try:
            async with asyncio.timeout(timeout):
                while True:
                    state = await self.state(entity_id)
                    if state is not None and (
                        state["state"] == wanted
                        if isinstance(wanted, str)
                        else wanted(state)
                    ):
                        return state
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise TimeoutError(f"{entity_id} after {timeout} s: {state}") from error

    async def call(
        self,
        domain: str,
        service: str,
        data: Mapping[str, Any] | None = None,
        response: bool = False,
    ) -> Any:
        """Call an action and wait for its end; return its response when one is wanted. Raises ApiError when it fails."""
        result = await self.ws(
            {
                "type": "call_service",
                "domain": domain,
                "service": service,
                "service_data": dict(data or {}),
                "return_response": response,
            }
        )
        return result["response"] if response else None

    # Config and options flows

    async def flows(self) -> list[dict[str, Any]]:
        """Return the config flows in progress that wait for a person, discoveries included."""
        flows: list[dict[str, Any]] = await self.ws(
            {"type": "config_entries/flow/progress"}
        )
        return flows

    async def flow_start(self, handler: str, **more: Any) -> FlowStep:
        """Start adding a device of an integration; `entry_id` in `more` starts a reconfiguration instead."""
        return await self._flow("POST", CONFIG_FLOWS, {"handler": handler, **more})

    async def flow_step(
        self, flow_id: str, data: Mapping[str, Any] | None = None
    ) -> FlowStep:
        """Answer a step (a menu with `{"next_step_id": ...}`); without data, return the step it is at."""
        path = f"{CONFIG_FLOWS}/{flow_id}"
        if data is None:
            return await self._flow("GET", path)
        return await self._flow("POST", path, data)

    async def flow_wait(self, step: FlowStep, timeout: float = 60) -> FlowStep:
        """Return the first step after a progress step; a step that is none is returned as it is."""
        try:
            async with asyncio.timeout(timeout):
                while step["type"] in ("progress", "progress_done"):
                    await asyncio.sleep(POLL_SECONDS)
                    step = await self.flow_step(step["flow_id"])
        except TimeoutError as error:
            raise TimeoutError(f"The flow waits since {timeout} s: {step}") from error
        return step

    async def flow_options(
        self, entry_id: str, *answers: Mapping[str, Any]
    ) -> FlowStep:
        """Open the options of an entry and answer its steps; the first is a menu (`{"next_step_id": ...}`)."""
        step = await self._flow("POST", OPTIONS_FLOWS, {"handler": entry_id})
        for answer in answers:
            step = await self._flow(
                "POST", f"{OPTIONS_FLOWS}/{step['flow_id']}", answer
            )
        return step

    async def _flow(self, method: str, path: str, data: Any = None) -> FlowStep:
        step: FlowStep = await self.request(method, path, data)
        return step

    async def entries(self, domain: str) -> list[dict[str, Any]]:
        """Return the config entries of an integration."""
        entries: list[dict[str, Any]] = await self.ws(
            {"type": "config_entries/get", "domain": domain}
        )
        return entries
