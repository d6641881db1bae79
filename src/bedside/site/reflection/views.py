"""The pages after an answer: what was confused, own notes, and errors reported in items."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bedside.errors import NotFoundError, UsageError
from bedside.site import clock
from bedside.site.accounts.roles import BANK_ROLES, has_role
from bedside.site.exam.models import SittingItem
from bedside.site.exam.unsealed import unsealed
from bedside.site.pages import user_of
from bedside.site.reflection.contrast import contrast_of, make_contrast
from bedside.site.reflection.item_reports import MAX_CHARACTERS, Part, report_item, reports_by
from bedside.site.reflection.notes import MAX_CHARACTERS as MAX_NOTE
from bedside.site.reflection.notes import SHOWN, change_note, notes_of
from bedside.site.reflection.queries import confusion_pairs_of
from bedside.site.reflection.reasons import Reason, say_reason
from bedside.site.reflection.seen import seen
from bedside.site.reflection.words import PARTS

PAIRS = 60  # on one page, the weightiest


@require_GET
@unsealed("reflection/sealed.html")
def confusions(request: HttpRequest) -> HttpResponse:
    """Which option was taken for which, with both explanations beside each other."""
    pairs = confusion_pairs_of(user_of(request))
    worth = [pair for pair in pairs if pair.is_worth_a_look]
    is_all = "all" in request.GET or not worth
    shown = list(pairs if is_all else worth)
    context = {"pairs": shown[:PAIRS], "n_more": len(shown[PAIRS:]), "n_once": 0 if is_all else len(pairs) - len(worth)}
    return render(request, "reflection/confusions.html", context)


@require_http_methods(["GET", "POST"])
@unsealed("reflection/sealed.html")
def contrast(request: HttpRequest, name: str) -> HttpResponse:
    """The card that a pair gives, to be edited; POST makes it."""
    user, found, problem = user_of(request), contrast_of(user_of(request), name), ""
    front, back, key = found.front, found.back, uuid4()
    if request.method == "POST":
        front, back, key = request.POST.get("front", ""), request.POST.get("back", ""), _uuid(request, "key")
        try:
            make_contrast(user, name, front=front, back=back, key=key, at=clock.now())
        except UsageError as error:
            problem = str(error)
        else:
            messages.success(request, _("The card is made. It stands among your cards."))
            return redirect("reflection:confusions")
    context = {"pair": found.pair, "front": front, "back": back, "key": key, "problem": problem}
    return render(request, "reflection/contrast.html", context, status=400 if problem else 200)


@require_GET
@unsealed("reflection/sealed.html")
def notes(request: HttpRequest) -> HttpResponse:
    """Own notes on items, and what became of errors that were reported."""
    user = user_of(request)
    words = " ".join(request.GET.get("q", "").split())[:200]
    found = notes_of(user, words=words)
    context = {
        "notes": found[:SHOWN],
        "n_more": max(0, len(found) - SHOWN),
        "words": words,
        "max_note": MAX_NOTE,
        "reports": reports_by(user),
        "is_reader": has_role(user, *BANK_ROLES),
    }
    return render(request, "reflection/notes.html", context)


@require_POST
@unsealed("reflection/sealed.html")
def note(request: HttpRequest) -> HttpResponse:
    """Write the note on an item anew."""
    change_note(user_of(request), request.POST.get("item", ""), request.POST.get("text", ""), at=clock.now())
    return _done(request, _("The note is kept."), reverse("reflection:notes"))


@require_POST
@unsealed("reflection/sealed.html")
def reason(request: HttpRequest, sitting_id: UUID, position: int) -> HttpResponse:
    """Say why an answer was wrong."""
    text = request.POST.get("reason", "")
    if text not in set(Reason):
        raise UsageError("say which of the reasons it was")
    with_ = request.POST.get("confused_with", "") if text == Reason.CONFUSED else ""
    name, item = _uuid(request, "id"), _item_at(sitting_id, position)
    say_reason(user_of(request), sitting_id, item, Reason(text), confused_with=with_, name=name, at=clock.now())
    return _done(request, _("The reason is kept."), reverse("exam:report", args=[sitting_id]))


@require_http_methods(["GET", "POST"])
@unsealed("reflection/sealed.html")
def report_error(request: HttpRequest, sitting_id: UUID, position: int) -> HttpResponse:
    """Report an error in an item; POST sends it."""
    user, at, problem = user_of(request), clock.now(), ""
    one = seen(user, sitting_id, _item_at(sitting_id, position), at=at)
    part, text, name = request.POST.get("part", ""), request.POST.get("text", ""), uuid4()
    if request.method == "POST":
        name = _uuid(request, "id")
        try:
            if part not in set(Part):
                raise UsageError("choose what is wrong")
            report_item(user, sitting_id, one.item.id, part=Part(part), text=text, name=name, at=at)
        except UsageError as error:
            problem = str(error)
        else:
            messages.success(request, _("The report is kept. What is answered to it stands under Notes."))
            return redirect("reflection:notes")
    context = {"seen": one, "parts": PARTS, "part": part, "text": text, "name": name, "max": MAX_CHARACTERS, "problem": problem}
    return render(request, "reflection/report_error.html", context, status=400 if problem else 200)


def _item_at(sitting_id: UUID, position: int) -> str:
    """The id of an item by its place in the form; whose sitting it is, is seen to by who uses it."""
    found = SittingItem.objects.filter(sitting=sitting_id, position=position).values_list("item", flat=True).first()
    if found is None:
        raise NotFoundError("there is no such item")
    return found


def _done(request: HttpRequest, text: str, otherwise: str) -> HttpResponse:
    """Back to the page from which it was sent; a script gets no page."""
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    messages.success(request, text)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else otherwise)


def _uuid(request: HttpRequest, field: str) -> UUID:
    try:
        return UUID(request.POST.get(field, ""))
    except ValueError:
        raise UsageError("load the page again, and then send it") from None
