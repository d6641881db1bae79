"""Someone like me: what is asked of the library, which journeys fit, and how alike each is, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from bedside.errors import UsageError
from bedside.journeys import AGES, CAREERS, COACHING, WORK_HOURS, Beginning, Journey, Likeness, beginning_of, most_alike
from bedside.site.content import Content
from bedside.site.journeys.countries import country_name
from bedside.site.journeys.likeness_words import (
    AGE_WORDS,
    CAREER_WORDS,
    COACHING_WORDS,
    WORK_WORDS,
    capital,
    level_words,
    like_words,
    nearness_words,
    who_words,
)

PAGE = 20
NOT_TOLD = "not told"
EVER_FAILED = "failed once"
OUTCOMES: Mapping[str, str | Promise] = {
    "pass": lazy("passed"),
    "fail": lazy("failed"),
    EVER_FAILED: lazy("failed at least once"),
    NOT_TOLD: lazy("no exam told"),
}
NOTE_LETTERS = 90  # of the first note, in the list
MAX_PAGE = 9999


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; what is empty restricts nothing. `step` is "programme/step"."""

    step: str = ""
    age: str = ""
    country: str = ""
    work: str = ""
    coaching: str = ""
    career: str = ""
    outcome: str = ""
    examples: bool = False
    page: int = 1

    @property
    def is_open(self) -> bool:
        """Is nothing restricted?"""
        return not any((self.step, self.age, self.country, self.work, self.coaching, self.career, self.outcome))

    def query(self, **changes: object) -> str:
        """The part of an address that asks for this, with changes; the first page unless a page is named."""
        pairs = {**asdict(self), "page": 1, **changes}
        if pairs["examples"]:
            pairs["examples"] = 1
        return urlencode({name: value for name, value in pairs.items() if value and (name, value) != ("page", 1)})

    def fits(self, journey: Journey) -> bool:
        """Is this journey among those that are asked for?"""
        start = journey.start
        asked = (
            (self.step, step_value(journey)),
            (self.age, start.age),
            (self.country, start.trained_in),
            (self.work, start.work_hours),
            (self.coaching, start.coaching),
            (self.career, start.career),
        )
        return all(not wish or wish == found for wish, found in asked) and self._ended(journey)

    def _ended(self, journey: Journey) -> bool:
        if self.outcome == EVER_FAILED:
            return any(exam.outcome == "fail" for exam in journey.exams)
        return not self.outcome or self.outcome == (journey.outcome or NOT_TOLD)


@dataclass(frozen=True, slots=True)
class Row:
    """A journey of the list: its headline, where it began, how it begins to tell, and what of it is like oneself."""

    journey: Journey
    headline: str
    who: str
    note: str
    programme: str  # its title, where it is not one's own
    is_same_step: bool = False
    like: str = ""
    nearness: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of those that fit; `n_all` is how many there are before anything restricts them."""

    rows: tuple[Row, ...]
    n: int
    n_all: int
    page: int
    n_pages: int
    is_compared: bool = False  # one's own step is known, so that there is one's own and another
    is_ordered: bool = False  # of some more could be compared than the step

    @property
    def parts(self) -> list[tuple[str, tuple[Row, ...]]]:
        """The rows of one's own step and those of others, each with a heading; without a step of one's own all, with none."""
        if not self.is_compared:
            return [("", self.rows)]
        own = tuple(row for row in self.rows if row.is_same_step)
        rest = tuple(row for row in self.rows if not row.is_same_step)
        return [(title, rows) for title, rows in ((_("Your step"), own), (_("Other steps"), rest)) if rows]


def asked(data: Mapping[str, str]) -> Wanted:
    """What an address asks for.

    Raises:
        UsageError: an age, hours of work, coaching, a career or an outcome that does not exist.
    """
    return Wanted(
        step=data.get("step", "")[:201],
        age=one_of(data.get("age", ""), AGES, "age"),
        country=data.get("country", "")[:2],
        work=one_of(data.get("work", ""), WORK_HOURS, "work"),
        coaching=one_of(data.get("coaching", ""), COACHING, "coaching"),
        career=one_of(data.get("career", ""), CAREERS, "career"),
        outcome=one_of(data.get("outcome", ""), tuple(OUTCOMES), "outcome"),
        examples=data.get("examples", "") == "1",
        page=_page(data.get("page", "")),
    )


def found(journeys: Sequence[Journey], wanted: Wanted, mine: Beginning | None, content: Content) -> Found:
    """The page that is asked for, in the order of `in_order`."""
    ordered = in_order(journeys, wanted, mine)
    n_pages = max(1, -(-len(ordered) // PAGE))
    page = min(wanted.page, n_pages)
    here = ordered[(page - 1) * PAGE : page * PAGE]
    return Found(
        rows=tuple(_row(journey, how, mine, content) for journey, how in here),
        n=len(ordered),
        n_all=len(journeys),
        page=page,
        n_pages=n_pages,
        is_compared=mine is not None,
        is_ordered=any(how is not None and how.alike is not None for _journey, how in ordered),
    )


def in_order(journeys: Sequence[Journey], wanted: Wanted, mine: Beginning | None) -> list[tuple[Journey, Likeness | None]]:
    """Those that fit: of one's own step first and the most alike first; without a beginning in the order of the library."""
    fitting = [journey for journey in journeys if wanted.fits(journey)]
    if mine is None:
        return [(journey, None) for journey in fitting]
    return list(most_alike(mine, fitting))


