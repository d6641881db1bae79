"""A journey as a page tells it: each part with its sentence, its picture and the table behind it.

It is drawn from a `Journey` alone, so that one's own, another's and an invented one look the same. Weeks are counted from 0 in
the record and from 1 for a reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from bedside.journeys import LEVEL_ANSWERS, Journey, Result, Start
from bedside.site.accounts.page_queries import step_title
from bedside.site.blueprint import PARTITION
from bedside.site.content import Content, current_content
from bedside.site.journeys.countries import country_name
from bedside.site.journeys.languages import language_name
from bedside.site.journeys.likeness_words import AGE_WORDS, WORK_WORDS, YEARS_WORDS
from bedside.site.journeys.story_before import before_exams
from bedside.site.journeys.story_chances import Readiness, chance_picture
from bedside.site.journeys.story_marks import outcome_words
from bedside.site.journeys.story_pictures import AreaMap, WeekSticks, areas_picture, days_picture, hours_picture
from bedside.site.journeys.story_weeks import (
    first_up,
    hours_words,
    week_words,
    weeks_since_exam,
    weeks_to_exam,
)
from bedside.site.progress.drawing import Table

# the beginning's rows say by their labels what these are about
COACHING: Mapping[str, str | Promise] = {
    "none": lazy("none"),
    "some": lazy("some"),
    "a whole course": lazy("a whole course"),
}
CAREER: Mapping[str, str | Promise] = {
    "medicine": lazy("medicine"),
    "something else": lazy("something else than medicine"),
}
TRIES: Mapping[str, str | Promise] = {"none": lazy("none"), "one": lazy("one"), "several": lazy("several")}


@dataclass(frozen=True, slots=True)
class Written:
    """A note, and when it was written."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the story.

    `shape` says how it is drawn: "facts", "sticks", "areas", "lines", "table", "list", "notes" or "words".
    `link` is its word among the links at the top; without one none leads to it.
    """

    name: str
    title: str
    said: str
    shape: str = "words"
    picture: WeekSticks | AreaMap | Readiness | None = None
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    notes: tuple[Written, ...] = ()
    table: Table | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What templates/journeys/story.html draws, as `story`."""

    journey: Journey
    mine: bool
    step_title: str
    lead: str
    parts: tuple[Part, ...]

    @property
    def links(self) -> tuple[Part, ...]:
        """The parts to which a link leads: what was written first, as that is what most look for."""
        there = [part for part in self.parts if part.link]
        return tuple(sorted(there, key=lambda part: part.shape != "notes"))


def story_of(journey: Journey, *, mine: bool) -> Story:
    """The parts of a journey's story in order. `mine`: its owner reads it, and is told where what is missing comes from."""
    content = current_content()
    parts = (
        _beginning(journey.start, mine=mine),
        _drawn("sticks", hours_picture(journey), _("Hours")),
        _areas(journey, content),
        _drawn("sticks", days_picture(journey), _("Days")),
        _readiness(journey, mine=mine),
        _before(journey),
        _results(journey, mine=mine),
        _notes(journey, mine=mine),
    )
    title = step_title(content, journey.programme, journey.step)
    return Story(journey, mine, title, _lead(journey), tuple(part for part in parts if part))


def _drawn(shape: str, picture: WeekSticks | AreaMap | Readiness, link: str) -> Part:
    return Part(picture.name, picture.title, picture.said, shape, picture, link=link)


def _lead(journey: Journey) -> str:
    """The whole way in a line: up to the last exam, where one is told, and what came after it."""
    weeks, since = weeks_to_exam(journey), weeks_since_exam(journey)
    n_answers, n_right = sum(week.answers for week in weeks), sum(week.right for week in weeks)
    values = {
        "weeks": ngettext("%(n)d week", "%(n)d weeks", journey.n_weeks_to_exam) % {"n": journey.n_weeks_to_exam},
        "hours": hours_words(sum(week.all_minutes for week in weeks)),
    }
    text = _("%(weeks)s to the last exam, %(hours)s of study.") if journey.exams else _("%(weeks)s, %(hours)s of study.")
    said = text % values
    if n_answers:
        said += " " + _("%(n)s answers, %(percent)d%% of them right.") % {
            "n": f"{n_answers:,}",
            "percent": round(100 * n_right / n_answers),
        }
    if since:
        said += " " + _("Since then %(hours)s more.") % {"hours": hours_words(sum(week.all_minutes for week in since))}
    return f"{said} {_exam_words(journey)}".strip()


def _exam_words(journey: Journey) -> str:
    """How each exam ended; empty where none is told."""
    exams = [one for one in journey.results if one.kind == "exam"]
    if not exams:
        return ""
    told = ", ".join(f"{outcome_words(one) or _('sat')} {_in_week(one.week)}" for one in exams)
    return _("The exam: %(told)s.") % {"told": told}


def _in_week(week: int) -> str:
    return _("in %(week)s") % {"week": week_words(week)}


def _beginning(start: Start, *, mine: bool) -> Part:
    facts = tuple(_start_facts(start))
    said = [] if facts else [_("Nothing is told of who it was.")]
    if start.level is not None:
        text = _("Of the first %(n)d answers %(percent)d%% were right.")
        said.append(text % {"n": LEVEL_ANSWERS, "percent": round(start.level / 10)})
    elif mine:
        said.append(_("The first %(n)d answers tell the starting level; there are fewer.") % {"n": LEVEL_ANSWERS})
    return Part("journey-beginning", _("The beginning"), " ".join(said), "facts", facts=facts)


