"""The server of the live view: Solara in production mode behind a guard, for this machine alone unless told."""

from __future__ import annotations

import gc
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import Fault, InputError

if TYPE_CHECKING:
    from viz.house import House

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ASSETS = Path(__file__).parent / "assets"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BYTES = 1024 * 1024
"""The largest message a browser may send."""

RATE, BURST = 120.0, 600.0
"""Messages a second that one connection may send for long, and at once."""


def settings(idle_minutes: int = 10, visitors: int = 40) -> None:
    """Set Solara up before it is imported: production, no telemetry, few and short-lived kernels."""
    os.environ.update(
        SOLARA_APP="viz.app",
        SOLARA_MODE="production",
        SOLARA_TELEMETRY_MIXPANEL_ENABLE="False",
        SOLARA_KERNEL_CULL_TIMEOUT=f"{idle_minutes}m",
        SOLARA_KERNEL_MAX_COUNT=str(2 * visitors),
        SOLARA_KERNEL_MAX_PER_SESSION=str(visitors),
        SOLARA_SESSION_HTTP_ONLY="True",
        SOLARA_THEME_LOADER="plain",
        SOLARA_THEME_TITLE="Everystep",
        SOLARA_THEME_SHOW_BANNER="False",
        SOLARA_ASSETS_FONTAWESOME_ENABLED="False",
    )


def make(hosts: tuple[str, ...] = LOOPBACK) -> Any:
    """The ASGI application. Call `settings` first."""
    from solara.server import server as pages
    from solara.server import settings as chosen
    from solara.server import starlette

    chosen.assets.extra_locations = [str(ASSETS)]
    chosen.telemetry.mixpanel_enable = False
    read_root = pages.read_root

    def read_page(*words: Any, **options: Any) -> str | None:
        content = read_root(*words, **options)
        return None if content is None else mended(content)

    pages.read_root = read_page
    return Guard(starlette.app, hosts)


def mended(page: str) -> str:
    """Solara's page with a language, and with zooming allowed (WCAG 3.1.1, 1.4.4)."""
    page = page.replace("<html>", '<html lang="en-GB">', 1)
    return page.replace(", maximum-scale=1, user-scalable=no, minimal-ui", "", 1)


class Guard:
    """Refuses strangers and floods: other host names, other pages' scripts, large or very many messages."""

    def __init__(self, app: Any, hosts: tuple[str, ...]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        origin = headers.get("origin", "")
        stranger = not self._known(headers.get("host", ""))
        if origin and kind == "websocket":
            stranger |= origin.partition("://")[2] != headers.get("host", "")
        if stranger or scope["path"].startswith("/resourcez"):
            return await _refuse(kind, send)
        if kind == "websocket":
            receive = _metered(receive)
        else:
            send = _with_headers(send)
        await self._app(scope, receive, send)

    def _known(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
        return "*" in self._hosts or name in self._hosts


async def _refuse(kind: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Not for you."})


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


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes calls from now on; who calls before the server is ready waits. Raises InputError."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(256)
    except OSError:
        made.close()
        raise InputError(
            Fault("this port is taken", key="port", found=str(port), hint=f"Try --port {port + 1}.")
        ) from None
    return made


@contextmanager
def uncollected() -> Iterator[None]:
    """No hunt for garbage while libraries are read: hardly any of it is garbage, and none of it will be later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def missing() -> list[str]:
    """What the live view lacks here, each with the command that mends it."""
    from importlib.metadata import PackageNotFoundError, version

    lacks = []
    for name, below in (("ipyvue", 2), ("ipyvuetify", 2)):
        try:
            if int(version(name).split(".")[0]) >= below:
                lacks.append(
                    f"{name} must be below {below}: .venv/bin/python -m pip install '{name}<{below}'"
                )
        except PackageNotFoundError:
            lacks.append(f"{name} is missing: .venv/bin/python -m pip install '{name}<{below}'")
    try:
        version("solara")
    except PackageNotFoundError:
        lacks.append("solara is missing: .venv/bin/python -m pip install 'mesa[rec]>=3.3,<4'")
    return lacks


def offline() -> bool:
    """Whether the browser's libraries are on this machine, so that no page asks the internet."""
    from importlib.util import find_spec

    return find_spec("solara_assets") is not None


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    place: str = "erewash",
    sample: float | None = None,
    seed: int = 1,
    open_browser: bool = True,
    names: tuple[str, ...] = (),
    say: Callable[[str], None] = print,
    visitors: int = 40,
) -> None:
    """Serve until stopped. `place` may be a folder; `names` are further host names to answer to. Raises InputError."""
    if lacks := missing():
        raise InputError([Fault(text, key="installation") for text in lacks])
    settings(visitors=visitors)
    everywhere = host in ("0.0.0.0", "::")
    with listening(host, port) as door:
        name = "localhost" if everywhere or host in LOOPBACK else host
        address = f"http://{name}:{door.getsockname()[1]}/"
        with uncollected():
            _furnish(place, sample, seed, visitors).warm()
            if open_browser:
                threading.Thread(target=_open, args=(address,), daemon=True).start()
            server = _server(("*",) if everywhere and not names else (*LOOPBACK, host, *names))
        say(f"The live view is at {address} (Ctrl-C stops it).")
        if not offline():
            say(
                "Browsers will fetch Solara's scripts from the internet. "
                "For use without: .venv/bin/python -m pip install -e '.[offline]'"
            )
        if host not in LOOPBACK:
            say("Others on this network can open it: there is no password. Use it among people you trust.")
        server.run(sockets=[door])


def _furnish(place: str, sample: float | None, seed: int, visitors: int) -> House:
    """The house of this server, opened with a place that is allowed. Raises InputError."""
    from viz.house import House, Limits, Opening, open_house

    imported = {} if _shipped(place) else {Path(place).name: place}
    name = Path(place).name if imported else place.lower().replace(" ", "_").replace("-", "_")
    limits = Limits(visitors=visitors)
    house = open_house(House(Opening(place=name, sample=sample, seed=seed), limits, imported))
    if house.usual_sample(name) * house.places[name][2] > limits.residents:
        raise InputError(
            Fault(
                "too many residents for the live view",
                key="sample",
                found=str(sample),
                allowed=f"at most {limits.residents:,} residents",
                hint="Lower --sample.",
            )
        )
    return house


def _server(hosts: tuple[str, ...]) -> Any:
    import uvicorn

    config = uvicorn.Config(
        make(hosts),
        log_level="warning",
        ws_max_size=MOST_BYTES,
        ws="auto",
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    return uvicorn.Server(config)


def _shipped(place: str) -> bool:
    from model.place_profile import shipped

    return place.lower().replace(" ", "_").replace("-", "_") in shipped()


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
