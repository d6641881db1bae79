"""A person's own notes on items: what was noted in a sitting and what was written later, brought together.

The log of a sitting keeps what was noted in it; a note that is changed outside has a row of its own. Of all of them the last
counts, and an empty one says that there is none any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.exam.models import Response, SittingEvent, SittingItem
from bedside.site.exam.sealed import see_unsealed
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.reflection.models import ItemNote

MAX_CHARACTERS = 4000  # as in a sitting
SHOWN = 200  # notes on the page


@dataclass(frozen=True, slots=True)
class Note:
    """What a person noted on an item last. `sitting` is that in which they met it last and may see its key; None: none."""

    item: str
    text: str
    changed_at: datetime
    sitting: UUID | None = None
    position: int | None = None
    seen: Delivered | None = None

    @property
    def gist(self) -> str:
        """The beginning of the item's own words, by which it is known again."""
        return f"{self.seen.stem} {self.seen.lead_in}".strip() if self.seen else self.item


def notes_of(user: User, *, words: str = "") -> list[Note]:
    """The notes on items whose keys the person was shown, the newest first; those that hold all of the words, in the note or
    in the item."""
    texts = {name: note for name, note in _latest(user).items() if note.text}
    met = _met(user, texts)
    found = [
        Note(name, note.text, note.changed_at, held.sitting_id, held.position, delivered_from_text(held.item_version.text))
        for name, note in texts.items()
        if (held := met.get(name)) is not None
    ]
    sought = words.casefold().split()
    found = [note for note in found if all(word in f"{note.text} {note.gist}".casefold() for word in sought)]
    return sorted(found, key=lambda note: (note.changed_at, note.item), reverse=True)


def notes_on(user: User, items: Collection[str]) -> Mapping[str, Note]:
    """The notes that stand on these items. The caller has seen to it that the person may see the items' keys."""
    return {name: note for name, note in _latest(user, items).items() if note.text}


def change_note(user: User, item: str, text: str, *, at: datetime) -> None:
    """Write the note on an item anew; an empty text removes it.

    Raises:
        SealedError: a proctored sitting of theirs is under way.
        NotFoundError: they have met no such item, or were not shown its key.
        UsageError: the text is too long.
    """
    see_unsealed(user.pk, at)
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"a note has at most {MAX_CHARACTERS} characters")
    if "\0" in item or item not in _met(user, [item]):
        raise NotFoundError(f'there is no item "{item[:120]}" whose key you were shown')
    with one_write():
        ItemNote.objects.update_or_create(
            user=user, item=item, defaults={"text": text, "changed_at": at}, create_defaults=_new(text, at)
        )


def _new(text: str, at: datetime) -> dict[str, Any]:
    return {"id": uuid4(), "text": text, "changed_at": at}


def _latest(user: User, items: Collection[str] | None = None) -> dict[str, Note]:
    events = SittingEvent.objects.filter(sitting__user=user, type="noted", outcome="accepted")
    rows = ItemNote.objects.filter(user=user)
    if items is not None:
        names = list(items)
        met = SittingItem.objects.filter(sitting__user=user, item__in=names).values("sitting")  # by their index: few of many
        events, rows = events.filter(sitting__in=met, body__item__in=names), rows.filter(item__in=names)
    told = [Note(str(body["item"]), str(body["text"]).strip(), at) for body, at in events.values_list("body", "effective_at")]
    told += [Note(item, text, at) for item, text, at in rows.values_list("item", "text", "changed_at")]
    return {note.item: note for note in sorted(told, key=lambda note: (note.changed_at, note.text))}


def _met(user: User, items: Collection[str]) -> dict[str, SittingItem]:
    """The item as it was met last in a sitting in which its key was shown."""
    return {held.item: held for held in _shown_to(user).filter(item__in=list(items)).order_by("sitting__created_at")}


def _shown_to(user: User) -> QuerySet[SittingItem]:
    answered = Exists(Response.objects.filter(sitting=OuterRef("sitting"), item=OuterRef("item"), mode="tutor"))
    rows = SittingItem.objects.filter(Q(sitting__is_disclosed=True) | answered, sitting__user=user)
    return rows.exclude(sitting__state="voided").select_related("item_version")
