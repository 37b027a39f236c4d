"""`python3 -m cooperative.embedded run | test | bench | env | demo-reset`, as the Makefile calls it.

Started with the system's Python; once the environment stands it goes on in that one, as the same
process, so that the lock stays held and `make` keeps waiting for it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import IO

from cooperative.embedded import bootstrap, places
from cooperative.embedded.places import Places, Refusal

HANDED_OVER = "PODEST_LOCK_HANDED_OVER"
_held: list[IO[str]] = []


def main(arguments: Sequence[str]) -> int:
    """Do one command; a refusal is one sentence and exit code 1."""
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    try:
        match command:
            case "run":
                return _run(rest)
            case "test" | "bench":
                return _test(command, rest)
            case "env":
                _writable()
                bootstrap.ensure(with_tests="--with-tests" in rest)
                return 0
            case "demo-reset":
                return _demo_reset()
            case _:
                raise Refusal("Say run, test, bench, env or demo-reset; `make help` explains them.")
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the supervisor listens: nothing has been started
        return 0 if command == "run" else 130


def _writable() -> None:
    places.prepare(Places("run"))


def _run(arguments: list[str]) -> int:
    from cooperative.embedded import running

    here = Places("run")
    address = running.Address.named()
    if _hold(here, address.url):
        address.refuse_if_taken()
    if not bootstrap.inside():
        _go_on_inside(["run", *arguments], with_tests=False)
    return running.run(here, address)


def _test(name: str, arguments: list[str]) -> int:
    from cooperative.embedded import testing

    here = Places(name)
    _hold(here, "another terminal")
    if not bootstrap.inside():
        _go_on_inside([name, *arguments], with_tests=True)
    return testing.run(here, arguments, durable=name == "bench")


def _hold(here: Places, where: str) -> bool:
    """Take the lock; False when we hold it already, from before the change of interpreter."""
    if os.environ.pop(HANDED_OVER, "") == here.name:
        return False
    places.prepare(here)
    lock = places.only_one(here)
    lock.write(where)
    lock.flush()
    os.set_inheritable(lock.fileno(), True)  # survives exec; Popen closes it in every child
    _held.append(lock)
    return True


def _go_on_inside(arguments: list[str], *, with_tests: bool) -> None:
    python = str(bootstrap.ensure(with_tests=with_tests, holds_run=arguments[0] == "run"))
    os.environ["PYTHONNOUSERSITE"] = "1"
    os.environ[HANDED_OVER] = arguments[0]
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        os.environ.pop(name, None)
    sys.stdout.flush()
    os.execv(python, [python, "-m", "cooperative.embedded", *arguments])


def _demo_reset() -> int:
    here = Places("run")
    if os.environ.get("DATABASE_URL"):
        raise Refusal("demo-reset only clears the demo in .local; your DATABASE_URL is left alone.")
    places.prepare(here)
    with places.only_one(here):
        for kept in here.demo():
            shutil.rmtree(kept, ignore_errors=True)
    print("The demo is cleared; `make run` makes a fresh one.")
    return 0


if __name__ == "__main__":
    os.chdir(places.ROOT)
    sys.exit(main(sys.argv[1:]))
