"""Makes `.venv` from the lock file, with nothing but python3 and pip on the machine."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cooperative.embedded.places import ROOT, Places, Refusal

OLDEST_PIP = (22, 3)  # the first that can install into another environment: `pip --python`


def environment_python(root: Path = ROOT) -> Path:
    """The interpreter of the project's own environment."""
    return root / ".venv" / "bin" / "python"


def inside() -> bool:
    """Whether this process already runs in that environment."""
    return Path(sys.prefix).resolve() == (ROOT / ".venv").resolve()


def ensure(*, with_tests: bool, holds_run: bool = False, root: Path = ROOT) -> Path:
    """Make or complete `.venv` unless it is as the lock files say; returns its interpreter.

    It is built in `.venv.new`, stamped, and renamed when done, so that an installation cut in two
    is never taken for a whole one. What tests need is added to an environment that stands, since a
    running `make run` may be using it. `holds_run`: the caller holds the lock of `make run`.
    """
    local = root / ".local"
    local.mkdir(mode=0o700, exist_ok=True)
    with (local / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        base, tests = _hash(root / "requirements.txt"), _hash(root / "requirements-dev.txt")
        wanted = {"at": str(root), "base": base} | ({"tests": tests} if with_tests else {})
        found = _stamp(root)
        if all(found.get(name) == value for name, value in wanted.items()):
            return environment_python(root)
        stands = found.get("at") == str(root) and found.get("base") == base
        if stands:
            print("Adding what the tests need (once, about half a minute)...", flush=True)
            _install(environment_python(root), root / "requirements-dev.txt")
            _write_stamp(root / ".venv", {"at": str(root), "base": base, "tests": tests})
            return environment_python(root)
        if found and not holds_run and _in_use(root):
            raise Refusal("The lock file has changed: stop the running `make run` first (Ctrl-C).")
        print("Preparing the environment in .venv (once, about a minute)...", flush=True)
        _build(root, wanted, with_tests=with_tests)
    return environment_python(root)


def _build(root: Path, stamp: dict[str, str], *, with_tests: bool) -> None:
    fresh, place = root / ".venv.new", root / ".venv"
    shutil.rmtree(fresh, ignore_errors=True)
    # Without pip: a machine with python3 and pip may well lack ensurepip, which venv needs for it.
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(fresh)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Refusal(f"python3 -m venv does not work here: {made.stderr.strip()}")
    _install(
        fresh / "bin" / "python",
        root / ("requirements-dev.txt" if with_tests else "requirements.txt"),
    )
    # Scripts know where they were made; they are to work from where they will be.
    for script in (fresh / "bin").iterdir():
        if script.is_symlink() or not script.is_file() or script.stat().st_size > 100_000:
            continue
        content = script.read_bytes()
        script.write_bytes(content.replace(os.fsencode(fresh), os.fsencode(place)))
    _write_stamp(fresh, stamp)
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def _install(python: Path, lock: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    if inside():
        raise Refusal("Start this with the system's python3, not from inside .venv.")
    told = subprocess.run([*pip, "--version"], capture_output=True, text=True, check=False)
    try:
        version = tuple(int(part) for part in told.stdout.split()[1].split(".")[:2])
    except (IndexError, ValueError):
        version = (0, 0)
    if told.returncode or version < OLDEST_PIP:
        raise Refusal(
            f"{sys.executable} has no pip 22.3 or newer: install pip for it, "
            "or name another Python: make PYTHON=python3.12 ..."
        )
    done = subprocess.run(
        [
            *pip,
            *("--python", str(python), "install", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--require-hashes", "--no-deps", "-r", str(lock)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONNOUSERSITE": "1", "PIP_USER": "0"},
        check=False,
    )
    if done.returncode:
        said = "\n".join("    " + line for line in done.stdout.strip().splitlines()[-12:])
        raise Refusal(f"pip could not install what {lock.name} lists; it said:\n{said}")


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _stamp(root: Path) -> dict[str, str]:
    """What `.venv` holds; empty when it is absent, half made or its interpreter is gone."""
    try:
        text = (root / ".venv" / "podest-stamp").read_text(encoding="utf-8")
    except OSError:
        return {}
    if not os.access(environment_python(root), os.X_OK):
        return {}
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _write_stamp(environment: Path, stamp: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in stamp.items())
    (environment / "podest-stamp").write_text(text, encoding="utf-8")


def _in_use(root: Path) -> bool:
    try:
        with (Places("run", root).folder / "lock").open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
