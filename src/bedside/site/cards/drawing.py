"""The cards of a note: which there are, and what each shows.

Own notes are written in Markdown (bold, lists, tables, pictures as `![words](media:NAME)`), with gaps where they have any.
What is made here is HTML of known kinds; a page shows it through `showing.shown` all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from bedside.bank import MediaFile, render_blocks
from bedside.errors import UsageError
from bedside.site.cards.clozes import MAX_GAPS, answered, asked, gaps_in, numbers_in
from bedside.site.cards.media import MEDIA_URL
from bedside.site.cards.models import CardMedia
from bedside.site.cards.showing import plain_text

OWN_FIELDS: Mapping[str, tuple[str, str]] = {
    "basic": ("Front", "Back"),
    "reversed": ("Front", "Back"),
    "cloze": ("Text", "Extra"),
}
PARTING = "<hr>"
MOST_WORDS = 10_000  # characters of a note that a search looks through
MOST_DRAWN = 120_000  # characters of a text with gaps times its gaps: it is drawn once for each

_BEGIN, _END = "\ue000", "\ue001"  # around a gap while its text is Markdown; of the private use area, and taken out of texts
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_NAMED = re.compile(r"\(\s*media:([^()]*)\)")  # blanks around the name are taken off afterwards: a pattern would try each


@dataclass(frozen=True, slots=True)
class Drawn:
    """One card of a note: its place among them, and HTML of its sides. The back holds the front as well, as with Anki."""

    ord: int
    front: str
    back: str


def card_key(note: UUID, ord_: int) -> UUID:
    """The key of a card, the same on every machine."""
    return uuid5(note, str(ord_))


def draw(kind: str, fields: Sequence[Sequence[str]], media: Mapping[str, CardMedia]) -> tuple[Drawn, ...]:
    """The cards of one's own note.

    Raises:
        UsageError: it asks nothing: a side is empty, or there is no gap.
    """
    texts = {name: _PRIVATE.sub("", text) for name, text in fields}
    if kind == "cloze":
        return _cloze(texts.get("Text", ""), texts.get("Extra", ""), media)
    front, back = (_blocks(texts.get(name, ""), media) for name in OWN_FIELDS["basic"])
    if not front or not back:
        raise UsageError("both sides of a card need words or a picture")
    sides = [(front, back)] if kind == "basic" else [(front, back), (back, front)]
    return tuple(Drawn(ord_, asks, f"{asks}{PARTING}{says}") for ord_, (asks, says) in enumerate(sides))


def media_named(fields: Sequence[Sequence[str]]) -> set[str]:
    """The names of the pictures and sounds that own texts show."""
    return {name for _, text in fields for name in _names_in(text)}


def words_of(fields: Sequence[Sequence[str]], tags: Sequence[str], deck: str) -> str:
    """What a search looks through: tags between separators, then the text without markup, in small letters."""
    plain = " ".join(plain_text(text) for _, text in fields)
    marked = "".join(f"\x1f{_CONTROL.sub(' ', tag)}" for tag in tags)
    return f"{marked}\x1f{_CONTROL.sub(' ', f'{deck} {plain}')[:MOST_WORDS]}".lower()


def _cloze(text: str, extra: str, media: Mapping[str, CardMedia]) -> tuple[Drawn, ...]:
    parts = gaps_in(text)
    numbers = numbers_in(parts)
    if not numbers:
        raise UsageError("a card with gaps needs at least one, written as {{c1::what is asked for}}")
    if len(numbers) > MAX_GAPS:
        raise UsageError(f"{len(numbers)} gaps are more than a note can have, which is {MAX_GAPS}")
    if len(numbers) * len(text) > MOST_DRAWN:
        raise UsageError(f"{len(numbers)} gaps are too many for so long a text; make two notes of it")
    below = _blocks(extra, media)
    return tuple(
        Drawn(
            number - 1,
            _with_gaps(_blocks(asked(parts, number, begin=_BEGIN, end=_END), media)),
            _with_gaps(_blocks(answered(parts, number, begin=_BEGIN, end=_END), media)) + (PARTING + below if below else ""),
        )
        for number in numbers
    )


def _with_gaps(drawn: str) -> str:
    return drawn.replace(_BEGIN, '<span class="cloze">').replace(_END, "</span>")


def _blocks(text: str, media: Mapping[str, CardMedia]) -> str:
    named = [media[name] for name in _names_in(text) if name in media]
    return render_blocks(text.strip(), media=tuple(_file(row) for row in named), media_url=MEDIA_URL, with_figures=False)


def _names_in(text: str) -> list[str]:
    return [found.strip() for found in _NAMED.findall(text)]


def _file(row: CardMedia) -> MediaFile:
    # what a sound is called decides whether it is drawn as one; its address follows from its name, as in `media_url`
    return MediaFile(row.name, row.sha256, row.n_bytes, Path(), row.width, row.height)