def _start_facts(start: Start) -> Iterator[tuple[str, str]]:
    if start.age is not None:
        yield _("Age"), str(AGE_WORDS[start.age])
    if start.trained_in is not None:
        yield _("Trained in"), country_name(start.trained_in)
    if start.years_since_graduation is not None:
        yield _("Graduation"), str(YEARS_WORDS[start.years_since_graduation])
    if start.work_hours is not None:
        yield _("Work"), str(WORK_WORDS[start.work_hours])
    if start.language is not None:
        yield _("First language"), language_name(start.language)
    if start.coaching is not None:
        yield _("Coaching"), str(COACHING[start.coaching])
    if start.career is not None:
        yield _("Worked before in"), str(CAREER[start.career])
    if start.tries is not None:
        yield _("Attempts before"), str(TRIES[start.tries])


def _areas(journey: Journey, content: Content) -> Part:
    picture = areas_picture(journey, _area_titles(journey, content))
    if picture is None:
        said = _("No answers by area are told, so there is no order to draw.")
        return Part("journey-areas", _("What was studied, in which order"), said)
    return _drawn("areas", picture, _("Order"))


def _area_titles(journey: Journey, content: Content) -> dict[str, str]:
    """The names of areas by their codes; the axis by which areas are kept apart has the last word."""
    programme = content.programmes.get(journey.programme)
    step = programme.step(journey.step) if programme else None
    axes = sorted(step.axes if step else (), key=lambda axis: (axis.name == PARTITION, axis.is_partition))
    return {code: title for axis in axes for code, title in axis.codes.items()}


def _readiness(journey: Journey, *, mine: bool) -> Part:
    picture = chance_picture(journey, mine=mine)
    if picture is not None:
        return _drawn("lines", picture, _("Readiness"))
    said = _("No chance to pass was told: there was too little to say whether it would be enough.")
    if mine:
        said += " " + _("What is missing stands under Progress.")
    return Part("journey-readiness", _("How readiness moved"), said)


def _before(journey: Journey) -> Part | None:
    found = before_exams(journey)
    if found is None:
        return None
    said, table = found
    return Part("journey-before", _("Before the exam"), said, "table", table=table, link=_("Before the exam"))


def _results(journey: Journey, *, mine: bool) -> Part:
    title = _("Sittings and their results")
    if not journey.results:
        said = _("No sittings are told.")
        if mine:
            said += " " + _(
                "Here will stand whole forms that you sat under Exam, practice tests that you typed in under Progress, and the "
                "exams in the record of your Pathway."
            )
        return Part("journey-results", title, said)
    n = {kind: sum(one.kind == kind for one in journey.results) for kind in ("practice_test", "form")}
    counts = (
        ngettext("%(n)d practice test", "%(n)d practice tests", n["practice_test"]) % {"n": n["practice_test"]},
        ngettext("%(n)d whole form in Bedside", "%(n)d whole forms in Bedside", n["form"]) % {"n": n["form"]},
    )
    told = (", ".join(text for text, many in zip(counts, n.values(), strict=True) if many), _exam_words(journey))
    sentence = ". ".join(text.rstrip(".") for text in told if text) + "."
    lines = tuple(_result_line(one) for one in journey.results)
    return Part("journey-results", title, sentence, "list", lines=lines, link=_("Results"))


def _result_line(result: Result) -> str:
    names = {
        "exam": _("the exam"),
        "form": _("a whole form in Bedside"),
        "practice_test": _("a practice test from elsewhere"),
    }
    outcome = outcome_words(result)
    if result.kind == "practice_test":  # its makers' mark, which is not yet the exam
        outcome = {"pass": _("above what passes"), "fail": _("below what passes")}.get(result.outcome or "", "")
    told = [names[result.kind], outcome]
    if result.right is not None:
        told.append(_("%(percent)d%% right") % {"percent": round(result.right / 10)})
    when = week_words(result.week) + (f", {date_format(result.on, 'j F Y')}" if result.on is not None else "")
    return f"{first_up(when)}: {', '.join(text for text in told if text)}"


def _notes(journey: Journey, *, mine: bool) -> Part:
    title = _("What was written on the way")
    if not journey.notes:
        return Part("journey-notes", title, _("You have written nothing yet.") if mine else _("No words go with it."))
    n = len(journey.notes)
    if journey.is_example:
        said = ngettext(
            "%(n)d note, invented like the rest. No person wrote it.",
            "%(n)d notes, invented like the rest. No person wrote them.",
            n,
        )
    elif mine:
        said = ngettext("%(n)d note, in your words.", "%(n)d notes, in your words.", n)
    else:
        said = ngettext("%(n)d note, in their words.", "%(n)d notes, in their words.", n)
    notes = []
    for one in journey.notes:
        when = week_words(one.week) + (f", {date_format(one.on, 'j F Y')}" if one.on is not None else "")
        notes.append(Written(first_up(when), one.text))
    return Part("journey-notes", title, said % {"n": n}, "notes", notes=tuple(notes), link=_("What was written"))
