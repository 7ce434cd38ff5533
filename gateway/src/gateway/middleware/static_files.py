"""The built frontend: hashed assets for ever, everything else checked each time, and every other address shows the app."""

import mimetypes
from pathlib import Path

from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from chassis.problems import NotFound

_IMMUTABLE = "public, max-age=31536000, immutable"
# Longer than any of the built files; the file system refuses the name of a part that is longer, and each part costs a look.
_LONGEST_BYTES = 255
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class StaticFiles:
    """Serves the built frontend's files below a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD. Raises NotFound when there is no such asset, or no frontend at all."""
        file = self._file(scope["path"])
        headers = dict(scope["headers"])
        await _answer(file, headers, asset="/assets/" in scope["path"])(scope, receive, send)

    def _file(self, path: str) -> Path:
        if self._folder is None or not (self._folder / "index.html").is_file():
            raise NotFound("The pages of Packwalk are not installed here.")
        if "\x00" not in path and len(path.encode()) <= _LONGEST_BYTES:
            wanted = (self._folder / path.lstrip("/")).resolve()
            if wanted.is_relative_to(self._folder) and wanted.is_file():
                return wanted
        if path.startswith("/assets/"):
            raise NotFound("There is nothing at this address.")
        return self._folder / "index.html"


def _answer(file: Path, request_headers: dict[bytes, bytes], *, asset: bool) -> Response:
    headers = {"cache-control": _IMMUTABLE if asset else "no-cache", "vary": "accept-encoding"}
    sent = file
    accepted = {
        part.partition(";")[0].strip()
        for part in request_headers.get(b"accept-encoding", b"").decode("latin-1").split(",")
    }
    for name, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in accepted and packed.is_file():
            sent, headers["content-encoding"] = packed, name
            break
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    answer = FileResponse(sent, headers=headers, media_type=kind, stat_result=sent.stat())
    if request_headers.get(b"if-none-match", b"").decode("latin-1") == answer.headers["etag"]:
        return Response(status_code=304, headers={**headers, "etag": answer.headers["etag"]})
    return answer
