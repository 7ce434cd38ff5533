"""What stands behind a gateway in place of booking, and says what a test wants."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def standing_in(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """Be a booking that says `answer` to every request and hangs up; None: takes requests and never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []
    held: list[socket.socket] = []

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            heard.append(connection.recv(65536))
            if answer is None:
                held.append(connection)
            else:
                connection.sendall(answer)
                connection.close()

    thread = Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for connection in held:
        connection.close()
    thread.join()


def said(status: str, kind: str, body: bytes, length: int | None = None) -> bytes:
    """Write an answer. length: what it says of its length, where that is not so."""
    size = len(body) if length is None else length
    return (
        f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n".encode()
        + body
    )
