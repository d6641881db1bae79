"""A lane for the calls that save answers, past what every other request needs.

Half of what a saved answer costs the processor was spent on the way: middleware, routing, schemas, responses. Here a call that
saves events and brings a token is read, kept and answered by the same functions, without the rest. Whatever is unusual about
it (no token, a token that is not known, a body that does not fit, a player that has been superseded, a refusal, a store that
fails) is handed to the site untouched, which says what is to be said. That it may have been kept by then does no harm: sending
events again changes nothing.

The headers of an answer are those that the site itself gave to such a call since this process began, so none that a middleware
sets can be missing; until there was one, and for each kind of connection, all calls go to the site. A test sends the same calls
both ways and compares what is answered and what is kept.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from ninja.utils import check_csrf

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import Bearer, digest_of
from bedside.site.accounts.sessions import user_of_session
from bedside.site.api.schemas import AcknowledgedOut, EventsIn
from bedside.site.api.service import read_json
from bedside.site.api.sittings import acknowledge
from bedside.site.timings import SAVED

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Site = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_PATH = re.compile(r"/api/sittings/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/events")
_OWN = {"content-length", "content-encoding"}  # of one answer, and not of all


class Lane:
    """The site as a WSGI application, with the lane beside it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._headers: dict[tuple[str, bool], Headers] = {}  # by the scheme of the connection, and whether a token came

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As WSGI has it (PEP 3333)."""
        sitting = _sitting_of(environ)
        if sitting is None:
            return self._site(environ, start_response)
        start_s = clock.monotonic_s()
        kind = (environ["wsgi.url_scheme"], "HTTP_AUTHORIZATION" in environ)
        headers = self._headers.get(kind)
        body = _answer(environ, sitting) if headers is not None else None
        if headers is None or body is None:
            return self._site(environ, self._learning(kind, start_response))
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        SAVED.add((clock.monotonic_s() - start_s) * 1000)
        return [body]

    def _learning(self, kind: tuple[str, bool], start_response: Callable[..., Any]) -> Callable[..., Any]:
        def learn(status: str, headers: Headers, *more: Any) -> Any:
            if status == "200 OK" and not any(name.lower() == "set-cookie" for name, _ in headers):
                self._headers[kind] = [(name, value) for name, value in headers if name.lower() not in _OWN]
            return start_response(status, headers, *more)

        return learn


def _sitting_of(environ: Environ) -> UUID | None:
    """The sitting of a call that may take the lane: it saves events, and has the plain form of the address."""
    found = _PATH.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
    return UUID(found[1]) if found and not environ.get("QUERY_STRING") else None


def _answer(environ: Environ, sitting: UUID) -> bytes | None:
    """The answer to a call, or None where it is the site's to answer, which can then read the call from its beginning."""
    try:
        body = _body_of(environ)
        request = WSGIRequest({**environ, "wsgi.input": io.BytesIO()})
        if body is None or not _is_welcome(request):
            return None
        call = EventsIn.model_validate(read_json(body))
        who = _caller(request)
        said = None if who is None else acknowledge(who, sitting, call)
        return AcknowledgedOut.model_validate(said).model_dump_json().encode() if isinstance(said, dict) else None
    except Exception as error:  # whatever it is, the site runs into it again, and knows what to say
        log.debug("a call to save events of sitting %s left the lane: %r", sitting, error)
        return None


def _body_of(environ: Environ) -> bytes | None:
    """What is sent, which stays there for the site to read; None where that is too much."""
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _is_welcome(request: WSGIRequest) -> bool:
    """Is it for a host that is served (else this raises), and not to be sent to an encrypted connection first?"""
    request.get_host()
    return request.is_secure() or not settings.SECURE_SSL_REDIRECT


def _caller(request: WSGIRequest) -> User | Bearer | None:
    """Who calls: by the token that came, else by the session, with the proof that the site's own page sent it (as
    `signing_in.SIGNED_IN` has it)."""
    told = request.META.get("HTTP_AUTHORIZATION")
    if told is not None:
        scheme, _, token = told.partition(" ")
        return Bearer(digest_of(token)) if scheme.lower() == "bearer" else None
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if session is None or check_csrf(request) is not None:
        return None
    return user_of_session(session)
