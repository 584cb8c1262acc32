"""New files in our folder below the media folder."""

from itertools import count
from pathlib import Path, PurePosixPath
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..downloads import where_it_is

_MAX_NAME: Final = 100


async def async_store(
    hass: HomeAssistant, folder: Path, name: str, content: bytes
) -> dict[str, Any]:
    """Write a new file of about this name into `folder`, from `async_media_folder`, and return where it is.

    HomeAssistantError if it cannot be written.
    """
    written = await hass.async_add_executor_job(_write, folder, name, content)
    return where_it_is(hass, written) | {"bytes": len(content)}


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file, called by as much of a name as is safe anywhere, with a number where there is such a file."""
    plain = PurePosixPath(re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)[-_MAX_NAME:])
    stem = plain.stem.lstrip(".") or "file"
    names = (
        f"{stem}{f'-{number}' if number > 1 else ''}{plain.suffix}"
        for number in count(1)
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in names:
            path = folder / each
            try:
                file = path.open("xb")
            except FileExistsError:
                continue
            with file:
                try:
                    file.write(content)
                except OSError:
                    path.unlink()
                    raise
            break
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={
                "folder": str(folder),
                "reason": err.strerror or str(err),
            },
        ) from err
    return path
