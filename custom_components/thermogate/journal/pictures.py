"""Pictures as files that are named by their content; nothing a device says becomes part of a path."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import hashlib
import os
from pathlib import Path
import re
from typing import Final

from .models import NewPicture

OCTETS: Final = "application/octet-stream"
_OTHER = "bin"
# What a browser shows without running anything. No SVG: it can carry scripts.
_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "video/mp4": "mp4",
}
_CONTENT_TYPES = {suffix: content_type for content_type, suffix in _SUFFIXES.items()}
_NAME = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join([*_CONTENT_TYPES, _OTHER])})")
_FOLDER = re.compile(r"[0-9a-f]{2}")
# Biometric data: for nobody but the user that Home Assistant runs as.
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
# An fsync mostly waits for the disk.
_THREADS = 8


def picture_name(picture: NewPicture) -> str:
    """Return the name under which a picture is stored."""
    known = picture.content_type.partition(";")[0].strip().lower()
    return f"{hashlib.sha256(picture.data).hexdigest()}.{_SUFFIXES.get(known, _OTHER)}"


def content_type_of(name: str) -> str:
    """Return what a stored picture may be served as."""
    return _CONTENT_TYPES.get(name.rpartition(".")[2], OCTETS)


class PictureFolder:
    """The folder of all pictures: `ab/abcd….jpg`. For one process; not for the event loop."""

    def __init__(self, root: Path) -> None:
        """Take the folder; nothing is created yet."""
        self.root = root
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="journal-picture")

    def open(self) -> None:
        """Create the folder where needed, with all its subfolders, so that storing a picture changes only one. OSError."""
        self.root.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for number in range(256):
            (self.root / f"{number:02x}").mkdir(mode=_FOLDER_MODE, exist_ok=True)
        _sync_folder(self.root)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def path(self, name: str) -> Path | None:
        """Return where a picture lies; None if this is no picture's name, or there is no such file."""
        if _NAME.fullmatch(name) and (path := self._place(name)).is_file():
            return path
        return None

    def names(self, pictures: Iterable[NewPicture]) -> list[str]:
        """Return the names of pictures, hashed beside each other."""
        given = list(pictures)
        names = {
            id(picture): name
            for named in self._share(_named, given)
            for picture, name in named
        }
        return [names[id(picture)] for picture in given]

    def write(self, pictures: dict[str, bytes]) -> dict[str, OSError]:
        """Store pictures by name so that they survive a power cut; returns the errors of those that could not be stored.

        Until this returns, a file may be there in part: what no row names counts as not there, and is written again. Files are
        synced beside each other, so that they share the flushes of the file system's log, then their folders.
        """
        errors: dict[str, OSError] = {}
        for failed in self._share(self._write_some, list(pictures.items())):
            errors |= failed
        folders = {name: self._place(name).parent for name in pictures}
        for unsynced in self._share(_sync_folders, list(set(folders.values()))):
            errors |= {
                name: unsynced[folder]
                for name, folder in folders.items()
                if unsynced and folder in unsynced
            }
        return errors

    def remove(self, names: Iterable[str]) -> int:
        """Delete pictures; returns how many files there were. OSError if one cannot be deleted."""
        removed = 0
        for name in names:
            with suppress(FileNotFoundError):
                self._place(name).unlink()
                removed += 1
        return removed

    def leaves(self) -> Iterator[dict[str, float]]:
        """Yield, folder by folder, the names of pictures and when they were written (seconds since 1970).

        Files of other names are somebody else's and left alone.
        """
        for folder in _subfolders(self.root):
            with os.scandir(folder) as files:
                yield {
                    file.name: file.stat().st_mtime
                    for file in files
                    if _NAME.fullmatch(file.name)
                }

    def _place(self, name: str) -> Path:
        return self.root / name[:2] / name

    def _share[T, R](
        self, work: Callable[[Sequence[T]], R], things: Sequence[T]
    ) -> list[R]:
        """Let each thread work on its share; a single thing is done here, which is faster than waking a thread."""
        if len(things) <= 1:
            return [work(things)]
        shares = [
            things[first::_THREADS] for first in range(min(_THREADS, len(things)))
        ]
        return list(self._pool.map(work, shares))

    def _write_some(self, pictures: Sequence[tuple[str, bytes]]) -> dict[str, OSError]:
        """Write files, then sync them."""
        errors: dict[str, OSError] = {}
        written: dict[int, str] = {}
        for name, data in pictures:
            try:
                written[self._write(self._place(name), data)] = name
            except OSError as err:
                errors[name] = err
        for descriptor, name in written.items():
            if error := _sync_and_close(descriptor):
                errors[name] = error
        return errors

    def _write(self, place: Path, data: bytes) -> int:
        """Put a whole file in its place; returns it open. OSError: then it is not there."""
        # Not emptied: what is there of this name is the beginning of the same bytes.
        flags = os.O_WRONLY | os.O_CREAT
        try:
            descriptor = os.open(place, flags, _FILE_MODE)
        except FileNotFoundError:
            # Somebody has tidied up.
            place.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            descriptor = os.open(place, flags, _FILE_MODE)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            os.close(descriptor)
            place.unlink(missing_ok=True)
            raise
        return descriptor


def _named(pictures: Sequence[NewPicture]) -> list[tuple[NewPicture, str]]:
    return [(picture, picture_name(picture)) for picture in pictures]


def _sync_folders(folders: Sequence[Path]) -> dict[Path, OSError]:
    return {folder: error for folder in folders if (error := _sync_folder(folder))}


def _sync_folder(folder: Path) -> OSError | None:
    try:
        return _sync_and_close(os.open(folder, os.O_RDONLY))
    except OSError as err:
        return err


def _sync_and_close(descriptor: int) -> OSError | None:
    try:
        os.fsync(descriptor)
    except OSError as err:
        return err
    finally:
        os.close(descriptor)
    return None


def _subfolders(folder: Path) -> list[Path]:
    """Return the folders of one level, in order."""
    with os.scandir(folder) as entries:
        return sorted(
            Path(entry.path)
            for entry in entries
            if _FOLDER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        )
