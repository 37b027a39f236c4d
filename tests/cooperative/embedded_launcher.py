"""Run by test_embedded_launcher.py: the launcher with both servers in a folder of the test's own.

Prints the processes' numbers once all is up, then watches as `make run` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cooperative.embedded import places, servers
from cooperative.embedded.places import Places, Refusal
from cooperative.embedded.supervisor import Stopped, Supervisor


def main(root: Path) -> int:
    """Start, say so, watch, stop; the same order and exits as `make run`."""
    here = Places("run", root)
    supervisor: Supervisor | None = None
    try:
        places.prepare(here)
        with places.only_one(here):
            supervisor = Supervisor(here)
            environment = servers.start(supervisor, here, database="podest", durable=False)
            servers.leave_note(here, environment)
            pids = [part.process.pid for part in supervisor.parts if part.process]
            print("up", *pids, flush=True)
            supervisor.watch()
    except Stopped:
        return 0
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        if supervisor is not None:
            supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
