"""What the bank teaches as notes for Anki: takeaways with gaps, and questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from bedside.anki import Card, CardState, Note, Skipped
from bedside.bank import Item, Takeaway
from bedside.site.content import Content
from bedside.site.decks.html_out import field_of, line_of
from bedside.site.decks.types_out import QUESTION, TAKEAWAY

TAKEAWAY_DECK, QUESTION_DECK = "Bedside::Takeaways", "Bedside::Questions"
NUMBERS_FROM = 1_500_000_000_000  # of the notes and cards; they only have to differ within one file

_GAP = re.compile(r"\{\{(.+?)\}\}")
_BLANK = re.compile(r"\s+")


@dataclass(slots=True)
class Taught:
    """Notes of the bank, the files they show by name, and what could not be made a card."""

    notes: list[Note] = field(default_factory=list)
    media: dict[str, Path] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def taught_notes(content: Content, *, with_takeaways: bool, with_items: bool, at: datetime) -> Taught:
    """The notes, takeaways first, each in the order of its names."""
    taught = Taught()
    numbers = count(NUMBERS_FROM)
    items = [item for _, item in sorted(content.items.items()) if not item.is_imported]
    at_s = int(at.timestamp())
    if with_takeaways:
        tags = _tags_by_takeaway(items)
        for name, takeaway in sorted(content.bank.takeaways.items()):
            if takeaway.cloze is None or not _GAP.search(takeaway.cloze):
                taught.skipped.append(Skipped(f"takeaway {name}", "it has no sentence with gaps; its questions teach it"))
            else:
                taught.notes.append(_takeaway_note(takeaway, tags.get(name, ()), numbers, at_s))
    if with_items:
        for item in items:
            taught.notes.append(_question_note(item, content, numbers, at_s))
            taught.media.update({file.name: file.source for file in item.all_media})
    return taught


def with_numbered_gaps(cloze: str) -> str:
    """`{{gap}}` as Anki's numbered deletions: each gap is a card."""
    numbers = count(1)
    return _GAP.sub(lambda gap: f"{{{{c{next(numbers)}::{gap[1]}}}}}", cloze)


def _takeaway_note(takeaway: Takeaway, tags: Iterable[str], numbers: Iterator[int], at_s: int) -> Note:
    cloze = takeaway.cloze or ""
    own = [
        _tag(programme, axis, code)
        for programme, axes in takeaway.codes.items()
        for axis, codes in axes.items()
        for code in codes
    ]
    fields = (
        line_of(with_numbered_gaps(cloze)),
        line_of(takeaway.text),
        "<br>".join(line_of(source) for source in takeaway.sources),
        takeaway.id,
    )
    n_cards = len(_GAP.findall(cloze))
    return Note(
        id=next(numbers),
        guid=f"bedside:takeaway:{takeaway.id}",
        note_type=TAKEAWAY,
        fields=fields,
        tags=tuple(dict.fromkeys([*own, *tags])),
        changed_at_s=at_s,
        cards=tuple(_new_card(next(numbers), ord_, TAKEAWAY_DECK) for ord_ in range(n_cards)),
    )


def _question_note(item: Item, content: Content, numbers: Iterator[int], at_s: int) -> Note:
    media = item.all_media
    before = [field_of(text, media) for text in item.earlier]
    if item.stimulus is not None:
        before.insert(0, field_of(item.stimulus.text, media))
    options = "".join(f"<li>{line_of(option.text, media)}</li>" for option in item.options)
    explanations = "".join(
        f"<p><b>{option.letter}</b></p>{field_of(option.explanation, media)}" for option in item.options if option.explanation
    )
    if item.answer is not None:
        explanations = field_of(item.answer.explanation, media)
    keys = "".join(f"<p><b>{one.letter}. {line_of(one.text, media)}</b></p>" for one in item.options if one.is_key)
    takeaways = [content.bank.takeaways[name].text for name in item.takeaways if name in content.bank.takeaways]
    fields = (
        "".join([*before, field_of(item.stem, media), f"<p>{line_of(item.lead_in, media)}</p>"]),
        f"<ol type=A>{options}</ol>" if options else "",
        keys or f"<p><b>{line_of(item.shown_key)}</b></p>",
        explanations,
        "<br>".join(line_of(text) for text in takeaways),
        "<br>".join(line_of(source) for source in item.sources),
        item.id,
    )
    return Note(
        id=next(numbers),
        guid=f"bedside:item:{item.id}",
        note_type=QUESTION,
        fields=fields,
        tags=tuple(dict.fromkeys(_item_tags(item))),
        changed_at_s=at_s,
        cards=(_new_card(next(numbers), 0, QUESTION_DECK),),
    )


def _new_card(number: int, ord_: int, deck: str) -> Card:
    return Card(
        id=number,
        ord=ord_,
        deck=deck,
        state=CardState.NEW,
        is_suspended=False,
        is_buried=False,
        interval_days=0,
        ease_permille=0,
        n_reviews=0,
        n_lapses=0,
        flag=0,
    )


def _item_tags(item: Item) -> list[str]:
    """Programme, step, axis and code, as levels: `usmle::step1::system::renal`."""
    return [
        _tag(entry.programme, entry.step, axis, code)
        for entry in item.blueprint
        for axis, codes in entry.codes.items()
        for code in codes
    ]


def _tags_by_takeaway(items: Iterable[Item]) -> dict[str, list[str]]:
    """The tags of the items that carry a takeaway are its own too."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        for name in item.takeaways:
            found.setdefault(name, {}).update(dict.fromkeys(_item_tags(item)))
    return {name: sorted(tags) for name, tags in found.items()}


def _tag(*levels: str) -> str:
    return "::".join(_BLANK.sub("_", level) for level in levels)
