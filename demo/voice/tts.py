"""The voice of Home Assistant's own demo, without everything else that its demo adds."""

from homeassistant.components.demo.tts import PLATFORM_SCHEMA, get_engine

__all__ = ["PLATFORM_SCHEMA", "get_engine"]