def place_in(ordered: Sequence[tuple[Journey, Likeness | None]], journey: Journey) -> tuple[int, Journey | None]:
    """The page of the list on which a journey stands, and the one after it."""
    ids = [one.id for one, _how in ordered]
    if journey.id not in ids:
        return 1, None
    index = ids.index(journey.id)
    return index // PAGE + 1, ordered[index + 1][0] if index + 1 < len(ordered) else None


def choices_of(journeys: Sequence[Journey], content: Content) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen: the steps and countries that occur, the ages, hours of work and outcomes that there are."""
    steps = sorted({(journey.programme, journey.step) for journey in journeys})
    trained_in = {journey.start.trained_in for journey in journeys if journey.start.trained_in}
    return {
        "step": [(f"{programme}/{step}", _step_choice(content, programme, step)) for programme, step in steps],
        "age": [(age, str(AGE_WORDS[age])) for age in AGES],
        "country": sorted(((code, country_name(code)) for code in trained_in), key=lambda one: one[1]),
        "work": [(work, str(WORK_WORDS[work])) for work in WORK_HOURS],
        "coaching": [(name, str(text)) for name, text in COACHING_WORDS.items()],
        "career": [(name, str(text)) for name, text in CAREER_WORDS.items()],
        "outcome": [(name, str(text)) for name, text in OUTCOMES.items()],
    }


def headline(journey: Journey, content: Content) -> str:
    """`First step: 33 weeks to the exam, 166 hours, failed once, then passed`."""
    n = journey.n_weeks_to_exam
    if journey.exams:
        weeks = ngettext("%(n)d week to the exam", "%(n)d weeks to the exam", n) % {"n": n}
    else:
        weeks = ngettext("%(n)d week", "%(n)d weeks", n) % {"n": n}
    minutes = sum(week.all_minutes for week in journey.weeks if week.week < n)  # as far as the weeks go
    hours = _("%(n)s hours") % {"n": f"{minutes / 60:,.0f}"}
    return f"{step_name(content, journey.programme, journey.step)}: {weeks}, {hours}, {exams_words(journey)}"


def exams_words(journey: Journey) -> str:
    """How the exams went, in a few words."""
    ended = [exam.outcome for exam in journey.exams]
    if not ended:
        return _("no exam told")
    n_failed = ended.count("fail")
    if ended[-1] == "pass":
        return _("%(failed)s, then passed") % {"failed": _failed(n_failed)} if n_failed else _("passed")
    if n_failed < len(ended):
        return _("passed, then failed")
    return _("%(sat)s, failed") % {"sat": _sat(n_failed)}


def _failed(n: int) -> str:
    few = {1: _("failed once"), 2: _("failed twice")}
    return few.get(n) or _("failed %(n)d times") % {"n": n}


def _sat(n: int) -> str:
    few = {1: _("sat once"), 2: _("sat twice")}
    return few.get(n) or _("sat %(n)d times") % {"n": n}


def first_words(journey: Journey) -> str:
    """The beginning of the first note, cut at a word; empty where no notes are told."""
    if not journey.notes:
        return ""
    text = " ".join(journey.notes[0].text.split())
    if len(text) <= NOTE_LETTERS:
        return text
    cut = text[:NOTE_LETTERS]
    if text[NOTE_LETTERS] != " " and " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut.rstrip(" .,;:–-") + " …"


def step_name(content: Content, programme: str, step: str) -> str:
    """The title of a step without that of its programme, or its name where it is gone."""
    known = content.programmes.get(programme)
    found = known.step(step) if known else None
    return found.title if found else step


def programme_title(content: Content, programme: str) -> str:
    """The title of a programme, or its name where it is gone."""
    known = content.programmes.get(programme)
    return known.title if known else programme


def step_value(journey: Journey) -> str:
    """Programme and step as one word of an address."""
    return f"{journey.programme}/{journey.step}"


def one_of(text: str, known: Sequence[str], what: str) -> str:
    """The text, where it is empty or known.

    Raises:
        UsageError: it is neither; says what could be.
    """
    if text and text not in known:
        raise UsageError(f'the {what} is "{text[:20]}"; it must be one of: {", ".join(known)}')
    return text


def _row(journey: Journey, how: Likeness | None, mine: Beginning | None, content: Content) -> Row:
    title = "" if mine and mine.programme == journey.programme else programme_title(content, journey.programme)
    row = Row(journey, headline(journey, content), who_words(journey.start), first_words(journey), title)
    if how is None or mine is None:
        return row
    return replace(
        row,
        is_same_step=bool(how.by_feature["step"]),
        like=like_words(how),
        nearness=nearness_words(how),
        level=capital(level_words(mine, beginning_of(journey))),
    )


def _step_choice(content: Content, programme: str, step: str) -> str:
    """What tells steps apart stands first: a narrow choice shows its beginning only."""
    return f"{step_name(content, programme, step)}, {programme_title(content, programme)}"


def _page(text: str) -> int:
    return max(1, min(MAX_PAGE, int(text))) if text.isascii() and text.isdigit() and len(text) < 5 else 1
