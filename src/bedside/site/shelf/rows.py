"""The rows of the library as a person may see them: never a key or an explanation, nor the end of a case."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from bedside.bank import Analyte, Found, Interval, Item, SearchHit, Snippet, as_read
from bedside.site.cases.views import debrief_url
from bedside.site.cases.words import REVIEW
from bedside.site.content import Content
from bedside.site.shelf.person import Met, explanation_addresses
from bedside.site.shelf.stock import Shelf
from bedside.site.shelf.wanted import STATUSES
from bedside.site.study.queries import topic_of

MAX_SENTENCE = 260  # letters of a first sentence
_SHOWN = ("stem", "lead_in", "options")  # of an item whose key was not shown
_TOLD = (*_SHOWN, "explanation")
_GROUPS = {"csf": "Cerebrospinal fluid", "other_serum": "Other, serum"}
_SENTENCE = re.compile(r"(?<=[a-z0-9)%][.?!])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class FamilyItem:
    """An item of a takeaway's family whose key was shown."""

    id: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in a list. What a kind does not have is empty."""

    kind: str
    id: str
    title: str
    where: str = ""  # topic or steps
    status: str | Promise = ""
    snippet: Snippet | None = None
    how: str = ""  # of a hit: "fuzzy", "begun" or "partly"
    # of an item
    state: str = ""
    address: str = ""  # of its explanation, or of the debrief of a case
    step: str = ""  # in which it can be begun
    # of a takeaway
    text: str = ""
    sources: tuple[str, ...] = ()
    n_family: int = 0  # of a model: its members whose key was shown
    family: tuple[FamilyItem, ...] = ()
    # of a reference value
    value: ValueRow | None = None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One reference interval. `whose` is by sex, age or condition; empty where it is for everybody."""

    id: str
    name: str
    whose: str
    specimen: str
    conventional: str
    si: str
    note: str


@dataclass(frozen=True, slots=True)
class _Making:
    """What the rows of one page are made from."""

    shelf: Shelf
    met: Met
    addresses: Mapping[str, str]
    found: Found | None
    pair: tuple[str, str] | None

    def address_of(self, name: str) -> str:
        """Where the explanation of an item stands, of a model that of the last member; empty where no key was shown."""
        members = self.met.models.get(name)
        return self.addresses.get(members[-1] if members else name, "")

    def snippet(self, hit: SearchHit, fields: Collection[str]) -> Snippet | None:
        return self.shelf.search.why(hit, self.found, fields=fields) if self.found else None


def rows_of(shelf: Shelf, hits: Sequence[SearchHit], met: Met, found: Found | None, pair: tuple[str, str] | None) -> list[Row]:
    """The rows of these hits; one statement at most."""
    named = [hit.id for hit in hits if hit.kind == "item"]
    named += [item for hit in hits if hit.kind == "takeaway" for item in shelf.families.get(hit.id, ())]
    named += [members[-1] for name in (*named, *(hit.id for hit in hits)) if (members := met.models.get(name))]
    making = _Making(shelf, met, explanation_addresses(met, named), found, pair)
    made = {"item": _item_row, "model": _model_row, "takeaway": _takeaway_row, "case": _case_row, "value": _value_row}
    return [made[hit.kind](making, hit) for hit in hits]


def values_by_group(content: Content) -> list[tuple[str, list[ValueRow]]]:
    """The reference values in the order of the file, under the names of their groups."""
    groups: dict[str, list[ValueRow]] = {}
    for analyte in content.analytes.by_id.values():
        name = _GROUPS.get(analyte.group, analyte.group.replace("_", " ").capitalize())
        groups.setdefault(name, []).append(value_row(analyte))
    return list(groups.items())


def value_row(analyte: Analyte) -> ValueRow:
    """A reference value in words."""
    return ValueRow(
        id=analyte.id,
        name=analyte.name,
        whose=analyte.condition or "",
        specimen=analyte.specimen,
        conventional=interval_words(analyte.conventional),
        si=interval_words(analyte.si),
        note=analyte.note or "",
    )


