"""The office's pages on one candidate: what it knows of them, what the rules say of that, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.pathway import Pathway, Record, record_as_yaml, record_from
from bedside.site import clock
from bedside.site.accounts.accommodations import MAX_REASON_CHARACTERS
from bedside.site.accounts.guard import only
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.accounts.roles import Role, has_role
from bedside.site.content import Content, current_content
from bedside.site.exam.models import Sitting
from bedside.site.office.people_queries import person
from bedside.site.pages import user_of
from bedside.site.pathway.forms import PartForm
from bedside.site.registration.files import record_of_file, record_with_transcript
from bedside.site.registration.models import Registration
from bedside.site.registration.queries import lines_of, refusal_of, sittings_to_certify, steps_today
from bedside.site.registration.record_rows import HOW, names_of_records, newest_record, record_in
from bedside.site.registration.records import keep_record
from bedside.site.registration.registering import NotEligibleError, register
from bedside.site.registration.required import is_required
from bedside.site.registration.results import certify, change_validity
from bedside.site.registration.rules import NoRulesError, all_rules, window_of
from bedside.site.registration.views import READERS, read_day, status_of_page
from bedside.site.registration.words import office_part, part_titles, results, standings

VERSIONS = 20  # that are listed


@require_GET
@only(*READERS)
def candidate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One candidate's file."""
    return render(request, "registration/candidate.html", _file(request, person(user_id)))


