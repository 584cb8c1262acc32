"""What a simulated camera can be told before it starts, and its switchable quirks."""

from dataclasses import dataclass
from pathlib import Path

# Every one can be given with --quirk or switched by a control line `NAME` / `NAME off`.
QUIRKS = {
    "sequence-constant": "every reply carries sequence 1",
    "wrong-reply-cmdtype": "replies to 39, 41, 47 and 55 carry the number of another command",
    "key-blanks": "some keys end in a blank (`content `, `ir_model_w `)",
    "string-numbers": "the numbers in replies are texts, the return code too",
    "no-message-key": "replies to settings have no message instead of null",
    "control-url": "500 names the control path `control_url`",
    "video-url-keys": "500 names the RTSP addresses `ir_video_url` and so on",
    "bare-500": "500 tells nothing but the time",
    "no-globals": "520 has no temperatures of the whole picture",
    "rules-null": "520 has `rule_list: null`",
    "rules-absent": "520 has no rule_list",
    "rule-ids-zero": "every rule has the id 0",
    "int32-matrix": "530 has four bytes per pixel",
    "no-matrix-size": "530 tells no width and height",
    "no-serial": "the serial number is empty",
    "ir-only": "a camera without visible channel",
    "no-ptz": "a fixed camera: pan and tilt commands are not supported (19999)",
    "no-ptz-failed": "a fixed camera: pan and tilt commands fail (10008)",
    "no-permission": "the account may look but not change (10007)",
    "no-count": "a wrong password does not tell the attempts left",
    "wrong-password-10011": "a wrong password is answered with 10011 instead of 10009",
    "push-in-message": "pushes carry `message` instead of `content`",
    "img-spelling": "pushes name pictures `*_img_*` instead of `*_image_*`",
    "alarm-picture-missing": "alarms carry no pictures",
    "alarm-picture-garbage": "the pictures of alarms are broken",
    "empty-http-body": "HTTP answers requests without a session with nothing",
    "html-body": "HTTP answers with an HTML error page",
    "ws-closed": "the control port refuses connections",
    "http-only": "the control port and the video ports refuse connections",
    "rtsp-open": "RTSP needs no account",
    "clock-1970": "the clock starts at 1970 until it is set",
    "no-ranges": "files come whole, whatever part of them is asked for",
    "shutter": "the shutter is closed: no temperature matrix (10021)",
    "focus-motor": "a camera with a focus motor (532)",
    "raw-frame": "a camera that gives what its sensor measures (906)",
    "half-open": "connections stay open, but nothing is read or answered",
}


@dataclass(kw_only=True)
class Options:
    """How a simulated camera behaves; times in seconds. Port 0 picks a free one."""

    host: str = "127.0.0.1"
    http_port: int = 0
    ws_port: int = 0
    rtsp_port: int = 0
    ir_video_port: int = 0
    vl_video_port: int = 0
    username: str = "admin"
    password: str = "admin123"
    serial: str = "NC2002210C0042"
    mac: str = "00:15:18:10:CA:9D"
    model: str = "NC200"
    seed: int = 1
    # For how long, today included, the camera has recordings and temperatures made up; 0 remembers only what happens.
    days_of_history: int = 30
    # How often the motor warms up beyond its threshold and cools down; 0 keeps it cool.
    alarm_period: float = 60.0
    # A lasting alarm is told again after this time.
    alarm_interval: float = 10.0
    # Whose signature stands for a login over HTTP; empty takes none.
    app_key: str = ""
    # A session ends when no heartbeat came for this time.
    session_time: float = 120.0
    # How long an account is locked after too many wrong passwords.
    lock_time: float = 300.0
    # The period of temperature reports (1007); None: the minutes set by command 517.
    report_period: float | None = None
    # How long a restart takes.
    reboot_time: float = 5.0
    # How long a shutter click or a change of the temperature range takes.
    shutter_time: float = 1.0
    quirks: frozenset[str] = frozenset()
    log: Path | None = None

    def __post_init__(self) -> None:
        """Refuse quirks that do not exist."""
        if unknown := self.quirks - QUIRKS.keys():
            raise ValueError(f"unknown quirks: {sorted(unknown)}")
