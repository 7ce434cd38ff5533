"""Whether the ports that a service shall listen on can be had, asked before anything else starts."""

import errno
import socket
from collections.abc import Mapping

_WHY = {
    errno.EADDRINUSE: "is taken by another program",
    errno.EACCES: "needs rights that this process does not have",
    errno.EADDRNOTAVAIL: "belongs to an address that this machine does not have",
}


def refuse_taken(service: str, wanted: Mapping[str, tuple[str, int]]) -> None:
    """Try each port of a service. wanted: setting -> host and port. Raises SystemExit that names the setting."""
    for setting, (host, port) in wanted.items():
        why = _why_not(host, port)
        if why:
            raise SystemExit(f"{service}: {setting}: port {port} on {host} {why}")


def _why_not(host: str, port: int) -> str | None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                # As servers do: a connection that ended a moment ago is in nobody's way.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except socket.gaierror:
        return "is no address: the host's name is not known"
    except OSError as error:
        return _WHY.get(error.errno or 0, f"cannot be had ({error.strerror})")
    return None
