"""The first post: pay of the specialty, shortage in the states aimed at, programmes that repay loans, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bedside.pathway import COUNTRY, Discipline, Figure, Pathway, Posts, Record, Shortage, Wage

FIRST_YEAR = 1


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in words, with where it was read."""

    name: str
    said: str
    sources: tuple[tuple[str, str], ...]
    as_of: date
    note: str


def first_post(posts: Posts, record: Record, pathway: Pathway) -> dict[str, Any]:
    """What the page shows; empty where nothing is known."""
    names = {one.code: one.name for one in pathway.places}
    aimed = [state for state in record.goals.states if state in names]
    specialty = record.goals.specialty
    groups = [
        (_("Pay"), list(_pay(posts, specialty, aimed, names))),
        (_("Where physicians are short"), list(_shortages(posts, aimed, names))),
        (_("Programmes that repay loans"), list(_repayments(posts, aimed, names))),
        (_("Waivers of the J-1"), list(_waivers(posts, aimed, names))),
    ]
    return {"groups": [(title, rows) for title, rows in groups if rows], "specialty": specialty, "has_states": bool(aimed)}


def _row(posts: Posts, figure: Figure, name: str, said: str) -> FigureRow:
    links = tuple((one.title, one.url or "") for one in posts.sources_of(figure))
    return FigureRow(name, said, links, figure.as_of, figure.note or "")


def _pay(posts: Posts, specialty: str | None, aimed: list[str], names: dict[str, str]) -> Iterator[FigureRow]:
    stipend = posts.stipend(FIRST_YEAR)
    if stipend is not None:
        said = _("%(amount)s a year, %(statistic)s, %(period)s") % {
            "amount": _money(stipend.amount, stipend.currency),
            "statistic": stipend.statistic.value,
            "period": stipend.period,
        }
        yield _row(posts, stipend, _("First year of residency"), said)
    for place in [COUNTRY, *aimed] if specialty else []:
        wage = posts.wage(specialty or "", place)
        if wage is not None:
            where = names.get(place, _("United States"))
            yield _row(posts, wage, f"{wage.occupation}, {where}", _wage(wage))


def _wage(wage: Wage) -> str:
    amount = _money(wage.amount, wage.currency)
    values = {"amount": amount, "statistic": wage.statistic.value, "period": wage.period}
    if wage.is_at_least:
        return _("%(amount)s a year or more, %(statistic)s, %(period)s") % values
    return _("%(amount)s a year, %(statistic)s, %(period)s") % values


def _shortages(posts: Posts, aimed: list[str], names: dict[str, str]) -> Iterator[FigureRow]:
    kinds = {Discipline.PRIMARY_CARE: _("Primary care"), Discipline.MENTAL_HEALTH: _("Mental health")}
    for place in [*aimed, COUNTRY]:
        for discipline, kind in kinds.items():
            for one in posts.shortage(discipline, place):
                yield _row(posts, one, f"{kind}, {names.get(place, _('United States'))}", _shortage(one))


def _shortage(one: Shortage) -> str:
    parts = [
        (one.designations, _("%(n)s areas designated")),
        (one.population, _("%(n)s people live there")),
        (one.practitioners_needed, _("%(n)s more practitioners would end it")),
    ]
    said = [text % {"n": f"{number:,}"} for number, text in parts if number is not None]
    if one.need_met_percent is not None:
        said.append(_("%(n)s%% of the need is met") % {"n": f"{one.need_met_percent:g}"})
    return "; ".join(said)


def _repayments(posts: Posts, aimed: list[str], names: dict[str, str]) -> Iterator[FigureRow]:
    found = {one.id: one for place in [COUNTRY, *aimed] for one in posts.repayments_in(place)}
    for one in found.values():
        said = _("up to %(amount)s for %(years)d years; %(where)s; %(who)s") % {
            "amount": _money(one.amount_max, one.currency),
            "years": one.service_years,
            "where": one.where,
            "who": one.who,
        }
        yield _row(posts, one, f"{one.title}, {names.get(one.place, _('United States'))}", said)


def _waivers(posts: Posts, aimed: list[str], names: dict[str, str]) -> Iterator[FigureRow]:
    found = {one.id: one for place in aimed for one in posts.waivers_in(place) if one.place != COUNTRY}
    for one in found.values():
        yield _row(posts, one, names[one.place], one.text)


def _money(amount: float, currency: str) -> str:
    return f"{amount:,.0f} {currency}"
