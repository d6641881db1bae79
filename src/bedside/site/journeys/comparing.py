"""One's own course and another's on one picture: hours by week, and how readiness moved where both have it for one exam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import MAX_WEEKS, Chance, Journey
from bedside.site.journeys.likeness_words import capital
from bedside.site.journeys.lines import Lines, count_ticks, thinned
from bedside.site.journeys.placing import placed
from bedside.site.passing.words import chance
from bedside.site.progress.drawing import Scale, Table, Tick, curve, round_step, round_up

MOST_POINTS, MOST_ROWS, MOST_TICKS = 120, 26, 4
PERCENT = Scale(0.0, 100.0)
NONE = "–"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page shows of two courses. `is_back`: weeks are counted back from the exam of each."""

    said: str
    hours: Lines
    chance: Lines | None
    is_same_exam: bool
    is_back: bool


@dataclass(frozen=True, slots=True)
class _Course:
    """One of the two: its words, and by week from 0 to the last that is drawn the hours so far. `zero` is the week, counted
    from its start, that stands at 0 of the picture."""

    name: str
    label: str
    journey: Journey
    hours: tuple[float, ...]
    zero: int

    @property
    def first(self) -> int:
        return -self.zero

    @property
    def last(self) -> int:
        return len(self.hours) - 1 - self.zero

    def hours_at(self, week: int) -> float:
        """The hours so far at a week of the picture: none before the start."""
        return self.hours[max(0, min(week + self.zero, len(self.hours) - 1))]

    def exams(self) -> dict[int, str]:
        """How exams ended, by the week of the picture that they are told with."""
        words = {"pass": _("passed"), "fail": _("failed")}
        told = {exam.week + 1 - self.zero: words[str(exam.outcome)] for exam in self.journey.exams}
        return {week: text for week, text in told.items() if week <= self.last}

    def chances(self) -> list[tuple[int, Chance]]:
        told = ((week.week + 1 - self.zero, week.chance) for week in self.journey.weeks)
        return [(week, one) for week, one in told if one is not None and week <= self.last]


