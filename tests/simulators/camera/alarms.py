"""What a camera tells by itself: pushes 1000 to 1011 (vendor document, section VI)."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tests.simulators.common import ControlError

from .camera import Camera, Measurement, points_of
from .commands import report_seconds
from .fields import TIME_FORMAT
from .scene import Spot, Statistics
from .sessions import Session
from .settings import (
    EXTERNAL_INPUT,
    FIRE,
    ILLEGAL_ACCESS,
    RULES,
    STORAGE,
    TEMPERATURE_ALARM,
    TRACKING,
)

RULE_ALARM, HOT_SPOT, COLD_SPOT = 1, 2, 3
# As what 513 lists the pictures of an alarm.
STORED_ALARM, STORED_COLD, STORED_HOT, STORED_INPUT = 1, 2, 3, 7
STORED_AS = {RULE_ALARM: STORED_ALARM, HOT_SPOT: STORED_HOT, COLD_SPOT: STORED_COLD}
AVERAGE, HIGH, LOW, HIGH_AND_LOW, RISE, DIFFERENCE = 0, 1, 2, 3, 5, 6
ABOVE, BELOW, MATCHING = 1, 2, 3
STAGED_EXCESS = 15.0
GARBAGE = "fsdfjlslsdjfklsfjsdklsdjlk"
# Control words whose alarm lasts until `alarm clear`.
LASTING = ("rule", "hot", "cold", "fire", "input", "body")


class Push(Protocol):
    """Sends a push to one session or to all; returns how many connections got it."""

    def __call__(
        self,
        cmdtype: int,
        body: dict[str, Any],
        *,
        wrapper: str = ...,
        session: Session | None = ...,
    ) -> Awaitable[int]:
        """Send it."""


def broken_limits(rule: dict[str, Any], seen: Statistics, rise: float) -> int | None:
    """Return what a rule's alarm would be told as (`temp_flag`), or None when nothing is wrong.

    `rise` is in degrees a minute.
    """
    checks: dict[int, list[tuple[int, float, str, int]]] = {
        1: [(HIGH, seen.highest, "high_temp", rule["alarm_condition"])],
        2: [(LOW, seen.lowest, "low_temp", rule["alarm_condition"])],
        3: [(AVERAGE, seen.average, "avg_temp", rule["alarm_condition"])],
        4: [
            (HIGH, seen.highest, "high_temp", ABOVE),
            (LOW, seen.lowest, "low_temp", BELOW),
        ],
        5: [(DIFFERENCE, seen.highest - seen.lowest, "diff_temp", rule["alarm_condition"])],
        6: [(RISE, rise, "rate_temp", rule["alarm_condition"])],
    }  # fmt: skip
    broken = [
        kind
        for kind, value, limit, condition in checks[rule["alarm_type"]]
        if breaks(value, rule[limit], condition, rule["temp_mod"])
    ]
    if not broken:
        return None
    return broken[0] if len(broken) == 1 else HIGH_AND_LOW


def breaks(value: float, limit: float, condition: int, tolerance: float) -> bool:
    """Tell whether a value meets an alarm condition."""
    if condition == ABOVE:
        return value > limit
    if condition == BELOW:
        return value < limit
    near = abs(value - limit) <= tolerance
    return near if condition == MATCHING else not near


def in_effect(days: list[dict[str, Any]], moment: datetime) -> bool:
    """Tell whether an alarm's schedule has it on at a moment; Monday is day 1."""
    now = moment.strftime("%H:%M:%S")
    return any(
        period["start"] <= now <= period["end"]
        for day in days
        if day["day"] == moment.isoweekday()
        for period in day["period"]
    )


@dataclass
class Lasting:
    """An alarm that persists: since when, and when it was last told."""

    since: float
    told: float | None = None


