"""Refuse sockets to this Python: the tests put this folder first on the path of every process that they start.

What is refused is also noted in a file, for a program may take a refusal for a fault of the network and go on.
"""

import os
import socket
import sys

ALLOWED = "AUDIT_TESTS_SOCKETS"
"""Environment: `none`, `local` (addresses of this machine by the loop) or `any`."""
NOTED = "AUDIT_TESTS_REFUSED"
"""Environment: the file."""
_REFUSED = {"socket.connect", "socket.sendto", "socket.sendmsg",
            "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}  # fmt: skip
_LOCAL = {"localhost", "::1", "0.0.0.0", "::", "", None}  # noqa: S104  some are asked for in order to listen


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event not in _REFUSED:
        return
    host = args[0]
    if isinstance(host, socket.socket):
        if host.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    allowed = os.environ.get(ALLOWED, "none")
    if allowed == "any" or (allowed == "local" and (host in _LOCAL or str(host).startswith("127."))):
        return
    if NOTED in os.environ:
        with open(os.environ[NOTED], "a") as file:  # noqa: PTH123
            file.write(f"{event} {host}\n")
    raise PermissionError(f"{event} {host}: the tests run with sockets refused; see CONTRIBUTING.md")


sys.addaudithook(_refuse)
