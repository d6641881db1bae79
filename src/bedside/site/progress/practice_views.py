"""Practice tests from elsewhere are typed in and taken away on the page of readiness."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.passing.forms import PracticeScoreForm, sentence
from bedside.site.passing.practice_scores import add_score, remove_score
from bedside.site.progress import pages
from bedside.site.progress.base import base_of


@require_POST
@page
def practice_tests(request: HttpRequest) -> HttpResponse:
    """One practice test more, or one less."""
    user, at, content = user_of(request), clock.now(), current_content()
    if "remove" in request.POST:
        remove_score(user, _key(request.POST["remove"]), at=at)
        return redirect("progress:progress")
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "progress/sealed.html", {"sealing": sealing})
    base, form = base_of(user, content, at=at), PracticeScoreForm(request.POST)
    if form.is_valid():
        try:
            programme, step = base.blueprint.programme, base.blueprint.step
            add_score(user, content, form.typed, programme=programme, step=step, today=base.on, at=at)
            return redirect("progress:progress")
        except UsageError as error:
            form.add_error("on", sentence(error))
    shown = pages.readiness_page(base, form)
    return render(request, "progress/progress.html", {"tabs": pages.tabs("progress"), **shown}, status=400)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError("say which practice test, by its key") from None
