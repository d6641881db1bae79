"""The cards of a note that came from Anki, drawn by the templates of its note type when its words are changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bedside.anki import NoteType as DeckNoteType
from bedside.anki import Template, cloze_numbers, draw_card
from bedside.errors import UsageError
from bedside.site.cards.drawing import Drawn
from bedside.site.cards.media import media_url
from bedside.site.cards.models import CardMedia, Note, NoteType


def draw_imported(
    note: Note, fields: Sequence[Sequence[str]], tags: Sequence[str], deck: str, media: Mapping[str, CardMedia]
) -> Sequence[Drawn]:
    """The cards of the note with these texts: those that it has, or one for each gap.

    Raises:
        UsageError: its note type is not known, or there is no gap left.
    """
    if note.notetype is None:
        raise UsageError("the words of this card can't be changed: what kind of note it is was not kept")
    kind = _kind(note.notetype)
    texts = [(name, text) for name, text in fields]
    ords = _ords(note, kind, texts)
    if not ords:
        raise UsageError("a card with gaps needs at least one, written as {{c1::what is asked for}}")

    def address(name: str) -> str | None:
        row = media.get(name)
        return media_url(row.name, row.sha256) if row else None

    def size(name: str) -> tuple[int, int] | None:
        row = media.get(name)
        return (row.width, row.height) if row and row.width and row.height else None

    found = []
    for ord_ in ords:
        sides = draw_card(kind, texts, ord_, tags=tags, deck=deck, media_url=address, size_of=size)
        found.append(Drawn(ord_, sides.front, sides.back))
    return found


def _ords(note: Note, kind: DeckNoteType, texts: Sequence[tuple[str, str]]) -> list[int]:
    if kind.is_cloze:
        return cloze_numbers(text for _, text in texts)
    return sorted(note.cards.values_list("ord", flat=True))


def _kind(kept: NoteType) -> DeckNoteType:
    templates = tuple(Template(one.get("name", ""), one.get("front", ""), one.get("back", "")) for one in kept.templates)
    return DeckNoteType(kept.anki_id or 0, kept.name, kept.kind != "standard", tuple(kept.fields), templates)