def interval_words(interval: Interval) -> str:
    """`136–146 mEq/L`, or `< 5 mg/dL` where a bound is open."""
    signs = {"<=": "≤", ">=": "≥"}
    unit = interval.unit.replace("uIU", "µIU").replace("umol", "µmol").replace("ug", "µg").replace("um3", "µm³")
    unit = "" if unit == "1" else f" {unit}"
    if interval.low is not None and interval.high is not None:
        return f"{interval.low:g}–{interval.high:g}{unit}"
    bound = interval.low if interval.low is not None else interval.high
    return f"{signs.get(interval.op or '', interval.op)} {bound:g}{unit}"


def first_sentence(item: Item) -> str:
    """The first sentence of its stem; of an item without a stem its lead-in."""
    text = as_read(item.stem) or as_read(item.lead_in)
    sentence = _SENTENCE.split(text, maxsplit=1)[0]
    return sentence if len(sentence) <= MAX_SENTENCE else f"{sentence[:MAX_SENTENCE].rsplit(' ', 1)[0]} …"


def _how(making: _Making, hit: SearchHit) -> str:
    return hit.tier.name.lower() if making.found is not None else ""


def _item_row(making: _Making, hit: SearchHit) -> Row:
    item = making.shelf.items[hit.id]
    state = making.met.state_of(item.id)
    where, step = _steps(making, item)
    return Row(
        kind="item",
        id=item.id,
        title=first_sentence(item),
        where=where,
        status=STATUSES[item.status.value],
        snippet=making.snippet(hit, _TOLD if state == "told" else _SHOWN),
        how=_how(making, hit),
        state=state,
        address=making.address_of(item.id),
        step=step,
    )


def _model_row(making: _Making, hit: SearchHit) -> Row:
    head = making.shelf.models[hit.id]
    where, step = _steps(making, head)
    return Row(
        kind="model",
        id=head.id,
        title=making.shelf.title_of_model(head.id),
        where=where,
        status=STATUSES[head.status.value],
        snippet=making.snippet(hit, ("title",)),
        how=_how(making, hit),
        state=making.met.state_of(head.id),
        address=making.address_of(head.id),
        n_family=len(making.met.models.get(head.id, ())),
        step=step,
    )


def _steps(making: _Making, item: Item) -> tuple[str, str]:
    """The titles of the steps that it serves, and the one in which it is begun: that which is asked for, else its first."""
    pairs = [(entry.programme, entry.step) for entry in item.blueprint]
    pair = making.pair if making.pair in pairs else pairs[0]
    titles = [_step_title(making.shelf.content, one) for one in dict.fromkeys(pairs)]
    return ", ".join(titles), "/".join(pair)


def _takeaway_row(making: _Making, hit: SearchHit) -> Row:
    one = making.shelf.takeaways[hit.id]
    topic = topic_of(one, making.shelf.content)
    family = making.shelf.families.get(one.id, ())
    known = tuple(FamilyItem(item, address) for item in family if (address := making.address_of(item)))
    return Row(
        kind="takeaway",
        id=one.id,
        title=topic.name[:1].upper() + topic.name[1:],
        where=topic.area,
        snippet=making.snippet(hit, ("title",)),
        how=_how(making, hit),
        text=one.text,
        sources=one.sources,
        n_family=len(family),
        family=known,
    )


def _case_row(making: _Making, hit: SearchHit) -> Row:
    case = making.shelf.cases[hit.id]
    run: UUID | None = making.met.played.get(case.id)
    steps = (
        _step_title(making.shelf.content, (programme.name, step.name))
        for programme in making.shelf.content.programmes.values()
        for step in programme.steps
        if step.name.startswith(case.meta.level)
    )
    return Row(
        kind="case",
        id=case.id,
        title=case.title,
        where=next(steps, case.meta.level),
        status=REVIEW[case.meta.status],
        snippet=making.snippet(hit, ("title",)),
        how=_how(making, hit),
        state="told" if run else "new",
        address=debrief_url(run) if run else "",
    )


def _value_row(making: _Making, hit: SearchHit) -> Row:
    value = value_row(making.shelf.values[hit.id])
    return Row(kind="value", id=hit.id, title=value.name, how=_how(making, hit), value=value)


def _step_title(content: Content, pair: tuple[str, str]) -> str:
    programme = content.programmes.get(pair[0])
    step = programme.step(pair[1]) if programme else None
    return step.title if step else pair[1]