@require_POST
@only(Role.ADMINISTRATOR)
def register_(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Register the candidate for a step."""
    data, who = request.POST, person(user_id)

    def deed() -> str:
        programme, _slash, step = data.get("step", "").partition("/")
        first = read_day(data, "first")
        if first is None:
            raise UsageError(_("name the first day"))
        made = register(
            user_of(request),
            who,
            programme=programme,
            step=step,
            first=first,
            last=read_day(data, "last"),
            at=clock.now(),
            reason=data.get("reason", ""),
            overridden=data.getlist("override"),
        )
        return _("Registered until %(day)s.") % {"day": made.last_day}

    return _done(request, who, deed, opened="register")


@require_POST
@only(Role.ADMINISTRATOR)
def take_file(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Take in a record, or add the attempts of a transcript."""
    data, who = request.POST, person(user_id)
    is_transcript = data.get("what") == "transcript"

    def deed() -> str:
        before, file = newest_record(who), request.FILES.get("file")
        taken = record_with_transcript(file, record_in(before)) if is_transcript else record_of_file(file)
        keep_record(
            user_of(request),
            who,
            taken.record,
            how="transcript" if is_transcript else "yaml",
            reason=data.get("reason", ""),
            at=clock.now(),
            after=before.number if before else 0,
        )
        return " ".join([_("Taken in."), *taken.notes])

    return _done(request, who, deed, opened="transcript" if is_transcript else "yaml")


@require_POST
@only(Role.ADMINISTRATOR)
def validity(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Say whether a result of the record still stands."""
    data, who = request.POST, person(user_id)

    def deed() -> str:
        programme, step, day = [*data.get("attempt", "").split("/"), "", "", ""][:3]
        on, since = _day_of(day), read_day(data, "since")
        change_validity(
            user_of(request),
            who,
            programme=programme,
            step=step,
            on=on,
            validity=data.get("validity", ""),
            since=since or clock.now().date(),
            reason=data.get("reason", ""),
            at=clock.now(),
        )
        return _("Saved.")

    return _done(request, who, deed, opened="validity")


@require_POST
@only(Role.ADMINISTRATOR)
def certify_(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """Stand for the result of a sitting."""
    row = Sitting.objects.filter(pk=sitting_id, is_proctored=True).select_related("user").first()
    if row is None:
        raise NotFoundError(f"there is no proctored sitting {sitting_id}")
    data = request.POST

    def deed() -> str:
        certify(user_of(request), sitting_id, result=data.get("result", ""), reason=data.get("reason", ""), at=clock.now())
        return _("The result is certified.")

    return _done(request, row.user, deed, opened=str(sitting_id))


@require_http_methods(["GET", "POST"])
@only(*READERS)
def record_part(request: HttpRequest, user_id: UUID, part: str) -> HttpResponse:
    """A part of the record as a form; POST keeps a new version."""
    who, user = person(user_id), user_of(request)
    if part not in part_titles():
        raise NotFoundError(f'a record has no part "{part}" here')
    version = newest_record(who)
    rules = _form_rules()
    shown = office_part(part, rules)
    form, problem, status = PartForm.of_kept(shown, rules, version.record if version else {}), "", 200
    if request.method == "POST":
        form = PartForm.of_sent(shown, rules, version.record if version else {}, request.POST)
        taken = request.POST.get("remove", "")
        if taken.isascii() and taken.isdigit():
            form.take_out(int(taken[:4]))
        elif "more" in request.POST:
            form.add_empty()
        else:
            try:
                if _keep_part(request, user, who, form):
                    messages.success(request, _("Saved."))
                    return redirect("registration:candidate", who.pk)
                problem, status = _("something in the form is not right, and nothing was saved"), 400
            except (UsageError, ConflictError) as error:
                problem, status = str(error), status_of_page(error)
    context = {
        "person": who,
        "part": shown,
        "form": form,
        "rows": form.shown(),
        "number": version.number if version else 0,
        "may_act": has_role(user, Role.ADMINISTRATOR) and user != who,
        "max_reason": MAX_REASON_CHARACTERS,
        "reason": request.POST.get("reason", ""),
        "problem": problem,
    }
    return render(request, "registration/part.html", context, status=status)


@require_GET
@only(*READERS)
def record_file(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The record as a file."""
    who = person(user_id)
    answer = HttpResponse(record_as_yaml(record_in(newest_record(who))), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="record.yaml"'
    return answer


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("choose the attempt")) from None


def _keep_part(request: HttpRequest, user: User, who: User, form: PartForm) -> bool:
    """Keep the record with this part; answers False where something in it is wrong, which the form then says."""
    changed = form.changed()
    record, findings = record_from(changed, **names_of_records())
    if form.is_wrong or record is None:
        form.blame(findings)
        return False
    number = request.POST.get("number", "")
    after = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else -1
    keep_record(user, who, record, how="form", reason=request.POST.get("reason", ""), at=clock.now(), after=after)
    return True


def _form_rules() -> Pathway:
    """The rules whose steps and certificates the forms offer: those about the licence, where there are some."""
    found = all_rules()
    if not found:
        raise NoRulesError("there are no rules, and without them nobody knows what a record may name")
    return max(found, key=lambda one: (len(one.certificates), one.exam.programme))


def _done(request: HttpRequest, who: User, deed: Callable[[], str], *, opened: str) -> HttpResponse:
    """Do it, and go back to the candidate's file; or say there why it was not done."""
    try:
        said = deed()
    except (UsageError, ConflictError) as error:
        context = {**_file(request, who), "problem": str(error), "values": request.POST, "open": opened}
        if isinstance(error, NotEligibleError):
            context |= {"refusal": refusal_of(str(error), error.judgement), "problem": ""}
        return render(request, "registration/candidate.html", context, status=status_of_page(error))
    messages.success(request, said)
    return redirect("registration:candidate", who.pk)


def _file(request: HttpRequest, who: User) -> dict[str, Any]:
    at, content, user = clock.now(), current_content(), user_of(request)
    version = newest_record(who)
    record = record_in(version)
    rows = Registration.objects.filter(candidate=who).select_related("candidate").order_by("-registered_at")
    is_administrator = has_role(user, Role.ADMINISTRATOR)
    return {
        "person": who,
        "is_own": user == who,
        "is_learner": who.username == LOCAL_LEARNER,
        "may_act": is_administrator and user != who and who.username != LOCAL_LEARNER,
        "today": at.date(),
        **_rules_today(content, record, {row.programme for row in rows}, at.date()),
        "lines": lines_of(rows, content, on=at.date()),
        "sittings": sittings_to_certify(who, content),
        "results": [(name, text) for name, text in results().items() if name != "pending"],
        "validities": list(standings().items()),
        "record": record,
        "version": version,
        "attempts": [
            {
                "one": one,
                "value": f"{one.programme}/{one.step}/{one.date}",
                "step": f"{one.programme.upper()}: {_step_title(content, one.programme, one.step)}",
                "result": results()[one.result.value],
                "standing": standings()[one.validity.value],
            }
            for one in record.attempts
        ],
        "parts": [{"name": name, "title": title} for name, title in part_titles().items()],
        "versions": [
            {"row": row, "how": HOW.get(row.how, row.how)}
            for row in who.office_records.select_related("changed_by").order_by("-number")[:VERSIONS]
        ],
        "max_reason": MAX_REASON_CHARACTERS,
        "values": {},
    }


def _step_title(content: Content, programme: str, step: str) -> str:
    known = content.programmes.get(programme)
    found = known.step(step) if known else None
    return found.title if found else step


def _rules_today(content: Content, record: Record, registered: set[str], on: date) -> dict[str, Any]:
    """What the rules say of each step, by programme: of those that concern the candidate or require a registration, and of
    all where none does. And why they say nothing, where they don't load."""
    try:
        names = [one.exam.programme for one in all_rules()]
        concern = registered | {one.programme for one in record.attempts}
        chosen = [name for name in names if name in concern or is_required(name)] or names
        exams = [
            {
                "name": name,
                "title": content.programmes[name].title,
                "steps": steps_today(name, record, content, on=on),
                "window": window_of(name, on),
            }
            for name in chosen
        ]
    except NoRulesError as error:
        return {"exams": [], "trouble": str(error)}
    return {"exams": exams, "trouble": ""}
