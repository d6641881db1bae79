"""One's own journey: the story of the record, with the forms for where it began and for notes on the way.

While a proctored sitting is under way it is shut like Progress, since it says how answers went.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import ConflictError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.journeys.forms import NoteForm, start_fields
from bedside.site.journeys.story import story_of
from bedside.site.journeys.story_pictures import week_words
from bedside.site.journeys.telling import journey_of
from bedside.site.journeys.writing import CHOICES, keep_note, keep_start, notes_of, start_of, take_note_away
from bedside.site.pages import page, user_of
from bedside.site.passing.forms import sentence
from bedside.site.study.parts import take_in
from bedside.site.study.zones import zone_of
from bedside.study import study_day


@require_GET
@page
def journey(request: HttpRequest) -> HttpResponse:
    """The story so far; before the first day of study what will stand there."""
    return _shown(request)


@require_POST
@page
def set_start(request: HttpRequest) -> HttpResponse:
    """Where it began, as far as it is to be told."""
    keep_start(user_of(request), {name: request.POST.get(name, "") for name in (*CHOICES, "name")}, at=clock.now())
    link = format_html('<a href="{}">{}</a>', reverse("journeys:library"), _("See who began like you."))
    messages.success(request, format_html("{} {}", _("Kept."), link))
    return _back()


@require_POST
@page
def add_note(request: HttpRequest) -> HttpResponse:
    """One note more."""
    user, at = user_of(request), clock.now()
    today = study_day(at, zone_of(user.pk))
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            key = keep_note(user, form.cleaned_data["text"], on=form.cleaned_data["on"] or today, today=today, at=at)
            messages.success(request, _stands(user, key, at=at))
            return _back()
        except UsageError as error:
            form.add_error("text", sentence(error))
    return _shown(request, form, status=400)


@require_POST
@page
def remove_note(request: HttpRequest) -> HttpResponse:
    """One note less."""
    try:
        key = UUID(request.POST.get("remove", ""))
    except ValueError:
        raise UsageError("say which note, by its key") from None
    take_note_away(user_of(request), key, at=clock.now())
    return redirect(f"{reverse('journeys:journey')}#notes")


def _back() -> HttpResponse:
    """To the top of the page, where messages stand; a browser would else keep the place of the form's address."""
    return redirect(f"{reverse('journeys:journey')}#main")


def _stands(user: User, key: UUID, *, at: datetime) -> str:
    """Where the journey tells a note that was kept just now."""
    if sealing_sitting(user.pk, at) is not None:
        return _("Kept.")
    note = notes_of(user).get(key=key)
    try:
        told = journey_of(user, current_content(), at=at).notes
    except ConflictError:
        return _("Kept. It stands in your journey once that has begun.")
    week = next((one.week for one in told if (one.on, one.text) == (note.on, note.text)), None)
    if week is None:
        return _("Kept. Its day is before this journey, which does not tell it.")
    return _("Kept. It stands in %(week)s.") % {"week": week_words(week)}


def _shown(request: HttpRequest, form: NoteForm | None = None, *, status: int = 200) -> HttpResponse:
    user, at, content = user_of(request), clock.now(), current_content()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "journeys/sealed.html", {"sealing": sealing})
    take_in(user, content, at=at)
    try:
        story, wanted = story_of(journey_of(user, content, at=at), mine=True), ""
    except ConflictError as error:
        story, wanted = None, f"{sentence(UsageError(str(error)))}"
    shown = {
        "story": story,
        "wanted": wanted,
        "fields": start_fields(user),
        "story_name": start_of(user).name,
        "notes": list(notes_of(user)),
        "form": form or NoteForm(initial={"on": study_day(at, zone_of(user.pk))}),
        "is_note_wrong": form is not None,
    }
    return render(request, "journeys/mine.html", shown, status=status)
