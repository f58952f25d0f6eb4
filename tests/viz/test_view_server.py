"""The server of the live view: who may come in, what is refused, that it stands after floods and many visitors."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request

import pytest

from tests.viz.view_server import serving
from viz.house import House, Limits, Opening
from viz.server import BURST, Guard, _metered, mended


def call(app, scope, messages=()):
    """Run an ASGI application on one scope; what it sent."""
    sent: list[dict] = []
    queue = list(messages)

    async def receive():
        return queue.pop(0) if queue else {"type": "websocket.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


async def inner(scope, receive, send):
    """An application that says yes."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


def scope(kind: str = "http", path: str = "/", **headers: str) -> dict:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "path": path, "headers": named}


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "localhost"])
def test_this_machine_may_come_in(host):
    assert call(Guard(inner, ("127.0.0.1", "localhost", "::1")), scope(host=host))[0]["status"] == 200


@pytest.mark.parametrize("host", ["evil.example:8765", "", "localhost.evil.example", "10.0.0.7"])
def test_other_names_are_refused(host):
    assert call(Guard(inner, ("127.0.0.1", "localhost", "::1")), scope(host=host))[0]["status"] == 403


def test_other_pages_cannot_open_a_connection():
    guard = Guard(inner, ("localhost",))
    own = scope("websocket", host="localhost:1", origin="http://localhost:1")
    other = scope("websocket", host="localhost:1", origin="http://evil.example")
    assert call(guard, own)[0]["type"] == "websocket.accept"
    assert call(guard, other)[0] == {"type": "websocket.close", "code": 1008}


def test_pages_may_load_from_here_only():
    headers = dict(call(Guard(inner, ("localhost",)), scope(host="localhost"))[0]["headers"])
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_statistics_of_the_server_are_not_told():
    assert call(Guard(inner, ("localhost",)), scope(host="localhost", path="/resourcez"))[0]["status"] == 403


def test_a_flood_and_a_giant_message_end_the_connection():
    async def flood(many: int, size: int) -> str:
        async def source():
            return {"type": "websocket.receive", "text": "x" * size}

        receive = _metered(source)
        for _ in range(many):
            if (await receive())["type"] == "websocket.disconnect":
                return "closed"
        return "open"

    assert asyncio.run(flood(int(BURST) // 2, 10)) == "open"
    assert asyncio.run(flood(int(BURST) * 2, 10)) == "closed"
    assert asyncio.run(flood(1, 2 * 1024 * 1024)) == "closed"


def test_the_page_has_a_language_and_can_be_zoomed():
    page = mended(
        '<html>\n<meta name="viewport" content="width=device-width, initial-scale=1, '
        'maximum-scale=1, user-scalable=no, minimal-ui">'
    )
    assert 'lang="en-GB"' in page and "user-scalable" not in page and "maximum-scale" not in page


def test_a_full_house_takes_nobody_more():
    house = House(Opening(), Limits(visitors=2))
    assert [house.enter() for _ in range(3)] == [True, True, False]
    house.leave()
    assert house.enter()


def test_wrong_words_are_refused_before_anything_starts(monkeypatch):
    from model.errors import InputError
    from viz.server import serve

    with pytest.raises(InputError, match="no such place"):
        serve(port=0, place="atlantis", open_browser=False)
    with pytest.raises(InputError, match="too many residents"):
        serve(port=0, place="derby", sample=1.0, open_browser=False)


def test_it_serves_quickly_and_only_what_it_should():
    with serving("--sample", "0.01") as (address, _, seconds):
        assert seconds < 30
        page = urllib.request.urlopen(address, timeout=10).read().decode()
        assert 'lang="en-GB"' in page and "Traceback (most" not in page
        for path in (
            "resourcez",
            "static/../../../../etc/passwd",
            "jupyter/nbextensions/%2e%2e/%2e%2e/etc/passwd",
        ):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(address + path, timeout=10).read()
        began = time.time()
        urllib.request.urlopen(address, timeout=10).read()
        assert time.time() - began < 1.0
