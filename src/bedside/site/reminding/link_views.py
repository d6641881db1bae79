"""Pages behind the links of a mail. The link is the proof: nobody needs to be signed in, and no cookie is read.

A link that is only looked at changes nothing, since programs that check mails for harm look at each one; the page has a button.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bedside.errors import NotFoundError
from bedside.site import clock
from bedside.site.reminding.mailboxes import CONFIRM, STOP, confirm_line, see_link, stop_line_of


@csrf_exempt  # whoever can forge the call has the link, and needs no forgery
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Begin to send the daily line, once the button is pressed."""
    try:
        see_link(token, CONFIRM)
        line = confirm_line(token, at=clock.now()) if request.method == "POST" else None
    except NotFoundError as error:
        raise Http404(str(error)) from error
    return _shown(request, "reminding/confirm.html", {"line": line})


@csrf_exempt  # the mail program's one click (RFC 8058) comes without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the daily line, once the button is pressed, here or in the mail program."""
    try:
        see_link(token, STOP)
        if request.method == "POST":
            stop_line_of(token)
    except NotFoundError as error:
        raise Http404(str(error)) from error
    return _shown(request, "reminding/stop.html", {"is_stopped": request.method == "POST"})


def _shown(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response
