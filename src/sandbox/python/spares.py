"""The process that programs are forked from: it has imported the usual modules, and nothing else.

It never sees a program, its input or its output, so nothing of one run can be found in the memory
of the next. Programs' processes are made ahead of time, so that a run begins at once: at level
`bwrap` in one of two rooms (`rooms.py`), else below a keeper of their own (`keeper.py`).
"""

from __future__ import annotations

import os
import socket
import struct

import keeper
import kernel
import program
from rooms import FOLDER, Room
from settings import Settings

PREPARE = b"p"
"""What the supervisor sends for another spare."""

PID = struct.Struct("<i")


def serve(settings: Settings, filters: list[kernel.Filter], supervisor: socket.socket) -> None:
    """Makes a spare for each request; the descriptors that lead to it go to the supervisor."""
    kernel.die_with_parent()
    rooms = [Room(settings), Room(settings)] if settings.level == "bwrap" else []
    for room in rooms:
        socket.send_fds(supervisor, [PID.pack(room.keeper)], [room.line.fileno()])
    keepers: set[int] = set()
    turn = 0
    while supervisor.recv(1) == PREPARE:
        if rooms:
            _make_spare(settings, filters, supervisor, rooms[turn % len(rooms)])
            turn += 1
            continue
        keepers = {pid for pid in keepers if os.waitpid(pid, os.WNOHANG)[0] == 0}
        keepers.add(_make_spare(settings, filters, supervisor, None))


def _make_spare(
    settings: Settings,
    filters: list[kernel.Filter],
    supervisor: socket.socket,
    room: Room | None,
) -> int:
    """Forks a program, or its keeper, and gives its process id."""
    pipes = [os.pipe() for _ in range(4 if room else 5)]
    (feed, feed_end), (stdin, stdin_end), (out_end, out), (err_end, err), *status = pipes
    standard = (stdin, out, err)
    pid = kernel.clone(0) if room is None else room.fork()
    if pid == 0:
        if room is None:
            keeper.main(settings, filters, feed, standard, status[0][1])
        program.main(settings, filters, feed, standard, FOLDER)
    far_ends = [feed_end, stdin_end, out_end, err_end, *(end for end, _ in status)]
    socket.send_fds(supervisor, [PID.pack(pid)], far_ends)
    for descriptor in {*far_ends, *sum(pipes, ())}:
        os.close(descriptor)
    return pid