class Alarms:
    """Watches one camera and pushes what there is to tell; `tick` does it all once."""

    def __init__(self, camera: Camera, push: Push) -> None:
        """Start with nothing to tell."""
        self._camera = camera
        self._push = push
        self._lasting: dict[str, Lasting] = {}
        self._staged: dict[str, Callable[[], Awaitable[None]]] = {}
        self._highest: dict[int, tuple[float, float]] = {}
        self._recording = self._recording_state()
        self._looking = asyncio.Lock()

    async def tick(self) -> None:
        """Look once and tell what is new or lasts; after that, all that a look before it had to tell is told, too."""
        async with self._looking:
            await self._tell_recording()
            measured = await self._camera.measure()
            await self._watch_rules(measured)
            await self._watch_spots(measured)
            for name, tell in list(self._staged.items()):
                await self._tell_lasting(
                    name, self._camera.options.alarm_interval, 0, tell
                )
            await self._tell_temperatures(measured)

    async def _tell_lasting(
        self,
        name: str,
        interval: float,
        delay: float,
        tell: Callable[[], Awaitable[None]],
    ) -> None:
        """Tell an alarm that is on: when it lasted `delay`, then every `interval`."""
        now = self._camera.now()
        lasting = self._lasting.setdefault(name, Lasting(now))
        if now - lasting.since < delay:
            return
        if lasting.told is None or now - lasting.told >= interval:
            lasting.told = now
            self._camera.sounding = self._camera.outputting = True
            await tell()

    async def _watch_rules(self, measured: Measurement) -> None:
        """Tell the rules whose limits are broken."""
        camera = self._camera
        linkage = camera.settings[TEMPERATURE_ALARM]
        alarming = bool(linkage["alarm_flag"]) and in_effect(
            linkage["effect_day"], camera.clock()
        )
        broken = set()
        for rule, seen in measured.rules:
            kind = broken_limits(rule, seen, self._rise(rule["id"], seen.highest))
            if kind is None or not rule["alarm_flag"] or not alarming:
                self._lasting.pop(f"rule {rule['id']}", None)
                continue
            broken.add(rule["id"])

            async def tell(
                rule: dict[str, Any] = rule, seen: Statistics = seen, kind: int = kind
            ) -> None:
                await self._push(1000, await self._rule_alarm(rule, seen, kind))

            interval = rule.get("alarm_interal") or camera.options.alarm_interval
            await self._tell_lasting(
                f"rule {rule['id']}", interval, rule["alarm_time"], tell
            )
        camera.alarmed_rules = broken

    def _rise(self, rule: int, highest: float) -> float:
        """Return how fast a rule's highest temperature rises, degrees a minute."""
        now = self._camera.now()
        before, then = self._highest.get(rule, (highest, now))
        self._highest[rule] = (highest, now)
        return (highest - before) * 60 / (now - then) if now > then else 0.0

    async def _watch_spots(self, measured: Measurement) -> None:
        """Tell hot and cold spots where their tracking is on."""
        settings = self._camera.settings[TRACKING]
        watching = bool(settings["trace_flag"]) and in_effect(
            settings["effect_day"], self._camera.clock()
        )
        whole = measured.whole
        for name, kind, on, exceeded in (
            ("hot spot", HOT_SPOT, settings["high_flag"], whole.highest > settings["high_temp"]),
            ("cold spot", COLD_SPOT, settings["low_flag"], whole.lowest < settings["low_temp"]),
        ):  # fmt: skip
            if not (watching and on and exceeded):
                self._lasting.pop(name, None)
                continue

            async def tell(kind: int = kind) -> None:
                await self._push(1000, await self._spot_alarm(kind, whole))

            interval = self._camera.options.alarm_interval
            await self._tell_lasting(name, interval, 0, tell)

    async def _tell_recording(self) -> None:
        """Tell a change of what is being recorded (1006)."""
        before, self._recording = self._recording, self._recording_state()
        if self._recording != before:
            status = self._camera.recorder.status(self._camera.now())
            await self._push(1006, dict(status))

    def _recording_state(self) -> list[int]:
        """Return what is being recorded, without the seconds that count up."""
        status = self._camera.recorder.status(self._camera.now())
        return [value for name, value in status.items() if "time" not in name]

    async def _tell_temperatures(self, measured: Measurement) -> None:
        """Tell the temperatures to every session that asked for it with 516 (1007)."""
        camera = self._camera
        period = report_seconds(camera)
        for session in camera.sessions.alive(camera.now()):
            if not session.wants_reports or camera.now() < session.next_report:
                continue
            session.next_report = camera.now() + period
            objects = [
                {
                    "measure_type": rule["type"],
                    "measure_id": rule["id"],
                    "measurer_name": rule["rule_name"],
                    "max_temp": seen.highest,
                    "min_temp": seen.lowest,
                    "avg_temp": seen.average,
                    "preset": rule.get("preset") or 0,
                }
                for rule, seen in measured.rules
            ]
            body = {"interval": max(1, round(period)), "obj_list": objects}
            await self._push(1007, body, session=session)

    # Bodies

    def _time(self) -> str:
        return self._camera.clock().strftime(TIME_FORMAT)

    async def _evidence(self, why: int) -> dict[str, Any]:
        """Return paths and contents of the pictures an alarm carries; `why` is what 513 lists them as."""
        quirks = self._camera.quirks
        if "alarm-picture-missing" in quirks:
            return {}
        evidence = await self._camera.files.keep_evidence(self._camera.clock(), why)
        fields: dict[str, Any] = {}
        for channel in ("vl", "ir"):
            seen = evidence.get(channel)
            content = base64.b64encode(seen.jpeg).decode() if seen else ""
            if "alarm-picture-garbage" in quirks:
                content = GARBAGE
            fields |= {
                f"{channel}_image_url": seen.picture_url if seen else "",
                f"{channel}_video_url": seen.video_url if seen else "",
                f"{channel}_image_content": content,
            }
        return fields

    async def _temperature_alarm(
        self, kind: int, flag: int, name: str, seen: Statistics, config: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the body of 1000."""
        return {
            "type": kind,
            "temp_flag": flag,
            "high_temp": seen.highest,
            "low_temp": seen.lowest,
            "avg_temp": seen.average,
            "name": name,
            "time": self._time(),
            "capture_time": self._time(),
            "handle_flag": 1,
            "alarm_addr": "",
            "config": config,
            **await self._evidence(STORED_AS[kind]),
        }

    async def _rule_alarm(
        self, rule: dict[str, Any], seen: Statistics, flag: int
    ) -> dict[str, Any]:
        config = {
            "type": rule["alarm_type"],
            "condition": rule["alarm_condition"],
            "high_temp": rule["high_temp"],
            "low_temp": rule["low_temp"],
            "avg_temp": rule["avg_temp"],
            "objtype": rule["type"],
            "points": [{"x": x, "y": y} for x, y in points_of(rule)],
        }
        return await self._temperature_alarm(
            RULE_ALARM, flag, rule["rule_name"], seen, config
        )

    async def _spot_alarm(self, kind: int, whole: Statistics) -> dict[str, Any]:
        settings = self._camera.settings[TRACKING]
        hot = kind == HOT_SPOT
        x, y = whole.highest_at if hot else whole.lowest_at
        config = {
            "type": 1 if hot else 2,
            "condition": ABOVE if hot else BELOW,
            "high_temp": settings["high_temp"],
            "low_temp": settings["low_temp"],
            "avg_temp": 0,
            "objtype": 0,
            "points": [{"x": x, "y": y}],
        }
        name = "Hot spot" if hot else "Cold spot"
        return await self._temperature_alarm(
            kind, HIGH if hot else LOW, name, whole, config
        )

    # Alarms staged by hand

    async def stage(self, kind: str, name: str | None = None) -> dict[str, Any]:
        """Raise an alarm; those of `LASTING` last until `clear`. Returns what the answer to the control line shows."""
        if kind in ("rule", "hot", "cold", "fire"):
            return await self._stage_heat(kind, name)
        if kind in ("input", "body"):
            self._staged[kind] = (
                self._tell_input if kind == "input" else self._tell_body
            )
            await self.tick()
            return {}
        bodies: dict[str, tuple[int, dict[str, Any]]] = {
            "forced-logout": (1001, {"msg": "other logining,force out"}),
            "storage-full": (1002, {"total": 30_000, "free": 512, "limit": 1024}),
            "storage-failure": (1003, {}),
            "stream": (1004, {"type": 2}),
            "illegal-access": (1005, {"user": name or "root", "ip": "192.0.2.77", "time": self._time()}),
            "network": (1008, {"type": 2, "ip": "192.168.1.1"}),
        }  # fmt: skip
        if kind not in bodies:
            raise ControlError(
                f"unknown alarm {kind!r}: one of {', '.join((*LASTING, *bodies))}"
            )
        if kind == "storage-full":
            self._camera.settings[STORAGE]["free"] = 512
        cmdtype, body = bodies[kind]
        told = await self._push(cmdtype, body)
        if kind == "forced-logout":
            self._camera.sessions.close_all()
        return {"told": told}

    async def clear(self) -> None:
        """End all staged alarms."""
        self._staged.clear()
        self._camera.scene.staged.clear()
        self._lasting.clear()
        self._camera.settings[STORAGE]["free"] = 27_000

    async def _stage_heat(self, kind: str, name: str | None) -> dict[str, Any]:
        """Put something hot or cold into the scene, and see that it is told."""
        camera = self._camera
        view = camera.view()
        if kind == "rule":
            rule = self._rule_named(name)
            points = points_of(rule)
            middle = (
                sum(x for x, _ in points) / len(points),
                sum(y for _, y in points) / len(points),
            )
            low = rule["alarm_type"] == 2
            limit = (
                rule["low_temp"] - STAGED_EXCESS
                if low
                else rule["high_temp"] + STAGED_EXCESS
            )
            camera.scene.staged[kind] = Spot(view.to_place(middle), 0.8, limit)
            await self.tick()
            return {"rule": rule["rule_name"]}
        place, temperature = {
            "hot": ((150.0, 330.0), 210.0),
            "cold": ((420.0, 340.0), -35.0),
            "fire": ((250.0, 310.0), 320.0),
        }[kind]
        camera.scene.staged[kind] = Spot(view.to_place(place), 1.2, temperature)
        tells = {
            "hot": self._tell_hot,
            "cold": self._tell_cold,
            "fire": self._tell_fire,
        }
        self._staged[kind] = tells[kind]
        await self.tick()
        return {}

    def _rule_named(self, name: str | None) -> dict[str, Any]:
        """Return the rule with that name, or the first that alarms."""
        for rule in self._camera.settings[RULES]["rule_list"]:
            if rule["alarm_flag"] and name in (None, rule["rule_name"]):
                return dict(rule)
        raise ControlError(f"no rule {name or ''!r} whose alarm is on")

    async def _tell_hot(self) -> None:
        measured = await self._camera.measure()
        await self._push(1000, await self._spot_alarm(HOT_SPOT, measured.whole))

    async def _tell_cold(self) -> None:
        measured = await self._camera.measure()
        await self._push(1000, await self._spot_alarm(COLD_SPOT, measured.whole))

    async def _tell_fire(self) -> None:
        whole = (await self._camera.measure()).whole
        body = {
            "high_temp": whole.highest,
            "low_temp": whole.lowest,
            "avg_temp": whole.average,
            "temp_flag": HIGH,
            "name": self._camera.settings[FIRE]["area1"]["area_name"],
            "time": self._time(),
            "capture_time": self._time(),
            **await self._evidence(STORED_ALARM),
        }
        await self._push(1011, body)

    async def _tell_input(self) -> None:
        if self._camera.settings[EXTERNAL_INPUT]["flag"]:
            evidence = await self._evidence(STORED_INPUT)
            await self._push(1010, {"time": self._time(), **evidence})

    async def _tell_body(self) -> None:
        """Tell the alarm that other families of cameras send (1009); its body is the message."""
        whole = (await self._camera.measure()).whole
        x, y = whole.highest_at
        spot = {
            "temp_flag": HIGH,
            "x": x,
            "y": y,
            "w": 1,
            "h": 1,
            "temperature": whole.highest,
        }
        body = {
            "alarm_type": 7,
            "alarm_time": self._time(),
            "alarm_points": [spot],
            "handle_flag": 1,
            "alarm_addr": "",
            **await self._evidence(STORED_ALARM),
        }
        await self._push(1009, body, wrapper="message")

    async def tell_illegal_access(self, user: str, address: str) -> None:
        """Tell that an account was locked, when that is to be told."""
        if self._camera.settings[ILLEGAL_ACCESS]["flag"]:
            await self._push(1005, {"user": user, "ip": address, "time": self._time()})
