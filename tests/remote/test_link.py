"""Whatever is wrong with a server, and however it ends: one line that names it, within the time that was given."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from websockets.sync.server import ServerConnection

from para_bench.remote import link as module
from para_bench.remote.failures import ConnectionLostError, ServerError
from para_bench.remote.link import Link


def link(port: int) -> Link:
    return Link("openpi+ws://x", f"ws://127.0.0.1:{port}", text_keys=False)


@pytest.fixture
def raw() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """A plain TCP server whose one connection is handled by a function."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(handle: Callable[[socket.socket], None]) -> int:
        def run() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    handle(connection)

        threading.Thread(target=run, daemon=True).start()
        return listener.getsockname()[1]

    yield start
    listener.close()


def accept(connection: socket.socket) -> None:
    """The server's side of the opening handshake."""
    import base64
    import hashlib

    request = connection.recv(65536).decode()
    key = next(line.split(": ")[1] for line in request.splitlines() if line.lower().startswith("sec-websocket-key"))
    digest = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
    lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {digest}", "", "")
    connection.sendall("\r\n".join(lines).encode())


def test_nobody_is_there(free_port: int) -> None:
    with pytest.raises(
        ConnectionLostError, match=r"^policy server openpi\+ws://x cannot be reached \(.*refused.*\); its finished episodes"
    ):
        link(free_port)


def test_who_is_no_websocket_server(raw: Callable[..., int]) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        connection.recv(65536)

    with pytest.raises(ServerError, match=r"^policy server openpi\+ws://x is no websocket server"):
        link(raw(handle))


def test_a_page_of_a_web_server(raw: Callable[..., int]) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with pytest.raises(ServerError, match="refuses with HTTP status 404"):
        link(raw(handle))


def test_a_server_that_never_takes_the_connection(raw: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPEN_S", 0.2)
    with pytest.raises(ConnectionLostError, match=r"cannot be reached \("):
        link(raw(lambda connection: time.sleep(2)))


def test_one_gigabyte_that_is_claimed_is_refused_before_it_is_read(raw: Callable[..., int]) -> None:
    def handle(connection: socket.socket) -> None:
        accept(connection)
        connection.sendall(b"\x82\x7f" + (2**30).to_bytes(8, "big") + bytes(1000))
        connection.recv(1000)

    started = time.monotonic()
    with link(raw(handle)) as found, pytest.raises(ServerError, match="answered more than 16 MiB; allowed: a chunk of actions"):
        found.receive(5)
    assert time.monotonic() - started < 4


def test_bytes_that_are_no_frames(raw: Callable[..., int]) -> None:
    def handle(connection: socket.socket) -> None:
        accept(connection)
        connection.sendall(b"\xff" * 64)
        connection.recv(1000)

    with link(raw(handle)) as found, pytest.raises(ServerError, match="does not keep to the websocket protocol"):
        found.receive(5)


def test_a_server_that_dies_without_a_word(raw: Callable[..., int]) -> None:
    with link(raw(accept)) as found, pytest.raises(ConnectionLostError, match="ended the connection"):
        found.receive(5)


def test_a_server_that_drips_bytes_is_as_slow_as_one_that_hangs(raw: Callable[..., int]) -> None:
    def handle(connection: socket.socket) -> None:
        accept(connection)
        connection.sendall(b"\x82\x7e\x40\x00")  # 16 KiB
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.02)

    started = time.monotonic()
    with pytest.raises(ServerError, match=r"gave no answer within 0\.3 s; allowed: a faster server, or a larger --policy-timeout"):
        link(raw(handle)).receive(0.3)
    assert time.monotonic() - started < 3


def test_a_traceback_is_told_by_its_last_line_without_control_characters(served: Callable[..., int]) -> None:
    def handle(connection: ServerConnection) -> None:
        connection.send('Traceback (most recent call last):\n  File "x"\nValueError: no \x1b[31mweights\n')

    with link(served(handle)) as found, pytest.raises(ServerError, match=r"failed: ValueError: no \\x1b\[31mweights; its finished"):
        found.receive(5)


def test_pickle_is_never_read(served: Callable[..., int]) -> None:
    import pickle

    with link(served(lambda connection: connection.send(pickle.dumps([1])))) as found, pytest.raises(ServerError, match="answered "):
        found.receive(5)
