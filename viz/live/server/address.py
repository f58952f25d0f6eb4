"""Where the live view listens: the socket, the names and addresses of this machine, and what others type to reach it."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Iterable

from model.errors import Fault, InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
"""Host names, in small letters."""

NOWHERE = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses of no machine: asking for the way there tells our own address; nothing is sent."""


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text spells, an IPv4 one where it is that inside IPv6; None when it spells none."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes calls from now on; who calls before the server is ready waits. Raises InputError."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InputError(
            Fault(
                "there is no host of this name" if address_of(host) is None else "is not an address",
                key="host",
                found=host[:80],
                allowed=_own_text(),
            )
        ) from None
    family, _, _, _, where = min(found, key=lambda one: one[0] != socket.AF_INET)
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(where)
        made.listen(256)
    except OSError as error:
        made.close()
        raise InputError(_refused(error, host, port)) from None
    return made


def _refused(error: OSError, host: str, port: int) -> Fault:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return Fault("this port is taken", key="port", found=str(port), hint=f"Try --port {other}.")
    if error.errno == errno.EACCES:
        return Fault(
            "this port is not open to this user", key="port", found=str(port), hint="Try --port 8765."
        )
    return Fault("this address is not this machine’s", key="host", found=host[:80], allowed=_own_text())


def _own_text() -> str:
    return f"127.0.0.1 (this machine alone), {', '.join([*own_addresses(), '0.0.0.0'])} (others too)"


def own_addresses() -> list[str]:
    """Addresses at which other machines can reach this one, as far as it knows."""
    found = []
    for far, family in NOWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as trial:
                trial.connect((far, 9))
                found.append(str(trial.getsockname()[0]))
        except OSError:
            continue
    return [
        text for text in found if (one := address_of(text)) and not (one.is_loopback or one.is_link_local)
    ]


def own_names() -> tuple[str, ...]:
    """Names of this machine: of this machine to itself, and its own in its network."""
    own = socket.gethostname().lower().rstrip(".")
    short = own.partition(".")[0]
    return tuple(dict.fromkeys((*LOOPBACK, own, short, f"{short}.local")))


def checked(names: Iterable[str]) -> tuple[str, ...]:
    """Further names to answer to, in small letters. Raises InputError for what is no host name."""
    given = [name.strip().lower().rstrip(".").strip("[]") for name in names]
    faults = [
        Fault(
            "is not a host name",
            key="name",
            found=name[:80] or "nothing",
            allowed="a name or an address as others type it, without http:// and without a port",
        )
        for name in given
        if not NAME.fullmatch(name) and address_of(name) is None
    ]
    if faults:
        raise InputError(faults)
    return tuple(given)


def here(door: socket.socket, names: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """What a browser on this machine opens, and what other machines open (none when only this one may)."""
    own = address_of(door.getsockname()[0])
    port = door.getsockname()[1]
    assert own is not None
    if own.is_loopback:
        return _page("localhost" if str(own) in LOOPBACK else str(own), port), []
    if own.is_unspecified:
        both = door.family == socket.AF_INET6
        reached = [one for one in own_addresses() if both or ":" not in one]
        return _page("localhost", port), [_page(one, port) for one in (*reached, *names)]
    return _page(str(own), port), [_page(one, port) for one in (str(own), *names)]


def _page(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
