"""The API itself: how a call is read, how an error is said, and the calls."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from bedside import __version__
from bedside.errors import BedsideError
from bedside.site.api.cases import router as cases
from bedside.site.api.office import router as office
from bedside.site.api.pulse import router as pulse
from bedside.site.api.receipts import router as receipts
from bedside.site.api.reference import router as reference
from bedside.site.api.reflection import router as reflection
from bedside.site.api.signing_in import SIGNED_IN
from bedside.site.api.sittings import router as sittings
from bedside.site.database import is_store_failure
from bedside.site.problems import status_of

_CODES = {400: "bad_request", 401: "not_signed_in", 403: "forged", 404: "not_found", 429: "too_often"}


class StrictParser(Parser):
    """JSON as its standard has it: no NaN, no infinity; and no NUL, which PostgreSQL can't keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """What a call sends.

    Raises:
        ValueError: it is not JSON as its standard has it, or there is a NUL in it.
    """
    told = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    if _has_nul(told):
        raise ValueError("NUL")
    return told


class BedsideApi(NinjaAPI):
    """Answers that no cache keeps, and that say how long they are, so that they go out in one piece."""

    def create_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Content-Length"] = str(len(response.content))
        return response


api = BedsideApi(
    title="Bedside",
    version=__version__,
    description="Sittings of medical licensing exams: made, taken, watched and reported; and patient cases, played.",
    docs_url=None,  # the ready-made page loads scripts from elsewhere
    docs_decorator=require_GET,  # of the description, which would answer any method
    urls_namespace="api",
    auth=SIGNED_IN,
    parser=StrictParser(),
)
api.add_router("", sittings)
api.add_router("", reference)
api.add_router("", pulse)
api.add_router("", receipts)
api.add_router("", office)
api.add_router("", cases)
api.add_router("", reflection)


@api.exception_handler(BedsideError)
def on_error(request: HttpRequest, error: BedsideError) -> HttpResponse:
    """An error of ours, by its kind."""
    status, code = status_of(error)
    return api.create_response(request, {"detail": str(error), "code": code}, status=status)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A call that does not fit its schema; says where, and never what was sent."""
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(error.errors) - 1} more)" if len(error.errors) > 1 else ""
    return api.create_response(request, {"detail": f"{where}: {first['msg']}{more}", "code": "invalid"}, status=400)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses."""
    texts = {401: "sign in, or send a token that is valid", 403: "the forgery token is missing or wrong; load the page again"}
    body = {"detail": texts.get(error.status_code, str(error)), "code": _CODES.get(error.status_code, "bad_request")}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body over the limit."""
    return api.create_response(
        request, {"detail": "the call is larger than 256 kB; send fewer events in one", "code": "too_large"}, status=413
    )


@api.exception_handler(OperationalError)
@api.exception_handler(InternalError)
def on_store_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """The store refused while something was read or signed in."""
    if not is_store_failure(error):
        raise error
    return api.create_response(request, {"detail": "the store refuses to work; nothing was kept", "code": "store"}, status=503)


def _has_nul(told: Any) -> bool:
    """Does any text in it hold the character NUL? Looked for in what was read, since six characters can spell its escape."""
    to_see = [told]
    while to_see:
        match to_see.pop():
            case str(text) if "\0" in text:
                return True
            case list(values):
                to_see.extend(values)
            case dict(fields):
                to_see.extend(fields)
                to_see.extend(fields.values())
            case _:
                pass
    return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
