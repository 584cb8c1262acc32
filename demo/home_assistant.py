"""A real Home Assistant of the demo environment: seeded, started, stopped or killed.

Imports nothing of Home Assistant, so that any Python can drive it.
"""

import asyncio
from pathlib import Path
import shutil
from typing import Any, Self

import aiohttp

from .api import Api, ApiError
from .processes import Child, ProcessError, start_child

__all__ = ["Api", "ApiError", "HomeAssistant", "seed"]

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-demo" / "bin" / "python"
CONFIGURATION = Path(__file__).with_name("configuration.yaml")
# Our integration, and a voice.
COMPONENTS = {
    "thermogate": ROOT / "custom_components" / "thermogate",
    "demo_voice": Path(__file__).with_name("voice"),
}
STATE_POLL_SECONDS = 0.2
# How it ends when somebody restarts it from within; whoever runs it starts it again.
RESTART_EXIT_CODE = 100


async def seed(
    folder: Path,
    port: int,
    broker_port: int,
    *,
    broker_host: str = "127.0.0.1",
    user: str = "demo",
    password: str = "demo",
) -> str:
    """Fill an empty configuration folder and return a long-lived access token.

    Afterwards it is past the onboarding, serves on 127.0.0.1:`port`, has one owner, the MQTT integration set up for the
    broker, and our integration linked in. Raises ProcessError when it does not work.
    """
    folder = _prepared(folder)
    # Home Assistant's Python, not ours: it writes its own file formats.
    process = await asyncio.create_subprocess_exec(
        *(PYTHON, "-m", "demo.seed", folder, str(port)),
        *(broker_host, str(broker_port), user, password),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        token, complaint = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise ProcessError(f"Could not seed {folder}:\n{complaint.decode()}")
    return token.decode().strip()


def _prepared(folder: Path) -> Path:
    """Make the folder with its configuration and our integration in it; return its absolute path."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(CONFIGURATION, folder)
    folder = folder.absolute()
    media = folder / "media"
    media.mkdir()
    (folder / "secrets.yaml").write_text(f'media_folder: "{media}"\n')
    components = folder / "custom_components"
    components.mkdir()
    for name, source in COMPONENTS.items():
        (components / name).symlink_to(source)
    return folder


class HomeAssistant:
    """One Home Assistant on a seeded folder; `async with` starts it and stops it. It can be started again."""

    def __init__(
        self, folder: Path, port: int, token: str, *, grace: float = 15
    ) -> None:
        """Remember the folder, the port it was seeded with and the token that came of it.

        `grace` is how long it may take to stop before it is killed, in seconds.
        """
        self.folder = folder.absolute()
        self.url = f"http://127.0.0.1:{port}"
        self.api = Api(self.url, token)
        # What it logged since the folder was made, over all its starts.
        self.log = self.folder / "console.log"
        self.child: Child | None = None
        self._grace = grace

    async def __aenter__(self) -> Self:
        """Start and wait until it runs."""
        await self.api.__aenter__()
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()
        await self.api.__aexit__()

    async def start(self, timeout: float = 120) -> None:
        """Start and wait until `/api/config` says RUNNING; raises ProcessError when it ends or takes too long."""
        command: list[str | Path]
        command = [PYTHON, "-m", "homeassistant", "--config", self.folder]
        self.child = await start_child(
            "Home Assistant",
            # Everything is installed; it shall not ask the package index.
            [*command, "--skip-pip", "--log-no-color"],
            self.log,
            folder=self.folder,
        )
        try:
            async with asyncio.timeout(timeout):
                while not await self._runs():
                    if not self.child.running:
                        raise ProcessError(
                            f"Home Assistant ended.{self.child.last_words(20)}"
                        )
                    await asyncio.sleep(STATE_POLL_SECONDS)
        except TimeoutError as error:
            raise ProcessError(
                f"Home Assistant did not run within {timeout:.0f} s.{self.child.last_words(20)}"
            ) from error

    @property
    def wants_restart(self) -> bool:
        """Return whether it has ended because a person restarted it in its own pages."""
        return (
            self.child is not None
            and self.child.process.returncode == RESTART_EXIT_CODE
        )

    async def stop(self) -> None:
        """Stop it as a person would. Harmless when it does not run."""
        if self.child is not None:
            await self.child.stop(self._grace)
        self.child = None

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.child is not None:
            self.child.kill()
            await self.child.process.wait()
        self.child = None

    async def _runs(self) -> bool:
        try:
            config: dict[str, Any] = await self.api.request("GET", "/api/config")
        except aiohttp.ClientError, ApiError:
            return False
        return bool(config["state"] == "RUNNING")
