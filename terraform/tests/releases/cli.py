"""The AWS CLI, started once. Version 1 takes most of a second to be imported, and a release calls it some fifty times.

A server has imported it, and forks for each call; `aws` in a folder of its own hands over its arguments, environment and files. What runs is the installed CLI.
This file runs by the CLI's own interpreter, as server and as `aws`, and so imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

LENGTH = 8


@contextlib.contextmanager
def preloaded(folder: pathlib.Path) -> Iterator[str]:
    """A PATH on which `aws` is that of the server; or as it is, if the CLI is no script of Python's, as version 2 is not."""
    path = os.environ["PATH"]
    first_line = pathlib.Path(shutil.which("aws") or os.devnull).read_bytes()[:200].partition(b"\n")[0].decode(errors="replace")
    interpreter = first_line.removeprefix("#!").strip()
    if "python" not in interpreter:
        yield path
        return
    address = folder / "socket"
    command = folder / "aws"
    command.write_text(f'#!/bin/sh\nexec {interpreter} -S -E {__file__} {address} "$@"\n')
    command.chmod(0o755)
    server = subprocess.Popen([interpreter, __file__, str(address)], stdout=subprocess.PIPE)
    server.stdout.readline()
    try:
        yield f"{folder}:{path}"
    finally:
        server.terminate()
        server.wait(10)


def serve(address: str) -> None:
    import awscli.clidriver

    # What is imported late: once here, and not for each call.
    awscli.clidriver.create_clidriver()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    listener.settimeout(5)
    parent = os.getppid()
    print("ready", flush=True)
    # Tests that were killed could not end it.
    while os.getppid() == parent:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(run(connection, awscli.clidriver.main))
        connection.close()


def run(connection: socket.socket, main) -> int:
    length, files, _, _ = socket.recv_fds(connection, LENGTH, 3)
    with connection.makefile("rb") as stream:
        asked = json.loads(stream.read(int(length, 16)))
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(asked["folder"])
    # Where the CLI has its own data, it tells itself when it is imported.
    data = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update({**asked["environment"], "AWS_DATA_PATH": data})
    sys.argv = ["aws", *asked["arguments"]]
    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code or 0]))
    return 0


def ask(address: str, arguments: list[str]) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        asked = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": str(pathlib.Path.cwd())}).encode()
        socket.send_fds(connection, [b"%08x" % len(asked)], [0, 1, 2])
        connection.sendall(asked)
        code = connection.recv(1)
        return code[0] if code else 255


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(sys.argv[1])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
