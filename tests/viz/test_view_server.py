"""The server of the live view: who may come in, what is refused, that it stands after floods and many visitors."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from model.errors import InputError
from tests.viz.view_server import serving
from viz.live.server import address
from viz.live.server.address import listening
from viz.live.server.guard import BURST, Guard, _metered
from viz.live.server.house import House, Limits, Opening
from viz.live.server.server import mended


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


def scope(
    kind: str = "http", path: str = "/", method: str = "GET", server: object = None, **headers: str
) -> dict:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "path": path, "method": method, "server": server, "headers": named}


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "localhost"])
def test_this_machine_may_come_in(host):
    assert call(Guard(inner, ("127.0.0.1", "localhost", "::1")), scope(host=host))[0]["status"] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:8765", "", "localhost.evil.example", "10.0.0.7", "127.0.0.1.evil.example", "[::2]:80"],
)
def test_other_names_are_refused(host):
    assert call(Guard(inner, ("127.0.0.1", "localhost", "::1")), scope(host=host))[0]["status"] == 403


@pytest.mark.parametrize(
    "host", ["10.0.0.7:8765", "10.0.0.7", "Laptop.local:8765", "laptop.", "walks.example"]
)
def test_a_server_open_to_a_network_answers_to_the_address_it_was_reached_at_and_to_its_names(host):
    """The address is that of the socket on this machine, which no foreign page can choose."""
    guard = Guard(inner, ("localhost", "laptop", "laptop.local", "Walks.example"))
    assert call(guard, scope(host=host, server=("10.0.0.7", 8765)))[0]["status"] == 200
    assert call(guard, scope(host=host, server=("::ffff:10.0.0.7", 8765)))[0]["status"] == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "10.0.0.8", "", "10.0.0.7.evil.example", "0.0.0.0:8765"]
)
def test_a_server_open_to_a_network_refuses_every_other_name(host):
    guard = Guard(inner, ("localhost", "laptop"))
    assert call(guard, scope(host=host, server=("10.0.0.7", 8765)))[0]["status"] == 403
    opened = call(guard, scope("websocket", host=host, origin=f"http://{host}", server=("10.0.0.7", 8765)))
    assert opened == [{"type": "websocket.close", "code": 1008}]


def test_a_call_with_two_host_names_is_refused():
    twice = scope(host="localhost")
    twice["headers"] = [*twice["headers"], (b"host", b"evil.example")]
    assert call(Guard(inner, ("localhost",)), twice)[0]["status"] == 403


def test_a_refusal_says_how_to_let_the_name_in():
    said = call(Guard(inner, ("localhost",)), scope(host="walks.example:8765"))[1]["body"].decode()
    assert "walks.example" in said and "--name walks.example" in said


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:2", "https://localhost.evil"]
)
def test_other_pages_cannot_open_a_connection_or_send_anything(origin):
    guard = Guard(inner, ("localhost",))
    own = scope("websocket", host="localhost:1", origin="http://localhost:1")
    other = scope("websocket", host="localhost:1", origin=origin)
    assert call(guard, own)[0]["type"] == "websocket.accept"
    assert call(guard, other)[0] == {"type": "websocket.close", "code": 1008}
    assert call(guard, scope(method="POST", host="localhost:1", origin=origin))[0]["status"] == 403


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
    from viz.live.server.server import serve

    with pytest.raises(InputError, match="no such place"):
        serve(port=0, place="atlantis", open_browser=False)
    with pytest.raises(InputError, match="too many residents"):
        serve(port=0, place="derby", sample=1.0, open_browser=False)


@pytest.mark.parametrize(
    "words, said",
    [
        ({"host": "no-such-host.invalid"}, "there is no host of this name"),
        ({"host": "203.0.113.77"}, "this address is not this machine’s"),
        ({"host": "300.1.1.1"}, "there is no host of this name"),
        ({"names": ("http://walks.example/",)}, "is not a host name"),
        ({"names": ("walks.example:8765",)}, "is not a host name"),
        ({"names": ("*",)}, "is not a host name"),
    ],
)
def test_a_host_that_is_none_is_named_as_one(words, said):
    from viz.live.server.server import serve

    with pytest.raises(InputError, match=said) as caught:
        serve(**{"port": 0, "open_browser": False, "place": "atlantis"} | words)
    assert "taken" not in str(caught.value)


def test_a_taken_port_is_named_as_taken():
    with listening("127.0.0.1", 0) as door, pytest.raises(InputError, match="this port is taken"):
        listening("127.0.0.1", door.getsockname()[1])


def test_others_are_told_an_address_that_is_not_this_machines_alone(monkeypatch):
    monkeypatch.setattr(address, "own_addresses", lambda: ["10.0.0.7", "fd00::2"])
    with listening("0.0.0.0", 0) as door:
        port = door.getsockname()[1]
        own, others = address.here(door, ("walks.example",))
    assert own == f"http://localhost:{port}/"
    assert others == [f"http://10.0.0.7:{port}/", f"http://walks.example:{port}/"]
    with listening("127.0.0.1", 0) as door:
        assert address.here(door)[1] == []


def asked(port: int, host: str, **headers: str) -> int:
    """The status of one request under a host name."""
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    one.request("GET", "/", headers={"Host": host, **headers})
    return one.getresponse().status


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[str, float]]:
    """A server open to a network: its address here, and the seconds until it answered."""
    with serving("--sample", "0.01", "--host", "0.0.0.0", "--name", "walks.example") as (address, _, seconds):
        yield address, seconds


def test_open_to_a_network_it_still_answers_only_to_its_own_names(opened):
    port = int(opened[0].rstrip("/").rpartition(":")[2])
    for host in (
        f"127.0.0.1:{port}",
        f"localhost:{port}",
        f"{socket.gethostname()}:{port}",
        "walks.example",
    ):
        assert asked(port, host) == 200, host
    for host in (f"evil.example:{port}", "203.0.113.77", f"walks.example.evil.example:{port}"):
        assert asked(port, host) == 403, host


def test_it_serves_quickly_and_only_what_it_should(opened):
    address, seconds = opened
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
