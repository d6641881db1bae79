"""Front and back of a card from its note: the template filled, then cleaned; a covered picture as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bedside.anki import occlusion
from bedside.anki.cleaning import MediaUrl, clean_html, media_name, no_media
from bedside.anki.cloze import numbers_in
from bedside.anki.picture_sizes import Size
from bedside.anki.records import Card, Note, NoteType, Skipped, Template
from bedside.anki.skips import Skips
from bedside.anki.template import Situation, fill, plain
from bedside.errors import TooLargeError

SizeOf = Callable[[str], Size | None]
IsKept = Callable[[str], bool]

_PICTURE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*(?:\"([^\"]{1,400})\"|'([^']{1,400})'|([^\s\"'<>]{1,400}))", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://|//", re.IGNORECASE)
_TYPED = re.compile(r"\{\{[^{}]*\btype:")
_GAP = '<span class="cloze">[...]</span>'
_NEVER_SHOWN = "is of a kind that no page shows; it is kept, for the way back"
_PLACE = "bedside-covered-picture"
_NOTHING = "<span></span>"  # a field that is drawn elsewhere: not empty, and nothing to see
_SHOWN = ("<img", "<audio", "<video", "<svg")
_FREE_CHARACTERS = 64 * 1024 * 1024
_DRAWN_A_CHARACTER = 60  # a note with thirty deletions shows its text sixty times


@dataclass(frozen=True, slots=True)
class Sides:
    """A card as it is shown: HTML that is safe to put into a page."""

    front: str
    back: str


def no_sizes(_: str) -> Size | None:
    """Knows no picture."""
    return None


def keeps_nothing(_: str) -> bool:
    """Keeps no file."""
    return False


class Drawer:
    """Draws the cards of one deck, and names what can't be drawn."""

    def __init__(
        self,
        file: str,
        *,
        media_url: MediaUrl = no_media,
        size_of: SizeOf = no_sizes,
        is_kept: IsKept = keeps_nothing,
        skips: Skips | None = None,
    ) -> None:
        """`is_kept` tells of a file without an address whether it is there all the same; `skips` takes what can't be drawn."""
        self.file = file
        self._is_kept = is_kept
        self._media_url = media_url
        self._size_of = size_of
        self._skips = Skips() if skips is None else skips
        self._n_drawn = 0
        self._n_read = 0

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be shown as it is in Anki."""
        return self._skips.listed()

    def draw(self, note: Note, card: Card) -> Sides:
        """Front and back of a card.

        Raises:
            TooLargeError: the templates of the deck make far more text than its notes hold.
        """
        if card is note.cards[0]:
            self._n_read += sum(map(len, note.fields))
        if self._n_drawn > _FREE_CHARACTERS + _DRAWN_A_CHARACTER * self._n_read:
            raise TooLargeError(self.file, "the templates of the deck make far more text than its notes hold; it was stopped")
        return self.draw_fields(note.note_type, note.named_fields, card.ord, note.tags, card.deck, where=f"note {note.id}")

    def draw_fields(
        self, note_type: NoteType, fields: Sequence[tuple[str, str]], ord_: int, tags: Sequence[str], deck: str, *, where: str
    ) -> Sides:
        """Front and back of the card `ord_` of a note with these fields."""
        template = note_type.template_of(ord_)
        if template is None:
            return Sides("", "")
        values = dict(fields)
        front_cover = self._covered(note_type, values, ord_ + 1, where, is_question=True)
        back_cover = self._covered(note_type, values, ord_ + 1, where, is_question=False) if front_cover else None
        if front_cover:
            values = _with_place(note_type, values)
        specials = _specials(note_type, template.name, tags, deck)

        def missing(name: str) -> None:
            place = f'note type "{note_type.name}", card "{template.name}"'
            self._skips.add(place, f'its template names the field "{name}", which it has not')

        def situation(front: str, *, is_question: bool) -> Situation:
            return Situation(values, specials, ord_ + 1, is_question, note_type.is_cloze, front, missing)

        raw_front = fill(template.front, situation("", is_question=True))
        raw_back = fill(template.back, situation(raw_front, is_question=False))
        self._n_drawn += len(raw_front) + len(raw_back)
        front, back = self._clean(raw_front, where), self._clean(raw_back, where)
        if front_cover and back_cover:
            # the front inside a back shows the picture once, uncovered
            front, back = _put(front, front_cover), _put(back, back_cover)
        if not _shows(front):
            front = self._front_without_words(note_type, template, fields, ord_, where)
        return Sides(front, back)

    def _front_without_words(
        self, note_type: NoteType, template: Template, fields: Sequence[tuple[str, str]], ord_: int, where: str
    ) -> str:
        """What stands for a front that shows nothing: a place to type in, or the first field that shows something."""
        if note_type.is_cloze and ord_ not in numbers_in(text for _, text in fields):
            self._skips.add(f"{where}, card {ord_ + 1}", "its gap is no longer in the note, so it asks nothing")
            return ""
        if _TYPED.search(template.front):
            return _GAP
        return next((drawn for _, text in fields if _shows(drawn := self._clean(_without_cloze(text), where))), "")

    def _clean(self, text: str, where: str) -> str:
        def absent(kind: str, name: str) -> None:
            if self._is_kept(name):
                self._skips.add(f'{where}, {kind} "{name[:120]}"', _NEVER_SHOWN)
            elif _ELSEWHERE.match(name):
                self._skips.add(f'{where}, {kind} "{name[:120]}"', "lies on another site, and is not fetched")
            elif name:
                self._skips.add(f'{where}, {kind} "{name[:120]}"', "is not in the package")
            else:
                self._skips.add(f"{where}, {kind}", "lies on another site or in the text itself, and is not taken")

        return clean_html(text, media_url=self._media_url, absent=absent)

    def _covered(
        self, note_type: NoteType, values: Mapping[str, str], number: int, where: str, *, is_question: bool
    ) -> str | None:
        """The covered picture of a card as SVG, or None where the note has none or it can't be drawn."""
        if note_type.is_cloze and any("image-occlusion:" in text for text in values.values()):
            shapes = [shape for text in values.values() for shape in occlusion.shapes_in(text)]
            name = next((found for text in values.values() if (found := _first_picture(text))), "")
            place = self._placed(name, where)
            if not shapes or place is None:
                return None
            label = plain(values.get("Header", "")) or name
            return occlusion.draw(shapes, number, address=place[0], size=place[1], label=label, is_question=is_question)
        if occlusion.is_enhanced(values):
            mask = _first_picture(values["Question Mask" if is_question else "Answer Mask"])
            place = self._placed(_first_picture(values["Image"]), where)
            mask_address = self._media_url(mask) if mask else None
            if place is None or mask_address is None:
                return None
            label = plain(values.get("Header", "")) or "picture"
            return occlusion.layered([place[0], mask_address], size=place[1], label=label)
        return None

    def _placed(self, name: str, where: str) -> tuple[str, Size] | None:
        address, size = (self._media_url(name), self._size_of(name)) if name else (None, None)
        if address is None or size is None:
            why = "the picture is not in the package" if address is None else "the size of the picture can't be read"
            self._skips.add(f"{where}, masks", f"{why}, so nothing can be covered")
            return None
        return address, size


