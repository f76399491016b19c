"""A worker without torch that behaves or misbehaves as its job says. It speaks the real one's lines."""

import json
import os
import signal
import sys
import threading
import time

cancelled: set[str] = set()
writing = threading.Lock()


def emit(**event: object) -> None:
    with writing:
        print(json.dumps(event), flush=True)


def count(name: str, n: int, pause: float) -> None:
    for number in range(n):
        if name in cancelled:
            return emit(event="cancelled", id=name)
        emit(event="progress", id=name, fraction=number / n)
        time.sleep(pause)
    return emit(event="finished", id=name, threads=os.environ.get("OMP_NUM_THREADS"), pid=os.getpid())


def do(job: dict[str, object]) -> None:
    name, kind = str(job["id"]), job["job"]
    if kind == "count":
        count(name, int(str(job["n"])), float(str(job.get("pause", 0))))
    elif kind == "fail":
        emit(event="failed", id=name, message="no such data set")
    elif kind == "deaf":
        if job["to_terminate"]:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        emit(event="progress", id=name, fraction=0)
        time.sleep(60)
    elif kind == "die":
        emit(event="progress", id=name, fraction=0.5)
        print("out of memory", file=sys.stderr, flush=True)
        os._exit(7)
    elif kind == "chatter":
        print("a warning that some library prints", flush=True)
        emit(event="finished", id=name)


emit(event="ready")
for line in sys.stdin:
    order = json.loads(line)
    if "cancel" in order:
        cancelled.add(order["cancel"])
    elif order["job"] == "deaf":
        do(order)  # in the main thread, so that nobody reads the cancel line
    else:
        threading.Thread(target=do, args=(order,), daemon=True).start()
