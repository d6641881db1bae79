"""Someone like me: what is asked of the library, which journeys fit, and how alike each is, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bedside.errors import UsageError
from bedside.journeys import AGES, WORK_HOURS, Beginning, Journey, Likeness, beginning_of, most_alike
from bedside.site.content import Content
from bedside.site.journeys.countries import country_name
from bedside.site.journeys.likeness_words import AGE_WORDS, WORK_WORDS, likeness_words, who_words

PAGE = 20
NOT_TOLD = "not told"
OUTCOMES: Mapping[str, str | Promise] = {"pass": lazy("passed"), "fail": lazy("not passed"), NOT_TOLD: lazy("not told")}
MAX_PAGE = 9999


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; what is empty restricts nothing. `step` is "programme/step"."""

    step: str = ""
    age: str = ""
    country: str = ""
    work: str = ""
    outcome: str = ""
    examples: bool = False
    page: int = 1

    @property
    def is_open(self) -> bool:
        """Is nothing restricted?"""
        return not any((self.step, self.age, self.country, self.work, self.outcome))

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
            (self.outcome, journey.outcome or NOT_TOLD),
        )
        return all(not wish or wish == found for wish, found in asked)


@dataclass(frozen=True, slots=True)
class Row:
    """A journey of the list: its headline, where it began, and what of that is like one's own."""

    journey: Journey
    headline: str
    who: str
    programme: str  # its title, where it is not one's own
    alike: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of those that fit; `n_all` is how many there are before anything restricts them."""

    rows: tuple[Row, ...]
    n: int
    n_all: int
    page: int
    n_pages: int


def asked(data: Mapping[str, str]) -> Wanted:
    """What an address asks for.

    Raises:
        UsageError: an age, hours of work or an outcome that does not exist.
    """
    return Wanted(
        step=data.get("step", "")[:201],
        age=one_of(data.get("age", ""), AGES, "age"),
        country=data.get("country", "")[:2],
        work=one_of(data.get("work", ""), WORK_HOURS, "work"),
        outcome=one_of(data.get("outcome", ""), tuple(OUTCOMES), "outcome"),
        examples=data.get("examples", "") == "1",
        page=_page(data.get("page", "")),
    )


def found(journeys: Sequence[Journey], wanted: Wanted, mine: Beginning | None, content: Content) -> Found:
    """The page that is asked for, the most alike first; without a beginning of one's own in the order of the library."""
    fitting = [journey for journey in journeys if wanted.fits(journey)]
    ordered = most_alike(mine, fitting) if mine else [(journey, None) for journey in fitting]
    n_pages = max(1, -(-len(fitting) // PAGE))
    page = min(wanted.page, n_pages)
    here = ordered[(page - 1) * PAGE : page * PAGE]
    rows = tuple(_row(journey, how, mine, content) for journey, how in here)
    return Found(rows, len(fitting), len(journeys), page, n_pages)


def choices_of(journeys: Sequence[Journey], content: Content) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen: the steps and countries that occur, the ages, hours of work and outcomes that there are."""
    steps = sorted({(journey.programme, journey.step) for journey in journeys})
    trained_in = {journey.start.trained_in for journey in journeys if journey.start.trained_in}
    return {
        "step": [(f"{programme}/{step}", _step_choice(content, programme, step)) for programme, step in steps],
        "age": [(age, str(AGE_WORDS[age])) for age in AGES],
        "country": sorted(((code, country_name(code)) for code in trained_in), key=lambda one: one[1]),
        "work": [(work, str(WORK_WORDS[work])) for work in WORK_HOURS],
        "outcome": [(name, str(text)) for name, text in OUTCOMES.items()],
    }


def headline(journey: Journey, content: Content) -> str:
    """`First step: 12 weeks, 120 hours, passed`."""
    told = [
        _("1 week") if journey.n_weeks == 1 else _("%(n)d weeks") % {"n": journey.n_weeks},
        _("%(n)s hours") % {"n": f"{journey.minutes / 60:,.0f}"},
    ]
    if journey.outcome:
        told.append(str(OUTCOMES[journey.outcome]))
    return f"{step_name(content, journey.programme, journey.step)}: {', '.join(told)}"


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


def how_alike(how: Likeness) -> str:
    """How alike as a share, and over how much; where only the step can be compared, that."""
    if how.alike is None:
        return _("Nothing can be compared but the step.")
    return _("%(share)d%% alike, over %(n)d features that both of you tell.") % {
        "share": round(100 * how.alike),
        "n": how.n_compared,
    }


def words_with(mine: Beginning, journey: Journey) -> tuple[str, tuple[str, ...]]:
    """How alike one's own beginning and that of a journey are, and in what."""
    ((_journey, how),) = most_alike(mine, [journey])
    return how_alike(how), likeness_words(mine, beginning_of(journey), how)


def _row(journey: Journey, how: Likeness | None, mine: Beginning | None, content: Content) -> Row:
    title = "" if mine and mine.programme == journey.programme else programme_title(content, journey.programme)
    if how is None or mine is None:
        return Row(journey, headline(journey, content), who_words(journey.start), title, "", ())
    words = likeness_words(mine, beginning_of(journey), how)
    return Row(journey, headline(journey, content), who_words(journey.start), title, how_alike(how), words)


def _step_choice(content: Content, programme: str, step: str) -> str:
    """What tells steps apart stands first: a narrow choice shows its beginning only."""
    return f"{step_name(content, programme, step)}, {programme_title(content, programme)}"


def _page(text: str) -> int:
    return max(1, min(MAX_PAGE, int(text))) if text.isascii() and text.isdigit() and len(text) < 5 else 1
