"""Pictures and sounds, to those who have a sitting with them, and to those who write, check or keep the items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import user_of_token
from bedside.site.accounts.roles import Role, has_role
from bedside.site.exam.models import SittingItem
from bedside.site.library.media import CHUNK_BYTES, content_type, kept_media

# the name is the hash of the bytes, so what a browser has is right for ever
CACHED = "private, max-age=31536000, immutable"
# an SVG that is opened by its own address is a document: it runs nothing and fetches nothing
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """The bytes of one file, or the part of them that a player of sounds asks for (RFC 9110, section 14).

    To the site's session or a token. Whoever may not have a file is told that there is none, and is not sent to a page to
    sign in: it is a picture in a page, not a page.
    """
    try:
        path = _readable(_who_asks(request), name)
    except NotFoundError as error:
        raise Http404(str(error)) from error
    if request.headers.get("If-None-Match") == f'"{name}"':
        return _with_headers(HttpResponse(status=304), name)
    size = path.stat().st_size
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    part = _part(asked[1], asked[2], size) if asked else None
    if asked and part is None:
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _with_headers(refused, name)
    if part is None:
        return _with_headers(FileResponse(path.open("rb"), content_type=content_type(name)), name)
    headers = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}", "Content-Length": str(len(part))}
    response = StreamingHttpResponse(_bytes(path, part), status=206, content_type=content_type(name), headers=headers)
    return _with_headers(response, name)


def _who_asks(request: HttpRequest) -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return user_of_token(token.strip()) if scheme.lower() == "bearer" else None
    return request.user if request.user.is_authenticated else None


def _readable(user: User | None, name: str) -> Path:
    """The file, if this user may have it.

    Raises:
        NotFoundError: there is none, or it is not this user's; the answer does not tell which.
    """
    path = kept_media(name)
    if user is None:
        raise NotFoundError("there is no such picture or sound")
    has_sitting = SittingItem.objects.filter(sitting__user=user, item_version__media__name=name)
    if not has_sitting.exists() and not has_role(user, Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR):
        raise NotFoundError("there is no such picture or sound")
    return path


def _part(first: str, last: str, size: int) -> range | None:
    """The bytes that are asked for; None where there are none."""
    if not first:  # the last so many
        length = min(int(last or 0), size)
        return range(size - length, size) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return range(start, end + 1) if start <= end else None


def _bytes(path: Path, part: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


def _with_headers(response: HttpResponseBase, name: str) -> HttpResponse:
    response.headers["Cache-Control"] = CACHED
    response.headers["ETag"] = f'"{name}"'
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = "inline"
    return cast("HttpResponse", response)  # a view may stream as well; Django's types part the two
