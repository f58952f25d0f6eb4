"""The server of the live view: Solara in production mode behind a guard, for this machine alone unless told."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import Fault, InputError
from viz.live.server.address import LOOPBACK, checked, here, listening, own_names
from viz.live.server.guard import MOST_BYTES, Guard

if TYPE_CHECKING:
    from viz.live.server.house import House

ASSETS = Path(__file__).parents[1] / "assets"


def settings(idle_minutes: int = 10, visitors: int = 40) -> None:
    """Set Solara up before it is imported: production, no telemetry, few and short-lived kernels."""
    os.environ.update(
        SOLARA_APP="viz.live.page.app",
        SOLARA_MODE="production",
        SOLARA_TELEMETRY_MIXPANEL_ENABLE="False",
        SOLARA_KERNEL_CULL_TIMEOUT=f"{idle_minutes}m",
        SOLARA_KERNEL_MAX_COUNT=str(2 * visitors),
        SOLARA_KERNEL_MAX_PER_SESSION=str(visitors),
        SOLARA_SESSION_HTTP_ONLY="True",
        SOLARA_SESSION_SAME_SITE="lax",
        SOLARA_THEME_FORCE_REFRESH="True",
        SOLARA_THEME_LOADER="plain",
        SOLARA_THEME_TITLE="Everystep",
        SOLARA_THEME_SHOW_BANNER="False",
        SOLARA_ASSETS_FONTAWESOME_ENABLED="False",
    )


def make(names: Iterable[str] = LOOPBACK) -> Any:
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
    return Guard(starlette.app, names)


def mended(page: str) -> str:
    """Solara's page with a language, and with zooming allowed (WCAG 3.1.1, 1.4.4)."""
    page = page.replace("<html>", '<html lang="en-GB">', 1)
    return page.replace(", maximum-scale=1, user-scalable=no, minimal-ui", "", 1)


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
    further = checked(names)
    with listening(host, port) as door:
        address, others = here(door, further)
        answers = (*LOOPBACK, *further, *((*own_names(), host) if others else ()))
        with uncollected():
            _furnish(place, sample, seed, visitors).warm()
            if open_browser:
                threading.Thread(target=_open, args=(address,), daemon=True).start()
            server = _server(answers)
        say(f"The live view is at {address} (Ctrl-C stops it).")
        if not offline():
            say(
                "Browsers will fetch Solara's scripts from the internet. "
                "For use without: .venv/bin/python -m pip install -e '.[offline]'"
            )
        if others:
            say(f"Others on this network can open {' or '.join(others)}")
            say(
                "There is no password: use it among people you trust. It answers to no other name (--name adds one)."
            )
        server.run(sockets=[door])


def _furnish(place: str, sample: float | None, seed: int, visitors: int) -> House:
    """The house of this server, opened with a place that is allowed. Raises InputError."""
    from viz.live.server.house import House, Limits, Opening, open_house

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


def _server(names: Iterable[str]) -> Any:
    import uvicorn

    config = uvicorn.Config(
        make(names),
        log_level="warning",
        ws_max_size=MOST_BYTES,
        ws="auto",
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    return uvicorn.Server(config)


def _shipped(place: str) -> bool:
    from model.place.profile import shipped

    return place.lower().replace(" ", "_").replace("-", "_") in shipped()


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
