"""Runs a command as the child of a small process, and writes what it took as JSON.

A child's peak memory begins with that of the process which started it, so it must not be
started by one that holds a whole workload. `python -I -S timed.py SECONDS COMMAND...`
"""

from __future__ import annotations

import os
import signal
import sys
import time


def main() -> None:
    limit, command = int(sys.argv[1]), sys.argv[2:]
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(2, 1)
        os.execvp(command[0], command)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(limit)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    values = (wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code)
    sys.stdout.write(" ".join(map(repr, values)) + "\n")


if __name__ == "__main__":
    main()
