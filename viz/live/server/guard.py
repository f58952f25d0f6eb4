"""Who may talk to the live view: nobody who calls it by a name that is not its own, no other page, no flood."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from viz.live.server.address import address_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BYTES = 1024 * 1024
"""The largest message a browser may send."""

RATE, BURST = 120.0, 600.0
"""Messages a second that one connection may send for long, and at once."""

SAFE = ("GET", "HEAD", "OPTIONS")
"""Requests that change nothing."""


class Guard:
    """Refuses strangers and floods: foreign host names, other pages' scripts, large or very many messages.

    A browser that was led here under a foreign name (DNS rebinding) sends that name. So a call is let in only if it
    names one of `names`, or the very address of this machine at which it came in.
    """

    def __init__(self, app: Any, names: Iterable[str]) -> None:
        self._app, self._names = app, frozenset(name.lower() for name in names)
        self._addresses = {address for name in self._names if (address := address_of(name))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        hosts, origins = _all(scope, b"host"), _all(scope, b"origin")
        host = hosts[0] if len(hosts) == 1 else ""
        if not self._known(host, scope.get("server")):
            return await _refuse(kind, send, _unknown(host))
        asks = kind == "websocket" or scope.get("method", "GET") not in SAFE
        if (asks and any(_page_of(one) != host.lower() for one in origins)) or scope["path"].startswith(
            "/resourcez"
        ):
            return await _refuse(kind, send, "Not for you.")
        if kind == "websocket":
            receive = _metered(receive)
        else:
            send = _with_headers(send)
        await self._app(scope, receive, send)

    def _known(self, host: str, reached: Any) -> bool:
        name = name_of(host)
        if name in self._names:
            return True
        address = address_of(name)
        own = address_of(str(reached[0])) if reached else None
        return address is not None and (address == own or address in self._addresses)


def name_of(host: str) -> str:
    """The name or address in a Host header, in small letters and without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    name = host if host.count(":") > 1 else host.partition(":")[0]
    return name.lower().removesuffix(".")


def _page_of(origin: str) -> str:
    """The host and port of a page that asks; nothing for one without (`null`)."""
    return origin.partition("://")[2].lower()


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for given, value in scope["headers"] if given.lower() == name]


def _unknown(host: str) -> str:
    name = name_of(host).encode("ascii", "replace").decode()[:80]
    if not name.isprintable() or not name:
        return "This live view answers only to its own names and addresses."
    return (
        f"This live view does not answer to the name {name}. "
        f"If that is its name, start it again with --name {name}."
    )


async def _refuse(kind: str, send: Send, why: str) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": why.encode()})


def _with_headers(send: Send) -> Send:
    """Tell browsers what this page may do: load from here only, be framed by nobody."""
    extra = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (
            b"content-security-policy",
            b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: "
            b"data: blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'none'",
        ),
    ]

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *extra]
        await send(message)

    return sending


def _metered(receive: Receive) -> Receive:
    """A bucket of messages that refills; a connection that empties it is closed."""
    left, last = BURST, time.monotonic()

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal left, last
        message = await receive()
        if message["type"] == "websocket.receive":
            now = time.monotonic()
            left = min(BURST, left + (now - last) * RATE) - 1.0
            last = now
            size = len(message.get("bytes") or b"") + len(message.get("text") or "")
            if left < 0 or size > MOST_BYTES:
                return {"type": "websocket.disconnect", "code": 1008}
        return message

    return receiving
