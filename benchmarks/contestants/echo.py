"""The floor: pyzmq asks, zeromq.js or pyzmq answers, nothing is decoded.

The server answers with a reply of the size asked for.

Arguments: the address, and `node` or `python` for the server. Reads one JSON request a line and
answers with one JSON line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import zmq


def main() -> None:
    """Starts the server, then answers requests until standard input ends."""
    here = Path(__file__)
    commands = {
        "node": ["node", str(here.with_name("echo-server.mjs"))],
        "python": [sys.executable, str(here.with_name("echo_server.py"))],
    }
    server = subprocess.Popen(
        [*commands[sys.argv[2]], sys.argv[1]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    socket = zmq.Context().socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(address)
    for line in sys.stdin:
        request = json.loads(line)
        payload = request["reply_bytes"].to_bytes(4, "little") + b"x" * (
            request["request_bytes"] - 4
        )
        samples = np.empty(request["calls"])
        for i in range(request["calls"]):
            start = time.perf_counter_ns()
            socket.send(payload)
            socket.recv()
            samples[i] = time.perf_counter_ns() - start
        p50, p99 = np.percentile(samples, [50, 99]) / 1e3
        print(
            json.dumps({"p50": float(p50), "p99": float(p99), "steps_per_s": 1e6 / float(p50)}),
            flush=True,
        )
    socket.close()
    server.kill()


if __name__ == "__main__":
    main()
