"""What stands between the socket and the views: hosts, errors, the local learner, and compression."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from bedside.errors import StoreError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import local_learner
from bedside.site.database import is_store_failure
from bedside.site.environment import is_loopback
from bedside.site.timings import SAVED

GetResponse = Callable[[HttpRequest], HttpResponseBase]

MIN_COMPRESSED_BYTES = 500  # below it the header of gzip eats what is saved
_TEXT_TYPES = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")

_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")  # what proxies add

API = "/api/"
SITTINGS = "/api/sittings/"
_SAID = {
    400: ("bad_request", "the request can't be read"),
    403: ("not_allowed", "this is not allowed"),
    404: ("not_found", "there is no such call; /api/openapi.json describes those that there are"),
    405: ("wrong_method", "this call does not take the method {method}; it takes {allow}"),
    500: ("failed", "the server failed; its log says why"),
    503: ("store", "the store refuses to work; nothing was kept"),
}


class JsonErrors:
    """Says every error under `/api/` as JSON: also an unknown address, a wrong method and a wrong host. Stands outermost of all
    that can refuse."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path_info.startswith(API) or response.status_code < 400 or not isinstance(response, HttpResponse):
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        code, text = _SAID.get(response.status_code, ("refused", response.reason_phrase.lower()))
        if response.status_code == 400 and not _is_known_host(request):
            code, text = "bad_host", "this site is not served under that host name"
        detail = text.format(method=request.method, allow=response.headers.get("Allow", "none"))
        response.content = json.dumps({"detail": detail, "code": code}).encode()
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("Content-Encoding", None)  # what was compressed is gone
        return response


def _is_known_host(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


class TimedSaving:
    """Counts how long it took to save events, which is what candidates wait for. Stands outermost, to leave nothing out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method != "POST" or not path.startswith(SITTINGS) or not path.endswith("/events"):
            return self.get_response(request)
        start_s = clock.monotonic_s()
        response = self.get_response(request)
        if response.status_code == 200:
            SAVED.add((clock.monotonic_s() - start_s) * 1000)
        return response


class StandingPolicy(CSPMiddleware):
    """The content security policy, made once for all answers that ask for nothing of their own: it is a setting."""

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._standing = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django calls this on the way out."""
        has_own = getattr(request, "_csp_nonce", None) is not None or any(name.startswith("_csp") for name in vars(response))
        if settings.DEBUG or has_own or not self._standing:
            response = super().process_response(request, response)
            if not settings.DEBUG and not has_own:
                self._standing = response.headers.get(HEADER, "")
            return response
        response.headers.setdefault(HEADER, self._standing)
        return response


class _ForPages(MiddlewareMixin):
    """What only pages need of Django: calls under `/api/` go past it, of whose time it took a tenth."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request) if request.path_info.startswith(API) else super().__call__(request)
        return cast("HttpResponseBase", response)  # and nothing to be awaited: the site has no such views


class PageLanguage(_ForPages, LocaleMiddleware):
    """The language of a page; the interface has one language, whatever the browser asks for."""


class PageAddresses(_ForPages, CommonMiddleware):
    """The missing slash of a page's address; the interface's addresses have none."""


class PageMessages(_ForPages, MessageMiddleware):
    """What one page has the next one say."""


class KnownHosts:
    """Refuses a host name that is not served, for static files too; Django itself asks later, and not for each answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()
        return self.get_response(request)


class StoreFailures:
    """A page that the store would not serve says so, with 503; nothing was half-written then."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for what a view raises."""
        if not isinstance(error, StoreError) and not is_store_failure(error):
            return None
        said = {"why": str(error)}
        try:
            page = render_to_string("store.html", said, request)
        except (DatabaseError, StoreError):
            page = render_to_string("store.html", said)  # without a request it asks nobody's profile
        return HttpResponse(page, status=503, headers={"Cache-Control": "no-store"})


class LocalLearner:
    """Signs in the learner of this computer, without a password and without a session. In `settings` in local mode only.

    A request that brings a token of its own is left alone: the token says who it is; so is one of somebody who signed in with a
    password, a proctor say. A request that does not come from this computer, by its address or because a proxy passed it on,
    is nobody's: `bedside serve` listens on the loopback only, and this holds behind any other server too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "Authorization" not in request.headers and _is_from_here(request):
            signed_in = request.user
            request.user = cast("User", SimpleLazyObject(lambda: signed_in if signed_in.is_authenticated else local_learner()))
        return self.get_response(request)


def _is_from_here(request: HttpRequest) -> bool:
    is_passed_on = any(name in request.headers for name in _PASSED_ON)
    return not is_passed_on and is_loopback(request.META.get("REMOTE_ADDR", ""))


class CompressedResponses:
    """Compresses what is sent: static files once, pages each time.

    Compressed pages can leak a secret that stands beside text of an attacker's choice (BREACH). The only secret in a page is
    the forgery token, which Django masks anew in each response, and Django's own compressor pads each response by a random
    length besides.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.pages = GZipMiddleware(get_response)
        self.static: dict[tuple[str, str], bytes] = {}  # bounded by the files that exist

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            if isinstance(response, HttpResponse):
                return self.pages.process_response(request, response)
            return response
        return self._static(request, response)

    def _static(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.startswith(_TEXT_TYPES) or request.method != "GET":
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" not in request.headers.get("Accept-Encoding", "") or int(response.headers.get("Content-Length", 0)) < (
            MIN_COMPRESSED_BYTES
        ):
            return response
        key = (request.path, response.headers.get("Last-Modified", "") + response.headers.get("Content-Length", ""))
        if key not in self.static:
            # mtime=0: the same file gives the same bytes
            self.static[key] = gzip.compress(b"".join(cast("HttpResponse", response)), compresslevel=9, mtime=0)
        compressed = HttpResponse(self.static[key], headers=dict(response.headers))
        # its file alone: to close the whole response would tell Django that the request is over
        if isinstance(response, FileResponse) and response.file_to_stream is not None:
            response.file_to_stream.close()
        compressed.headers["Content-Encoding"] = "gzip"
        compressed.headers["Content-Length"] = str(len(self.static[key]))
        # a strong ETag names the other bytes; Last-Modified still answers 304
        compressed.headers.pop("ETag", None)
        return compressed
