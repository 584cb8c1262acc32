"""Constants of the ThermoGate integration."""

from datetime import timedelta
from enum import StrEnum
import logging

DOMAIN = "thermogate"
LOGGER = logging.getLogger(__package__)


# On Home Assistant's bus: what the logbook tells.
EVENT_ACCESS = "thermogate_access"
EVENT_ALARM = "thermogate_alarm"
EVENT_INTERCOM = "thermogate_intercom"
# To everything that shows people: somebody is to be forgotten.
SIGNAL_FORGET = f"{DOMAIN}_forget"
# To coordinators: what could not be stored may be asked for again.
SIGNAL_JOURNAL_HEALED = f"{DOMAIN}_journal_healed"
# To triggers and conditions, which outlive a reload of the entry: the coordinator (and the event). Something happened at
# its device, its state may have changed, or its people.
SIGNAL_HAPPENED = f"{DOMAIN}_happened"
SIGNAL_STATE = f"{DOMAIN}_state"
SIGNAL_PERSONS = f"{DOMAIN}_persons"


# What the keys of all entities of a camera's temperature rule begin with.
RULE_KEY = "rule_"


class DeviceKind(StrEnum):
    """The two device families; a config entry is one device of one of them."""

    TERMINAL = "terminal"
    CAMERA = "camera"


class DecisionWay(StrEnum):
    """How it is decided whether the gate opens for somebody at a terminal."""

    NEVER = "never"
    RULE = "rule"
    SCRIPT = "script"


class VideoWay(StrEnum):
    """How the video of a camera comes."""

    AUTO = "auto"
    RTSP = "rtsp"
    WEBSOCKET = "websocket"


# Config entry data beside Home Assistant's own host, port, username, password and mac.
CONF_KIND = "kind"
CONF_TOPIC_ID = "topic_id"
CONF_TOPIC_PREFIX = "topic_prefix"
CONF_SERIAL = "serial"
# The broker of a terminal, where it is not Home Assistant's, and what it has beside host, port, username and password.
CONF_BROKER = "broker"
CONF_TLS = "tls"
CONF_CA = "ca_certificate"
# Whose broker a discovered terminal was heard on, where it was not Home Assistant's.
CONF_BROKER_ENTRY = "broker_entry"

# Settings of the journal, which all devices share.
CONF_JOURNAL_URL = "journal_url"
CONF_JOURNAL_DAYS = "journal_days"
CONF_JOURNAL_MEGABYTES = "journal_megabytes"

# Options of both families.
CONF_HOLD_TIME = "hold_time"
# Options of a terminal.
CONF_ACKNOWLEDGE = "acknowledge"
CONF_ACKNOWLEDGE_ALWAYS = "acknowledge_always"
CONF_LEAVE_OUT_TEMPERATURE = "leave_out_temperature"
CONF_OFFLINE_AFTER = "offline_after"
CONF_SCAN_TAGS = "scan_tags"
CONF_LOCK = "lock"
# Who may pass at a terminal: the way to decide, and beside it what each way needs to know.
CONF_DECISION = "decision"
CONF_RULE = "rule"
CONF_SCRIPT = "script"
# Options of a camera.
CONF_POLL_INTERVAL = "poll_interval"
CONF_VIDEO = "video"
CONF_APP_KEY = "app_key"

DEFAULT_ACKNOWLEDGE = True
DEFAULT_ACKNOWLEDGE_ALWAYS = False
DEFAULT_LEAVE_OUT_TEMPERATURE = False
DEFAULT_SCAN_TAGS = False
DEFAULT_LOCK = False
DEFAULT_HOLD_TIME = 30  # seconds an alarm shows after its last report
DEFAULT_OFFLINE_AFTER = 120  # seconds of silence before a terminal is probed
DEFAULT_POLL_INTERVAL = 5  # seconds between two readings of the temperatures

# How often what a person rarely changes on the camera itself is read again.
CAMERA_SETTINGS_INTERVAL = timedelta(minutes=1)
