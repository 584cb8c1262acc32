"""A private PostgreSQL server for the tests, where its programs are installed."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import pwd
import shutil
import subprocess
import tempfile
from typing import Any
from urllib.parse import quote

# Distributions keep several versions beside each other, none in the path.
INSTALLED = Path("/usr/lib/postgresql")
PASSWORD = "pa ss/w:rd@"
DATABASE = "postgres"


class NoServerError(Exception):
    """There is no server, and why."""


class PostgreSQL:
    """A server of its own, behind a Unix socket, that writes nothing for good."""

    def __init__(self, programs: Path, folder: Path, account: dict[str, Any]) -> None:
        """Take where the programs and its data are, and as whom it runs."""
        self._programs = programs
        self._folder = folder
        self._account = account

    def url(self, *, driver: str = "psycopg", password: str = PASSWORD) -> str:
        """Return the URL of a database, as SQLAlchemy wants it."""
        secret = quote(password, safe="")
        return f"postgresql+{driver}://gate:{secret}@/{DATABASE}?host={quote(str(self._folder), safe='')}"

    def create(self) -> None:
        """Make its data."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb",
            "--no-sync",
            "--username=gate",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self._folder,
            "fsync": "off",
            "shared_buffers": "16MB",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self._folder / "data" / "log"
        self._run("pg_ctl", "--wait", f"--log={log}", f"--options={options}", "start")

    def stop(self) -> None:
        """Vanish, as if somebody had pulled the plug."""
        self._run("pg_ctl", "--mode=immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, f"--pgdata={self._folder / 'data'}", *arguments],
            cwd=self._folder,
            check=True,
            timeout=40,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._account,
        )


@contextmanager
def private_server() -> Iterator[PostgreSQL]:
    """Run a server; NoServerError where that is not possible."""
    programs = _find_programs()
    # Not in pytest's folders, which nobody else may enter: PostgreSQL never runs as root.
    folder = Path(tempfile.mkdtemp(prefix="thermogate-postgresql-"))
    try:
        server = PostgreSQL(programs, folder, _account(folder))
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _find_programs() -> Path:
    """Return the folder of the newest programs."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    installed = sorted(
        INSTALLED.glob("[0-9]*/bin/pg_ctl"), key=lambda path: int(path.parts[-3])
    )
    if not installed:
        raise NoServerError(
            "PostgreSQL is not installed, and THERMOGATE_TEST_POSTGRESQL names no database"
        )
    return installed[-1].parent


def _account(folder: Path) -> dict[str, Any]:
    """Return as whom the server runs: root's must be somebody else's."""
    if os.geteuid() != 0:
        return {}
    names = [entry.pw_name for entry in pwd.getpwall()]
    name = next((name for name in ("postgres", "nobody") if name in names), None)
    if name is None:
        raise NoServerError("PostgreSQL does not run as root, and there is nobody else")
    user = pwd.getpwnam(name)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