def exam_week(journey: Journey, exam_on: date | None = None) -> int | None:
    """The week of the last exam, or of the day that one plans to sit it on, where that is later; None where neither is told."""
    last = journey.exams[-1].week if journey.exams else None
    if exam_on is None or journey.begun_on is None or exam_on < journey.begun_on:
        return last
    return max(min((exam_on - journey.begun_on).days // 7, MAX_WEEKS - 1), -1 if last is None else last)


def comparison(mine: Journey, theirs: Journey, *, exam_weeks: tuple[int, int] | None = None) -> Comparison:
    """Both courses, week for week since each began; with the weeks of both exams up to these, counted back from them."""
    other = _("invented learner") if theirs.is_example else _("they")
    one_week, other_week = exam_weeks or (None, None)
    two = (_course("mine", _("you"), mine, one_week), _course("left", other, theirs, other_week))
    is_same = (mine.programme, mine.step) == (theirs.programme, theirs.step)
    is_back = exam_weeks is not None
    return Comparison(
        said=_said_back(*two) if is_back else _said(*two),
        hours=_hours(two, is_back=is_back),
        chance=_chances(two, is_back=is_back) if is_same else None,
        is_same_exam=is_same,
        is_back=is_back,
    )


def _course(name: str, label: str, journey: Journey, exam: int | None) -> _Course:
    """The course, up to its exam where weeks are counted back from it."""
    minutes = {week.week: week.all_minutes for week in journey.weeks}
    total, hours = 0, [0.0]
    for week in range(_n_weeks(journey) if exam is None else min(journey.n_weeks, exam + 1)):
        total += minutes.get(week, 0)
        hours.append(total / 60)
    return _Course(name, label, journey, tuple(hours), 0 if exam is None else exam + 1)


def _n_weeks(journey: Journey) -> int:
    """All weeks but those after the last exam in which nothing was done any more."""
    if not journey.exams:
        return journey.n_weeks
    return max([journey.n_weeks_to_exam, *(week.week + 1 for week in journey.weeks[-1:])])


def _said(mine: _Course, theirs: _Course) -> str:
    n = min(mine.last, theirs.last)
    words = ngettext(
        "After %(n)d week you had studied %(mine)s hours, and %(them)s %(theirs)s.",
        "After %(n)d weeks you had studied %(mine)s hours, and %(them)s %(theirs)s.",
        n,
    )
    return words % {"n": n, **_numbers(mine, theirs, n)}


def _said_back(mine: _Course, theirs: _Course) -> str:
    week = min(mine.last, theirs.last)
    if week == 0:
        words = _("Up to the exam you had studied %(mine)s hours, and %(them)s %(theirs)s.")
    else:
        words = ngettext(
            "%(n)d week before the exam you had studied %(mine)s hours, and %(them)s %(theirs)s.",
            "%(n)d weeks before the exam you had studied %(mine)s hours, and %(them)s %(theirs)s.",
            -week,
        )
    return words % {"n": -week, **_numbers(mine, theirs, week)}


def _numbers(mine: _Course, theirs: _Course, week: int) -> Mapping[str, str]:
    them = _("the invented learner") if theirs.journey.is_example else theirs.label
    return {"mine": _number(mine.hours_at(week)), "theirs": _number(theirs.hours_at(week)), "them": them}


def _hours(two: tuple[_Course, _Course], *, is_back: bool) -> Lines:
    most = max(1.0, *(course.hours[-1] for course in two))
    step = round_step(most, MOST_TICKS)
    along, upright = _along(two), Scale(0.0, round_up(most, step))
    curves = []
    for course in two:
        xs = thinned(range(course.first, course.last + 1), MOST_POINTS)
        values = [(course.hours_at(x),) * 3 for x in xs]
        text = _("%(who)s, %(n)s hours") % {"who": course.label, "n": _number(course.hours[-1])}
        drawn = curve(course.name, text, [float(x) for x in xs], values, (along, upright))
        curves.append(replace(drawn, band=""))  # hours are counted, so that there is no interval
    texts = [{x: _number(course.hours_at(x)) for x in range(course.first, course.last + 1)} for course in two]
    return Lines(
        name="beside-hours",
        title=_("Hours so far, by week"),
        said=_("Each line ends with its exam, or with today.") if is_back else _("Each line begins with its own first week."),
        lines=placed(curves, [course.label for course in two]),
        across=week_ticks(along, is_back=is_back),
        up=count_ticks(upright, step),
        table=_table(two, texts, is_back=is_back),
    )


def _chances(two: tuple[_Course, _Course], *, is_back: bool) -> Lines | None:
    told = [course.chances() for course in two]
    if not all(told):
        return None
    along = _along(two)
    curves, texts = [], []
    for course, weeks in zip(two, told, strict=True):
        points = thinned(weeks, MOST_POINTS)
        values = [(one.p / 10, one.low / 10, one.high / 10) for _week, one in points]
        text = _("%(who)s, %(p)s") % {"who": course.label, "p": chance(weeks[-1][1].p / 1000)}
        curves.append(curve(course.name, text, [float(week) for week, _one in points], values, (along, PERCENT)))
        texts.append(
            {week: f"{chance(one.p / 1000)} ({chance(one.low / 1000)} – {chance(one.high / 1000)})" for week, one in weeks}
        )
    return Lines(
        name="beside-chance",
        title=_("Chance to pass, by week"),
        said=_("As this program reckoned it at the end of each week; the bands say between which chances it lay."),
        lines=placed(curves, [course.label for course in two]),
        across=week_ticks(along, is_back=is_back),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        table=_table(two, texts, is_back=is_back),
    )


def _along(two: tuple[_Course, _Course]) -> Scale:
    """The weeks of the picture, up to the exams where they are counted back from them."""
    first, last = min(course.first for course in two), max(course.last for course in two)
    return Scale(float(first), float(last if first == 0 else 0))


def week_ticks(along: Scale, *, is_back: bool) -> tuple[Tick, ...]:
    """Whole weeks along the axis, the last with its word."""
    step = max(1, round(round_step(along.high - along.low, MOST_TICKS)))
    if is_back:
        numbers = list(range(0, round(along.low) - 1, -step))[::-1]
        texts = [_("exam") if n == 0 else _("%(n)d before") % {"n": -n} if n == numbers[0] else str(-n) for n in numbers]
    else:
        numbers = list(range(0, round(along.high) + 1, step))
        texts = [str(n) if n != numbers[-1] else _("week %(n)d") % {"n": n} for n in numbers]
    places = [along.across(n) for n in numbers]
    anchors = ["start" if place < 8 else "end" if place > 88 else "middle" for place in places]
    return tuple(Tick(*one) for one in zip(places, texts, anchors, strict=True))


def _table(two: tuple[_Course, _Course], texts: Sequence[Mapping[int, str]], *, is_back: bool) -> Table:
    """Some weeks evenly, and among them the last of each and those of exams, which say how they ended."""
    exams = [course.exams() for course in two]
    first, last = min(course.first for course in two), max(course.last for course in two)
    kept = {*thinned(range(first + 1, last + 1), MOST_ROWS), *(course.last for course in two), *exams[0], *exams[1]}
    rows = tuple((str(-week if is_back else week), *_cells(week, texts, exams)) for week in sorted(kept))
    head = _("Weeks before the exam") if is_back else _("Weeks since the start")
    return Table((head, *(capital(course.label) for course in two)), rows)


def _cells(week: int, texts: Sequence[Mapping[int, str]], exams: Sequence[Mapping[int, str]]) -> Iterator[str]:
    for column, ended in zip(texts, exams, strict=True):
        text = column.get(week, NONE)
        if week in ended and week in column:
            yield _("%(text)s, %(ended)s") % {"text": text, "ended": ended[week]}
        else:
            yield ended.get(week, text)


def _number(hours: float) -> str:
    return f"{hours:,.0f}"
