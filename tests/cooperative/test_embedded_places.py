"""Folders, the lock, and the sentences for what a machine may lack."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cooperative.embedded import bootstrap, places
from cooperative.embedded.places import LONGEST_SOCKET, SOCKET_NAME, Places, Refusal, private_folder
from cooperative.embedded.running import Address

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def test_sockets_are_near_while_their_path_is_short(tmp_path: Path) -> None:
    near = Places("run", Path("/tmp") / f"p{os.getpid()}")
    try:
        assert near.sockets() == near.folder / "sockets"
    finally:
        for folder in (near.folder / "sockets", near.folder, near.root / ".local", near.root):
            folder.rmdir()


def test_sockets_move_to_a_private_folder_when_the_path_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    far = Places("run", tmp_path / ("żółw" * 20))
    assert len(os.fsencode(far.folder / "sockets" / SOCKET_NAME)) > LONGEST_SOCKET
    assert far.sockets().parent == tmp_path
    assert far.sockets().stat().st_mode & 0o777 == 0o700
    assert Places("test", far.root).sockets() != far.sockets()


def test_somebody_elses_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("open", "link"):
        with pytest.raises(Refusal, match="is not a private folder of ours"):
            private_folder(name)
    assert private_folder("elsewhere") == tmp_path / "elsewhere"


def test_one_holds_the_lock(tmp_path: Path) -> None:
    here = Places("run", tmp_path)
    places.prepare(here)
    with places.only_one(here) as lock:
        lock.write("http://127.0.0.1:8000")
        lock.flush()
        with pytest.raises(Refusal) as told:
            places.only_one(here)
        assert str(told.value) == "Podest is already running at http://127.0.0.1:8000."
        other = Places("test", tmp_path)
        places.prepare(other)
        places.only_one(other).close()
    places.only_one(here).close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(Refusal, match=r"cannot be written \(.*\): copy the project to a folder"):
        places.prepare(Places("run", tmp_path))


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(Refusal, match=f"127.0.0.1:{address.port} cannot be used"):
            address.refuse_if_taken()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "８０"])
def test_a_port_is_a_number(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refusal, match="PORT is a number from 1 to 65535"):
        Address.named()


def test_an_address_to_open() -> None:
    assert Address("0.0.0.0", 8000).url == "http://127.0.0.1:8000"
    assert Address("::1", 8000).url == "http://[::1]:8000"


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("python3.99", "there is no python3.99 here"),
        ("{old}", "{old} is 3.9.1"),
    ],
)
def test_a_wrong_python_is_told_in_one_sentence(tmp_path: Path, python: str, words: str) -> None:
    old = tmp_path / "old"
    old.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.version_info = (3, 9, 1); "
        'sys.version = "3.9.1 (old)"; sys.argv = ["-c", "\'"$3"\'"]; exec("""\'"$2"\'""")\'\n',
        encoding="utf-8",
    )
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "run", f"PYTHON={python.format(old=old)}"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
    )
    assert done.returncode == 2
    sentence = done.stderr.splitlines()[0]
    assert sentence.startswith("Podest needs Python 3.11 or newer; ")
    assert words.format(old=old) in sentence


def test_an_environment_is_whole_or_not_at_all(tmp_path: Path) -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("no-such-package==1 --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(Refusal):
        bootstrap.ensure(with_tests=False, root=tmp_path)
    assert not (tmp_path / ".venv").exists()
