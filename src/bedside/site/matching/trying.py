"""A rank list in the small market: what it led to, what other lists would have, and what happened step by step."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.matching import COUPLE, PROGRAMMES, YOU, StepKind, Trial, holders, standings, trial
from bedside.site.matching.words import body, step_words

TOLD = {StepKind.REFUSED, StepKind.HELD, StepKind.PUT_OUT, StepKind.GIVES_UP, StepKind.UNMATCHED}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a programme of the small market ranks you."""

    name: str
    rank: int
    posts: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another list than the one tried, and where it leads."""

    title: str
    list: str
    where: str
    against: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a list leads."""

    where: str
    others: tuple[Other, ...]
    yours: tuple[str, ...]
    couples: tuple[str, ...]
    people: tuple[tuple[str, int, str], ...]


def standing_rows() -> list[Standing]:
    """The twelve programmes."""
    return [Standing(name, rank, posts) for name, (rank, posts) in standings().items()]


def tried(wishes: list[str]) -> Outcome:
    """What a list leads to, beside three other ways to write it."""
    found = trial(wishes)
    likeliest = sorted(wishes, key=lambda name: standings()[name][0] / standings()[name][1])
    ways = [
        (_("The likeliest first"), likeliest),
        (_("Only the first two"), wishes[:2]),
        (_("The other way round"), wishes[::-1]),
    ]
    people = holders(found.market, found.matching)
    return Outcome(
        _where(found, len(wishes)),
        tuple(_other(title, other, wishes, found) for title, other in ways if other != wishes),
        _told(found, YOU),
        _told(found, COUPLE),
        tuple((name, standings()[name][1], ", ".join(body(who) for who in people[name])) for name in PROGRAMMES),
    )


def _where(found: Trial, n: int) -> str:
    if found.programme is None:
        said = ngettext("You come to no match with %(n)d programme.", "You come to no match with %(n)d programmes.", n)
        return said % {"n": n}
    return _("You match to %(name)s, number %(place)d of your list.") % {"name": found.programme, "place": found.place + 1}


def _other(title: str, other: list[str], wishes: list[str], found: Trial) -> Other:
    got = trial(other).programme
    if got == found.programme:
        against = _("the same")
    elif got is None:
        against = _("worse: no match")
    elif found.programme is None or wishes.index(got) < wishes.index(found.programme):
        against = _("better")
    else:
        against = _("worse: number %(n)d of what you want") % {"n": wishes.index(got) + 1}
    return Other(title, ", ".join(other), got or _("no match"), against)


def _told(found: Trial, unit: int) -> tuple[str, ...]:
    """All that happened to a unit; who is put out asks from the top again, and the noes of before are not told again."""
    told, gone = [], set()
    for step in found.steps:
        if step.unit != unit or step.kind not in TOLD or (step.kind is StepKind.REFUSED and step.place in gone):
            continue
        if step.kind in {StepKind.REFUSED, StepKind.PUT_OUT}:
            gone.add(step.place)
        told.append(step_words(step, _posts(found, unit, step.place)))
    return tuple(told)


def _posts(found: Trial, unit: int, place: int) -> str:
    if place < 0:
        return ""
    market = found.market
    if unit < market.n_singles:
        return PROGRAMMES[market.posts[market.starts[unit] + place]]
    option = market.pairs[0][place]
    return _("%(first)s with %(second)s") % {"first": PROGRAMMES[option.first], "second": PROGRAMMES[option.second]}
