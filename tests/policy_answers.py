"""What servers of tests answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from websockets.sync.server import ServerConnection

from para_bench.remote import codec

Handler = Callable[[ServerConnection], None]

STAY = np.tile([0.18, 0.0, 0.1, 0.0, 1.0], (12, 1))
"""A chunk that stays where the arm begins."""


def openpi_answers(*answers: object, metadata: object = {}) -> Handler:  # noqa: B006 - read only
    """A server of openpi's protocol: metadata, then these answers in turn, the last one again and again. Bytes and text go as they are."""

    def handle(connection: ServerConnection) -> None:
        send(connection, metadata)
        count = 0
        for _ in connection:
            send(connection, answers[min(count, len(answers) - 1)])
            count += 1

    return handle


def send(connection: ServerConnection, value: object, text_keys: bool = False) -> None:
    connection.send(value if isinstance(value, bytes | str) else codec.packed(value, text_keys))
