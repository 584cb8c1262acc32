# Shared by the scripts beside it: where things live, and how to get uv. Source it, do not run it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/thermogate
TEST_VENV=$ROOT/.venv
DEMO_VENV=$ROOT/.venv-demo
DEBIAN_PYTHON=$CACHE/debian-python

# What uv fetches besides packages goes into the cache too.
export UV_PYTHON_INSTALL_DIR=$CACHE/python UV_TOOL_DIR=$CACHE/uv-tools

# One interpreter series for both environments: Home Assistant 2026.11 needs 3.14.2 or newer.
PYTHON_SERIES=3.14
PYTHON_MINIMUM=3.14.2

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Prints the path of uv, fetching it from PyPI into the user's cache where the machine has none.
find_uv() {
    local tools=$CACHE/tools
    if command -v uv >/dev/null; then
        command -v uv
        return
    fi
    if [ ! -x "$tools/bin/uv" ]; then
        command -v python3 >/dev/null ||
            fail "ThermoGate's scripts need uv (https://docs.astral.sh/uv) or a python3 with venv to fetch it: install one of them and try again."
        rm -rf "$tools"
        say "Fetching uv into $tools"
        python3 -m venv "$tools" >/dev/null 2>&1 && "$tools/bin/pip" install --quiet uv >&2 || {
            rm -rf "$tools"
            fail "python3 could not fetch uv from PyPI: install uv (https://docs.astral.sh/uv), or python3-venv and a way to PyPI, and try again."
        }
    fi
    printf '%s\n' "$tools/bin/uv"
}
