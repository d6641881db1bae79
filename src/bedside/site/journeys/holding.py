"""What the file of a journey holds, field by field in words, so that its owner sees it before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bedside.journeys import Chance, Journey, JourneyWeek, Note, Result
from bedside.site.journeys.countries import country_name
from bedside.site.journeys.languages import language_name
from bedside.site.passing.words import chance

START_WORDS = {
    "age": gettext_lazy("age"),
    "trained_in": gettext_lazy("country of training"),
    "years_since_graduation": gettext_lazy("years since graduation"),
    "work_hours": gettext_lazy("hours of work a week beside studying"),
    "language": gettext_lazy("language"),
    "level": gettext_lazy("right of the first answers"),
    "coaching": gettext_lazy("coaching for this exam"),
    "career": gettext_lazy("what you worked in before"),
    "tries": gettext_lazy("attempts at this exam before"),
}
KIND_WORDS = {
    "review": gettext_lazy("reviews"),
    "new": gettext_lazy("new questions"),
    "case": gettext_lazy("cases"),
    "block": gettext_lazy("blocks"),
}
RESULT_WORDS = {
    "exam": gettext_lazy("exam that counts"),
    "form": gettext_lazy("full form in Bedside"),
    "practice_test": gettext_lazy("practice test from elsewhere"),
}
OUTCOME_WORDS = {"pass": gettext_lazy("passed"), "fail": gettext_lazy("failed")}


@dataclass(frozen=True, slots=True)
class Held:
    """A field of the file by its place in the JSON, and what it holds."""

    field: str
    said: str


def held(journey: Journey) -> list[Held]:
    """Every field of the file in the order in which a reader thinks of them; what is left out has no line."""
    return [Held(field, said) for field, said in _fields(journey)]


def left_out(journey: Journey) -> list[str]:
    """What of a person the file does not hold, whether it was left out or never told."""
    gone = [START_WORDS[name] for name in START_WORDS if getattr(journey.start, name) is None]
    missing = [
        (journey.name is None, _("your name")),
        (not journey.notes, _("what you wrote")),
        (not journey.has_dates, _("all dates (times are weeks since the first studied day)")),
    ]
    return [*(text for is_missing, text in missing if is_missing), *map(str, gone)]


def start_value(journey: Journey, name: str) -> str:
    """A part of the beginning in words; empty where it is not told."""
    value = getattr(journey.start, name)
    if value is None:
        return ""
    if name == "level":
        return _share(value)
    named = {"trained_in": country_name, "language": language_name}.get(name)
    return f"{named(value)} ({value})" if named else str(value)


def _fields(journey: Journey) -> Iterator[tuple[str, str]]:
    yield "format", journey.format
    yield "id", str(journey.id)
    yield "revision", _("%(n)d; how many times you wrote this journey to a file") % {"n": journey.revision}
    yield "is_example", _("yes: it is invented") if journey.is_example else _("no: it is a real journey")
    yield "programme", journey.programme
    yield "step", journey.step
    if journey.name is not None:
        yield "name", journey.name
    for name, words in START_WORDS.items():
        if getattr(journey.start, name) is not None:
            yield f"start.{name}", f"{words}: {start_value(journey, name)}"
    if journey.begun_on is not None:
        yield "begun_on", _("the first studied day was %(day)s") % {"day": journey.begun_on.isoformat()}
    if journey.shared_on is not None:
        yield "shared_on", _("the file is of %(day)s") % {"day": journey.shared_on.isoformat()}
    yield "n_weeks", ngettext("%(n)d week in all", "%(n)d weeks in all", journey.n_weeks) % {"n": journey.n_weeks}
    for week in journey.weeks:
        yield "weeks", _week(week)
    for result in journey.results:
        yield "results", _result(result)
    for note in journey.notes:
        yield "notes", _note(note)
    yield "public_key", _("%(key)s; all journeys that are shared from here have it") % {"key": journey.public_key}
    yield "signature", _("made by that key when the file is written")


def _week(week: JourneyWeek) -> str:
    kinds = ", ".join(f"{KIND_WORDS[kind]} {time_text(n)}" for kind, n in week.minutes.items())
    days = ngettext("on %(n)d day", "on %(n)d days", week.days) % {"n": week.days}
    told = [f"{_week_name(week.week)}: {time_text(week.all_minutes)} {days}" + (f" ({kinds})" if kinds else "")]
    told.append(_("answers: %(n)d, right: %(right)d") % {"n": week.answers, "right": week.right})
    if week.areas:
        told.append(_("by area: ") + ", ".join(f"{area} {n}" for area, n in week.areas.items()))
    if week.chance is not None:
        told.append(_("chance to pass at its end: %(chance)s") % {"chance": _chance(week.chance)})
    return "; ".join(told)


def _result(result: Result) -> str:
    told = [f"{_week_name(result.week)}: {RESULT_WORDS[result.kind]}, {result.step}"]
    if result.outcome is not None:
        told.append(str(OUTCOME_WORDS[result.outcome]))
    if result.right is not None:
        told.append(_("%(share)s right") % {"share": _share(result.right)})
    if result.on is not None:
        told.append(_("on %(day)s") % {"day": result.on.isoformat()})
    return ", ".join(told)


def _note(note: Note) -> str:
    when = _week_name(note.week) + (f", {note.on.isoformat()}" if note.on is not None else "")
    return _("%(when)s, in your words: %(text)s") % {"when": when, "text": note.text}


def _week_name(week: int) -> str:
    """The weeks are counted from 0 in the file and from 1 for a reader."""
    return _("week %(n)d") % {"n": week + 1}


def time_text(minutes: int) -> str:
    """Minutes as a person says them: 4 h 20 min."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _chance(told: Chance) -> str:
    """A chance with its interval, which is said once where its ends would be said with the same words."""
    p, low, high = (chance(one / 1000) for one in (told.p, told.low, told.high))
    return p if low == high else _("%(p)s, between %(low)s and %(high)s") % {"p": p, "low": low, "high": high}


def _share(per_mille: int) -> str:
    return f"{per_mille / 10:g}%"
