"""Answers every message with as many bytes as its first four ask for.

Argument: the address; prints the one it bound.
"""

from __future__ import annotations

import sys

import zmq


def main() -> None:
    """Answers until it is killed."""
    socket = zmq.Context().socket(zmq.ROUTER)
    socket.bind(sys.argv[1])
    print(socket.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
    while True:
        peer, request = socket.recv_multipart()
        socket.send_multipart([peer, bytes(int.from_bytes(request[:4], "little"))])


if __name__ == "__main__":
    main()
