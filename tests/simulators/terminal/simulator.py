"""A simulated terminal on a broker: it answers commands, sends captures until they are acknowledged, and beats."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
import json
from random import Random
from typing import Self

from tests.simulators.common import RequestLog
from tests.simulators.terminal.acknowledgements import match, obey
from tests.simulators.terminal.captures import PROTOCOL_VERSION, Wishes, build
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.commands.sip import SIP_EVENTS
from tests.simulators.terminal.device import Command, Device, RelayPulse
from tests.simulators.terminal.fields import (
    ILLEGAL_FIELD,
    UNKNOWN_COMMAND,
    Refused,
    check_fields,
)
from tests.simulators.terminal.link import Link
from tests.simulators.terminal.quirks import Options, Quirk
from tests.simulators.terminal.settings import Values
from tests.simulators.terminal.traffic import Acknowledgement, CaptureSent, Request
from tests.simulators.terminal.upgrade import install, is_upgrade, query

CONNECT_SECONDS = 10.0
# How many requests and acknowledgements are remembered.
MEMORY = 10_000
ONLINE_MODE = 2
# How long an answer gets to leave before the terminal reboots.
GRACE_SECONDS = 0.1
# How often to look whether something switched off has been switched on.
IDLE_SECONDS = 1.0
# What the auto mode draws from: mostly known people.
AUTO_KINDS = (
    ("known",) * 4
    + ("stranger",) * 2
    + ("masked", "denied", "hot", "nomask", "card", "qr")
)


class TerminalSimulator:
    """A terminal that lives in the running event loop; see `Options` for how to set it up."""

    def __init__(self, options: Options) -> None:
        """Make a terminal that is not connected yet."""
        self.options = options
        self.device = Device(options)
        self.device.on_relay = self._log_relay
        self.requests: deque[Request] = deque(maxlen=MEMORY)
        self.acknowledgements: deque[Acknowledgement] = deque(maxlen=MEMORY)
        # Other messages of the server on the capture topic: answers to heartbeats and upgrade queries.
        self.server_messages: deque[Values] = deque(maxlen=MEMORY)
        self.wrong_acknowledgements = 0
        self.last: CaptureSent | None = None
        self.serial = options.serial
        self.topic_id = options.topic_id or options.serial
        self.topics = self._topics(self.topic_id)
        self._lot = Random(options.seed)
        self._log = RequestLog(options.log)
        self._pending: dict[tuple[int | str, str], CaptureSent] = {}
        self._silent_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._link: Link | None = None

    def _topics(self, topic_id: str) -> dict[str, str]:
        """Return the four topics of a terminal; how devices join a prefix is not known, a slash is the obvious way."""
        head = (
            f"{self.options.prefix.strip('/')}/"
            if self.options.prefix.strip("/")
            else ""
        )
        return {
            f"{channel}_{direction}": f"{head}topic/face/{channel}/{direction}/{topic_id}"
            for channel in ("capture", "manage")
            for direction in ("request", "response")
        }

    @property
    def relays(self) -> list[RelayPulse]:
        """What the relays did, oldest first."""
        return self.device.relays

    @property
    def acknowledged(self) -> list[Acknowledgement]:
        """The acknowledgements that were accepted."""
        return [item for item in self.acknowledgements if item.result == "accepted"]

    @property
    def pending(self) -> list[CaptureSent]:
        """The captures that nobody acknowledged yet, oldest first."""
        return [sent for sent in self._pending.values() if sent.resend]

    @property
    def online(self) -> bool:
        """Whether the terminal is connected and subscribed."""
        return self._link is not None and self._link.online

    @property
    def silent(self) -> bool:
        """Whether the terminal neither sends nor answers for now."""
        return asyncio.get_running_loop().time() < self._silent_until

    async def start(self) -> None:
        """Connect and begin to live; raises ConnectionError when the broker does not take us in 10 s."""
        self._link = Link(
            self.options,
            self.topic_id,
            self._subscriptions(),
            self._received,
            self._connection_changed,
        )
        self._link.join()
        try:
            await self._link.ready(CONNECT_SECONDS)
        except ConnectionError:
            self._link.leave()
            raise
        self.keep(self._resend_forever())
        self.keep(self._beat_forever())
        self.keep(self._capture_forever())

    async def stop(self) -> None:
        """Disconnect and end everything; the log is closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._link is not None:
            self._link.leave()
        self._log.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    def keep(self, work: Coroutine[None, None, None]) -> None:
        """Run something beside, until it ends or the terminal stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            task.get_loop().call_exception_handler(
                {
                    "message": "the simulated terminal failed",
                    "exception": error,
                    "task": task,
                }
            )

    def _subscriptions(self) -> list[str]:
        topics = [self.topics["capture_response"]]
        return (
            topics
            if self.device.has(Quirk.CAPTURE_ONLY)
            else [*topics, self.topics["manage_request"]]
        )

    # What the terminal does by itself

    async def capture(
        self,
        kind: str = "known",
        wishes: Wishes | None = None,
        *,
        resend: bool = True,
        change: Callable[[Values], None] | None = None,
        topic_id: str | None = None,
    ) -> CaptureSent:
        """Take a capture of a kind in `captures.KINDS` and send it; raises ControlError on an impossible wish.

        It is sent again until it is acknowledged, unless `resend` is false. For faults, `change` may alter the message
        and `topic_id` name another terminal's topic.
        """
        message, record = build(self.device, self._lot, kind, wishes or Wishes())
        if change is not None:
            change(message)
        sent = CaptureSent(
            kind=kind,
            sequence_no=str(record.sequence)
            if self.device.has(Quirk.STRING_SEQUENCE)
            else record.sequence,
            cap_time=str(message["cap_time"]),
            person=record.person.name if record.person else None,
            reason=record.reason,
            message=message,
            record=record,
            resend=resend,
            topic=self._topics(topic_id or self.topic_id)["capture_request"],
        )
        if self.device.section("record")["save_enable"]:
            self.device.records.append(record)
        granted = record.reason == 0 and record.person is not None
        if (
            granted
            and record.person
            and self.device.section("gate_control")["match_mode"] != ONLINE_MODE
        ):
            self.device.open(1, "match", "auto", record.person.id)
        if self.online or self.device.keeps_backlog:
            self._pending[sent.sequence_no, sent.cap_time] = sent
        self.last = sent
        if not self.online:
            message["is_realtime"] = 0
        elif not self.silent:
            self.send_capture(sent)
        return sent

    def send_capture(self, sent: CaptureSent) -> None:
        """Send a capture now (again)."""
        sent.times_sent += 1
        self.send(sent.message, topic=sent.topic)

    async def wait_acknowledged(
        self, sent: CaptureSent | None = None, timeout: float = 5.0
    ) -> None:
        """Wait until a capture (or every one) is acknowledged; raises TimeoutError after that many seconds."""
        async with asyncio.timeout(timeout):
            for capture in [sent] if sent else self.pending:
                await capture.acknowledged.wait()

    def send(self, message: Values, *, topic: str | None = None) -> None:
        """Publish a message, on the topic for captures unless told otherwise; keys go out in alphabetical order."""
        if self.device.has(Quirk.NO_DEVICE_SN):
            message = {
                name: value for name, value in message.items() if name != "device_sn"
            }
        # Devices write UTF-8, sorted keys and no blanks.
        payload = json.dumps(
            message, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        self.send_bytes(payload, topic=topic)
        self._log.write(
            "sent",
            cmd=message.get("cmd"),
            topic=topic or self.topics["capture_request"],
            sequence_no=message.get("sequence_no"),
            size=len(payload),
        )

    def send_bytes(self, payload: bytes, *, topic: str | None = None) -> None:
        """Publish bytes as they are."""
        if self._link is not None:
            self._link.publish(topic or self.topics["capture_request"], payload)

    def heartbeat(self) -> None:
        """Send a heartbeat (vendor document 2.6)."""
        info = self.device.section("device_info")
        message: Values = {
            "addr_name": info["addr_name"],
            "addr_no": info["addr_no"],
            "cmd": "heart beat",
            "command_id": "",
            "device_no": info["device_no"],
            "device_sn": self.answering_serial,
            "ip": "192.168.1.88",
            "version": PROTOCOL_VERSION,
        }
        self.send(
            message,
            topic=self.topics[
                "capture_request"
                if self.options.heartbeat_topic == "capture"
                else "manage_response"
            ],
        )

    def sip_event(self, event: str) -> None:
        """Tell what happens in a call (vendor document 2.15.6): a word of SIP_EVENTS."""
        self.device.in_call = event not in {"end", "reject"}
        info = self.device.section("device_info")
        self.send(
            {
                "cmd": "sip event",
                "device_no": info["device_no"],
                "device_sn": self.serial,
                "addr_no": info["addr_no"],
                "addr_name": info["addr_name"],
                "sip_event": SIP_EVENTS[event],
            }
        )

    def ask_upgrade(self) -> None:
        """Ask the server for new firmware."""
        self.send(query(self.device, self.serial))

    async def upgrade(self, answer: Values) -> None:
        """Install the firmware that the server answers with, restart with it, and ask again, which tells how it went."""
        if not is_upgrade(self.device, answer):
            return
        self._log.write("upgrade", fields=answer)
        if await install(self.device, answer):
            await self.reboot(min(1.0, self.options.reboot_seconds))
            while not self.online:
                await asyncio.sleep(GRACE_SECONDS)
        self._log.write("upgraded", code=self.device.last_upgrade_code)
        self.ask_upgrade()

    @property
    def answering_serial(self) -> str:
        """The serial number in answers and heartbeats."""
        return (
            f"{self.serial[:-2]}FF"
            if self.device.has(Quirk.SN_DIFFERS)
            else self.serial
        )

    def be_silent(self, seconds: float) -> None:
        """Neither send nor answer for that long, while staying connected."""
        self._silent_until = asyncio.get_running_loop().time() + seconds

    def drop_connection(self) -> None:
        """Lose the connection without a word; it comes back after about a second."""
        if self._link is not None:
            self._link.drop()

    async def reboot(self, seconds: float, *, restart_sequence: bool = False) -> None:
        """Vanish and come back after that many seconds."""
        if self._link is None:
            return
        self._link.leave(abruptly=True)
        self.device.in_call = False
        if restart_sequence:
            self.device.sequence = 0
        await asyncio.sleep(seconds)
        self._link.join()

    async def _resend_forever(self) -> None:
        while True:
            await asyncio.sleep(self.options.resend_seconds)
            if self.online and not self.silent:
                for sent in self.pending:
                    self.send_capture(sent)

    async def _beat_forever(self) -> None:
        while True:
            seconds = self.options.heartbeat_seconds
            if (
                seconds
                and self.online
                and not self.silent
                and not self.device.has(Quirk.NO_HEARTBEAT)
            ):
                self.heartbeat()
            await asyncio.sleep(seconds or IDLE_SECONDS)

    async def _capture_forever(self) -> None:
        while True:
            seconds = self.options.auto_seconds
            await asyncio.sleep(seconds or IDLE_SECONDS)
            # Without registered people there is nobody to make up.
            if seconds and self.device.people:
                await self.capture(self._lot.choice(AUTO_KINDS))

    # What arrives

    def _connection_changed(self, online: bool) -> None:
        self._log.write("connected" if online else "disconnected")
        if not online and not self.device.keeps_backlog:
            self._pending.clear()
        for sent in self.pending:
            sent.message["is_realtime"] = 0
            if online and not self.silent:
                self.send_capture(sent)

    def _received(self, topic: str, payload: bytes, retained: bool) -> None:
        try:
            message: object = json.loads(payload)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self._log.write("unreadable", topic=topic, size=len(payload))
            return
        if topic == self.topics["capture_response"]:
            self._take_from_server(topic, message, retained)
        elif "reply" not in message:
            self._take_command(topic, message, retained)

    def _take_command(self, topic: str, message: Values, retained: bool) -> None:
        command_name = str(message.get("cmd"))
        if self.silent or self.device.has(Quirk.CAPTURE_ONLY):
            self._note(
                topic, Request(command_name, message, None, "not answered", retained)
            )
            return
        answer: Values = {
            "reply": "ACK",
            "cmd": message.get("cmd"),
            "code": 0,
            "device_sn": self.answering_serial,
        }
        try:
            answer |= self._execute(message)
        except Refused as refusal:
            answer |= {
                "code": refusal.code,
                "desc": refusal.description,
                **refusal.extra,
            }
        code = answer["code"]
        self._note(
            topic,
            Request(
                command_name,
                message,
                code if isinstance(code, int) else None,
                str(answer.get("desc", "")),
                retained,
            ),
        )
        self.send(
            self._with_quirks(message, answer), topic=self.topics["manage_response"]
        )
        actions, self.device.actions = self.device.actions, []
        for action in actions:
            self._act(action)

    def _execute(self, message: Values) -> Values:
        command_name = message.get("cmd")
        if not isinstance(command_name, str):
            raise Refused(ILLEGAL_FIELD, "illegal field cmd: not a text")
        command: Command | None = COMMANDS.get(command_name)
        if command is None:
            raise Refused(UNKNOWN_COMMAND, f"no such service: {command_name[:40]}")
        check_fields(message, command.fields)
        return command.run(self.device, message)

    def _with_quirks(self, message: Values, answer: Values) -> Values:
        if isinstance(message.get("command_id"), str) and not self.device.has(
            Quirk.NO_COMMAND_ID
        ):
            answer["command_id"] = message["command_id"]
        if answer["cmd"] == "request aes" and self.device.has(Quirk.AES_WITHOUT_REPLY):
            del answer["reply"]
        if self.device.has(Quirk.PADDED_CMD):
            answer["cmd"] = f" {answer['cmd']} "
        if self.device.has(Quirk.CODE_AS_STRING):
            answer["code"] = str(answer["code"])
        return answer

    def _act(self, action: str) -> None:
        if action.startswith("sip "):
            self.sip_event(action.removeprefix("sip "))
            return
        seconds = (
            self.options.reboot_seconds
            if action == "reboot"
            else min(1.0, self.options.reboot_seconds)
        )
        self.keep(
            self._reboot_soon(
                seconds,
                restart_sequence=action == "reboot" and self.options.restart_sequence,
            )
        )

    async def _reboot_soon(self, seconds: float, *, restart_sequence: bool) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        await self.reboot(seconds, restart_sequence=restart_sequence)

    def _take_from_server(self, topic: str, message: Values, retained: bool) -> None:
        if self.silent:
            return
        if str(message.get("cmd")).strip() != "face":
            self.server_messages.append(message)
            if message.get("cmd") == "ask_upgrade":
                self.keep(self.upgrade(message))
            self._log.write(
                "server", topic=topic, cmd=message.get("cmd"), fields=message
            )
            return
        sent, result = match(message, self._pending)
        if sent is None and self._was_accepted(message):
            result = "repeated"
        effects = obey(self.device, message) if sent else []
        if sent:
            self._done(sent)
        self.acknowledgements.append(Acknowledgement(result, message, retained))
        if result not in {"accepted", "repeated"}:
            self.wrong_acknowledgements += 1
        self._log.write(
            "acknowledgement",
            topic=topic,
            result=result,
            effects=effects,
            fields=message,
            retained=retained,
        )

    def _was_accepted(self, message: Values) -> bool:
        echo = (message.get("sequence_no"), message.get("cap_time"))
        return any(
            echo == (item.fields.get("sequence_no"), item.fields.get("cap_time"))
            for item in self.acknowledged
        )

    def _done(self, sent: CaptureSent) -> None:
        del self._pending[sent.sequence_no, sent.cap_time]
        sent.record.uploaded = True
        sent.acknowledged.set()

    def _note(self, topic: str, request: Request) -> None:
        self.requests.append(request)
        self._log.write(
            "command",
            topic=topic,
            cmd=request.cmd,
            fields=request.fields,
            code=request.code,
            desc=request.description,
            retained=request.retained,
        )

    def _log_relay(self, pulse: RelayPulse) -> None:
        self._log.write(
            "relay",
            relay=pulse.relay,
            device_time=pulse.time.isoformat(),
            milliseconds=pulse.milliseconds,
            source=pulse.source,
            mode=pulse.mode,
            person_id=pulse.person_id,
        )