def draw_card(
    note_type: NoteType,
    fields: Sequence[tuple[str, str]],
    ord_: int,
    *,
    tags: Sequence[str] = (),
    deck: str = "",
    media_url: MediaUrl = no_media,
    size_of: SizeOf = no_sizes,
) -> Sides:
    """Front and back of one card of a note, as after a change of its text."""
    return Drawer("", media_url=media_url, size_of=size_of).draw_fields(note_type, fields, ord_, tags, deck, where="the note")


def _with_place(note_type: NoteType, values: Mapping[str, str]) -> dict[str, str]:
    """The fields with the picture's place marked, and without what is drawn as shapes."""
    if not note_type.is_cloze:
        masks = {name for name in values if name.endswith(" Mask")}
        return {name: _PLACE if name == "Image" else _NOTHING if name in masks else text for name, text in values.items()}
    found, is_placed = {}, False
    for name, text in values.items():
        if "image-occlusion:" in text:
            found[name] = _NOTHING
        elif not is_placed and _first_picture(text):
            found[name], is_placed = _PLACE, True
        else:
            found[name] = text
    return found


def _put(side: str, picture: str) -> str:
    """The picture in its place, once, or at the end where the template has no place for it."""
    head, sign, rest = side.partition(_PLACE)
    return f"{head}{picture}{rest.replace(_PLACE, '')}" if sign else f"{side}{picture}"


def _specials(note_type: NoteType, template: str, tags: Sequence[str], deck: str) -> dict[str, str]:
    return {
        "Tags": " ".join(tags),
        "Type": note_type.name,
        "Deck": deck,
        "Subdeck": deck.rpartition("::")[2],
        "Card": template,
        "CardFlag": "",
        "CardID": "",
    }


def _first_picture(text: str) -> str:
    found = _PICTURE.search(text)
    if found is None:
        return ""
    from_html = (found[1] or found[2] or found[3]).replace("&amp;", "&").replace("&quot;", '"').replace("&#39;", "'")
    return media_name(from_html)


def _shows(side: str) -> bool:
    return any(part in side for part in _SHOWN) or bool(plain(side))


def _without_cloze(text: str) -> str:
    return "" if "{{c" in text else text
