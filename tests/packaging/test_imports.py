"""Who imports whom, in the manifest's words and in ours, and each rule can fail."""

import pytest

from .import_checks import check_dependencies, check_layers, check_simulators, imported
from .repository import ROOT, read_json, sources


def test_every_import_is_a_dependency() -> None:
    """The manifest names what our code imports."""
    assert check_dependencies(read_json("manifest.json"), sources()) == []


def test_the_layers_hold() -> None:
    """Libraries import nothing above them, platforms nothing of the wire."""
    assert check_layers(sources()) == []


def test_the_simulators_stand_alone() -> None:
    """A misreading of the documents must not agree with itself."""
    folder = ROOT / "tests" / "simulators"
    assert (
        check_simulators(
            {
                path.relative_to(folder).as_posix(): path.read_text()
                for path in folder.rglob("*.py")
            }
        )
        == []
    )


def test_relative_imports_are_resolved() -> None:
    """A dot is the package of the module, each further one the package around it."""
    text = "import asyncio\nfrom . import topics\nfrom .client import Client\nfrom ..guide import session\n"
    assert imported("facegate/messages.py", text, "package") == {
        "asyncio",
        "package.facegate.topics",
        "package.facegate.client.Client",
        "package.guide.session",
    }


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (
            "coordinator.py",
            "from homeassistant.components.recorder import get_instance",
        ),
        ("coordinator.py", "from homeassistant.components import recorder"),
        ("coordinator.py", "import homeassistant.components.recorder.statistics"),
        (
            "coordinator.py",
            "def late():\n    from homeassistant.components.recorder import get_instance",
        ),
    ],
)
def test_an_unnamed_dependency_is_told(path: str, code: str) -> None:
    """However it is imported."""
    assert check_dependencies({"dependencies": ["stream"]}, {path: code}) == [
        "coordinator.py imports recorder, which is neither in dependencies nor in after_dependencies"
    ]


@pytest.mark.parametrize(
    ("manifest", "path", "code"),
    [
        pytest.param(
            {"dependencies": ["recorder"]},
            "a.py",
            "from homeassistant.components import recorder",
            id="dependency",
        ),
        pytest.param(
            {"after_dependencies": ["recorder"]},
            "a.py",
            "from homeassistant.components import recorder",
            id="after",
        ),
        pytest.param(
            {"mqtt": ["a/#"]},
            "a.py",
            "from homeassistant.components import mqtt",
            id="discovery",
        ),
        pytest.param(
            {},
            "a.py",
            "from homeassistant.components.camera import Camera",
            id="platform",
        ),
        pytest.param(
            {},
            "logbook.py",
            "from homeassistant.components.logbook import X",
            id="for whom the module is",
        ),
        pytest.param(
            {},
            "logbook/events.py",
            "from homeassistant.components.logbook import X",
            id="for whom the package is",
        ),
        pytest.param(
            {},
            "a.py",
            "from homeassistant.components.http.auth import async_sign_path",
            id="signing a path",
        ),
        pytest.param(
            {},
            "a.py",
            "if TYPE_CHECKING:\n    from homeassistant.components.recorder import X",
            id="only for types",
        ),
    ],
)
def test_an_allowed_import_passes(
    manifest: dict[str, list[str]], path: str, code: str
) -> None:
    """What hassfest lets through."""
    assert check_dependencies(manifest, {path: code}) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param(
            "facegate/client.py",
            "from homeassistant.core import HomeAssistant",
            id="Home Assistant",
        ),
        pytest.param(
            "guide/client.py", "import homeassistant", id="Home Assistant itself"
        ),
        pytest.param(
            "journal/store.py",
            "import homeassistant.util.dt",
            id="a helper of Home Assistant",
        ),
        pytest.param(
            "facegate/client.py", "from ..guide import session", id="another library"
        ),
        pytest.param(
            "guide/client.py",
            "from custom_components.thermogate.facegate import x",
            id="another one by its name",
        ),
        pytest.param(
            "facegate/client.py", "from ..const import DOMAIN", id="what uses it"
        ),
        pytest.param(
            "facegate/deep/client.py",
            "from ...coordinator import x",
            id="from deeper down",
        ),
        pytest.param(
            "facegate/client.py", "from .. import coordinator", id="the package above"
        ),
        pytest.param(
            "sensor.py", "from .guide.session import Session", id="platform to session"
        ),
        pytest.param(
            "camera.py", "from .facegate.topics import capture", id="platform to topics"
        ),
    ],
)
def test_a_crossed_layer_is_told(path: str, code: str) -> None:
    """Each direction that is closed."""
    assert len(check_layers({path: code})) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (
            "facegate/client.py",
            "import asyncio\nfrom . import topics\nfrom .messages import Capture",
        ),
        ("facegate/deep/client.py", "from ..messages import Capture"),
        (
            "coordinator.py",
            "from .guide.session import Session\nfrom homeassistant.core import HomeAssistant",
        ),
        (
            "sensor.py",
            "from .coordinator import Coordinator\nfrom .guide.models import Rule\nfrom .guide import Rule",
        ),
    ],
)
def test_an_open_direction_passes(path: str, code: str) -> None:
    """Within a library, and downwards."""
    assert check_layers({path: code}) == []


@pytest.mark.parametrize(
    "code",
    [
        "from custom_components.thermogate.guide import session",
        "from homeassistant.util import dt",
        "from tests.conftest import something",
    ],
)
def test_a_leaning_simulator_is_told(code: str) -> None:
    """Each thing a simulator must not lean on."""
    assert len(check_simulators({"camera/server.py": code})) == 1
    assert (
        check_simulators(
            {
                "camera/server.py": "import aiohttp\nfrom .scene import Scene\nfrom ..wire import x"
            }
        )
        == []
    )
