"""One websocket to a policy server: sizes and times are bounded, and every error becomes one line that names the server."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Any, NoReturn

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection, connect

from para_bench.remote import codec
from para_bench.remote.failures import ConnectionLostError, ServerError
from para_bench.text import printable

MOST_ANSWER = 16 * 2**20
"""Bytes of an answer that is read: a chunk of actions has some kilobytes."""
OPEN_S = 10.0
"""Longest wait for a server to accept a connection [s]."""
MOST_LETTERS = 300
"""Letters of a server's own message that are shown."""


class Link:
    """A connection, held by one policy of one process."""

    def __init__(self, address: str, url: str, text_keys: bool) -> None:
        """Open the connection.

        Args:
            address: Name of the server in messages.
            url: ws://HOST:PORT.
            text_keys: See `codec.packed`.

        Raises:
            ConnectionLostError: no server answers there now.
            ServerError: what answers is no websocket server.
        """
        self.address, self._text_keys, self._held = address, text_keys, contextlib.ExitStack()
        try:
            # No proxy from the environment: the policy server is reached directly. No pings: a server that compiles its model answers none.
            settings: dict[str, Any] = {"open_timeout": OPEN_S, "close_timeout": 1, "ping_interval": None, "proxy": None}
            found = self._held.enter_context(connect(url, compression=None, max_size=MOST_ANSWER, **settings))
            self._socket: ClientConnection = found
        except InvalidStatus as error:
            status = error.response.status_code
            raise (ConnectionLostError if status >= 500 else ServerError)(self.line(f"refuses with HTTP status {status}")) from None
        except (InvalidHandshake, InvalidURI) as error:
            self.fail(f"is no websocket server ({_words(error)})")
        except (OSError, EOFError, WebSocketException) as error:  # TimeoutError is one
            raise ConnectionLostError(self.line(f"cannot be reached ({_words(error)})")) from None

    def send(self, value: Any) -> None:
        """Raises ConnectionLostError where the connection has ended."""
        try:
            self._socket.send(codec.packed(value, self._text_keys))
        except (ConnectionClosed, OSError) as error:
            self._lost(error)

    def receive(self, timeout_s: float) -> Any:
        """The next message.

        Raises:
            ConnectionLostError: the connection has ended.
            ServerError: no message within `timeout_s`; a text frame; a message that is too large or cannot be read.
        """
        try:
            message = self._socket.recv(timeout_s)
        except TimeoutError:
            self.fail(f"gave no answer within {timeout_s:g} s; allowed: a faster server, or a larger --policy-timeout")
        except (ConnectionClosed, OSError, EOFError) as error:
            self._lost(error)
        if isinstance(message, str):
            self.fail(f"failed: {printable(_last_line(message))}")
        try:
            return codec.unpacked(message)
        except ValueError as error:
            self.fail(f"answered {printable(str(error))[:MOST_LETTERS]}")

    def fail(self, words: str) -> NoReturn:
        """Raises ServerError; the connection is not used again."""
        self.close()
        raise ServerError(self.line(words)) from None

    def line(self, words: str) -> str:
        """A message about this server."""
        return f"policy server {self.address} {words}; its finished episodes are recorded"

    def close(self) -> None:
        with contextlib.suppress(Exception):  # it is over, however it ends
            self._held.close()

    def __enter__(self) -> Link:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _lost(self, error: BaseException) -> NoReturn:
        sent = error.sent.code if isinstance(error, ConnectionClosed) and error.sent and not error.rcvd_then_sent else None
        if sent == CloseCode.MESSAGE_TOO_BIG:
            self.fail(f"answered more than {MOST_ANSWER // 2**20} MiB; allowed: a chunk of actions")
        if sent in (CloseCode.PROTOCOL_ERROR, CloseCode.INVALID_DATA):
            self.fail(f"does not keep to the websocket protocol ({_words(error)})")
        self.close()
        raise ConnectionLostError(self.line(f"ended the connection ({_words(error)})")) from None


def _words(error: BaseException) -> str:
    return printable(str(error).strip().partition("\n")[0] or type(error).__name__)[:MOST_LETTERS]


def _last_line(text: str) -> str:
    """The line of a traceback with the error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if lines else "a text frame without words")[:MOST_LETTERS]
