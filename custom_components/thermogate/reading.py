"""Reading files that people name, within bounds."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN


def read_allowed(hass: HomeAssistant, path: str, most: int) -> bytes:
    """Return a file of a folder that Home Assistant may read, as `read_file` does. Not for the event loop."""
    # What is checked is what is read, wherever a link leads meanwhile.
    real = Path(path).resolve()
    if not hass.config.is_allowed_path(str(real)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_not_allowed",
            translation_placeholders={"path": path},
        )
    return read_file(real, most)


def read_file(path: Path, most: int) -> bytes:
    """Return a file, or so much of it that it is seen to have more than `most` bytes. Not for the event loop.

    ServiceValidationError if it cannot be read.
    """
    try:
        # A pipe would never end.
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_not_read",
            translation_placeholders={"path": str(path)},
        ) from err
