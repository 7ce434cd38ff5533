"""What stands behind a gateway in place of booking, and says what a test wants."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

Answering = Callable[[bytes], bytes | None]


@contextmanager
def standing_in(answer: bytes | Answering | None) -> Iterator[tuple[str, list[bytes]]]:
    """Be a booking that says `answer` to every request and hangs up; None: takes requests and never answers.

    A function is given the request, and says the answer; it may take its time.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []
    held: list[socket.socket] = []
    threads: list[Thread] = []

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(Thread(target=speak, args=(connection,), daemon=True))
            threads[-1].start()

    def speak(connection: socket.socket) -> None:
        heard.append(request := connection.recv(65536))
        words = answer(request) if callable(answer) else answer
        if words is None:
            held.append(connection)
            return
        with suppress(OSError), connection:
            connection.sendall(words)

    threads.append(Thread(target=listen, daemon=True))
    threads[0].start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for connection in held:
        connection.close()
    for thread in threads:
        thread.join()


def said(status: str, kind: str, body: bytes, length: int | None = None) -> bytes:
    """Write an answer. length: what it says of its length, where that is not so."""
    size = len(body) if length is None else length
    return (
        f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n".encode()
        + body
    )


NO_ITEMS = said("200 OK", "application/json", b'{"items": [], "next_cursor": null}')
