"""What a person does with cards of their own: write, change, remove, bring back, set aside, and give pictures and sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Sum

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cards.drawing import OWN_FIELDS, Drawn, card_key, draw, media_named, words_of
from bedside.site.cards.imported import draw_imported
from bedside.site.cards.media import keep_file, kind_of
from bedside.site.cards.models import MOST_NEW_A_DAY, Card, CardMedia, CardSettings, Note
from bedside.site.cards.names import checked_deck, checked_fields, checked_tags, media_name
from bedside.site.database import one_write
from bedside.site.exam.sealed import see_unsealed

MAX_MEDIA_BYTES = 2 * 1024**3  # of one person, where others use the same server; one's own computer has its own limit

Fields = Sequence[tuple[str, str]]


def make_note(
    user: User,
    *,
    kind: str,
    fields: Fields,
    tags: Sequence[str] = (),
    deck: str = "",
    origin: str = "own",
    key: UUID | None = None,
    at: datetime,
) -> Note:
    """Write a note of one's own, with its cards. `kind` is "basic", "reversed" or "cloze", and says the names of the fields.

    With the `key` of a note that is there already nothing is made: a form that was sent twice makes one note.

    Raises:
        UsageError: a text is too long, a side is empty, or there is no gap.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    if kind not in OWN_FIELDS:
        raise UsageError(f'a note of one\'s own is one of {", ".join(OWN_FIELDS)}, not "{kind[:20]}"')
    kept = _Texts(checked_fields(kind, fields), checked_tags(tags), checked_deck(deck))
    drawn = draw(kind, kept.fields, media_of(user, media_named(kept.fields)))
    with one_write():
        there = Note.objects.filter(user=user, key=key).first() if key else None
        if there is not None:
            return there
        note = Note(user=user, key=key or uuid4(), kind=kind, origin=origin, made_at=at, changed_at=at)
        _fill(note, kept)
        note.save(force_insert=True)
        Card.objects.bulk_create([_card(note, one, at) for one in drawn])
    return note


def change_note(user: User, key: UUID, *, fields: Fields, tags: Sequence[str], deck: str, at: datetime) -> Note:
    """Change the words of a note. Its cards keep what is remembered; one whose gap is gone is removed, until the gap is back.

    Raises:
        NotFoundError: they have no such note.
        UsageError: a text is too long, a side is empty, or there is no gap.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    note = note_of(user, key)
    kept = _Texts(checked_fields(note.kind, fields, of=note), checked_tags(tags), checked_deck(deck))
    drawn = draw_any(note, kept.fields, kept.tags, kept.deck)
    with one_write():
        _fill(note, kept)
        note.changed_at = at
        note.save()
        _redraw(note, drawn, at)
    return note


def remove_note(user: User, key: UUID, *, at: datetime) -> None:
    """Take a note and its cards away; they stay among the removed ones.

    Raises:
        NotFoundError: they have no such note.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    note = note_of(user, key)
    with one_write():
        if note.removed_at is None:
            Card.objects.filter(note=note, removed_at=None).update(removed_at=at, changed_at=at)
            Note.objects.filter(pk=note.pk).update(removed_at=at, changed_at=at)


def bring_back(user: User, key: UUID, *, at: datetime) -> None:
    """Bring a removed note back, with its cards as they were.

    Raises:
        NotFoundError: they have no such note.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    note = note_of(user, key)
    with one_write():
        if note.removed_at is not None:
            # a card that had lost its gap before was removed at another time, and stays so
            Card.objects.filter(note=note, removed_at=note.removed_at).update(removed_at=None, changed_at=at)
            Note.objects.filter(pk=note.pk).update(removed_at=None, changed_at=at)


def suspend(user: User, key: UUID, *, is_suspended: bool = True, at: datetime) -> None:
    """Set a card aside: it is not asked until it is taken up again.

    Raises:
        NotFoundError: they have no such card.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    cards = Card.objects.filter(user=user, key=key)
    with one_write():
        if not cards.exists():
            raise NotFoundError("you have no such card")
        cards.filter(suspended_at__isnull=is_suspended).update(suspended_at=at if is_suspended else None, changed_at=at)


def put_media(user: User, name: str, data: bytes, *, at: datetime) -> CardMedia:
    """Keep a picture or a sound under a name by which notes can show it. The same bytes under the same name are kept once.

    Raises:
        UsageError: the bytes are no picture or sound, too large, or more than the person may keep.
        StoreError: the disk refuses.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    kind = kind_of(data)
    if not settings.IS_LOCAL and bytes_kept(user) + len(data) > MAX_MEDIA_BYTES:
        raise UsageError(f"your pictures and sounds would be over the limit of {MAX_MEDIA_BYTES // 1024**2:,} MB in all")
    sha256, n_bytes = keep_file([data])
    with one_write():
        row, _ = CardMedia.objects.get_or_create(
            user=user,
            name=media_name(name, kind.ending),
            sha256=sha256,
            defaults={
                "media_type": kind.media_type,
                "n_bytes": n_bytes,
                "width": kind.width,
                "height": kind.height,
                "made_at": at,
            },
        )
    return row


def set_new_a_day(user: User, n: int, *, at: datetime) -> None:
    """Say how many new cards may come a day.

    Raises:
        UsageError: less than none, or more than anybody could.
    """
    if not 0 <= n <= MOST_NEW_A_DAY:
        raise UsageError(f"the new cards of a day must be from 0 to {MOST_NEW_A_DAY}")
    with one_write():
        CardSettings.objects.update_or_create(user=user, defaults={"new_a_day": n, "changed_at": at})


def draw_any(note: Note, fields: list[list[str]], tags: list[str], deck: str) -> Sequence[Drawn]:
    """The cards that a note would have with these texts.

    Raises:
        UsageError: it would ask nothing.
    """
    if note.kind == "anki":
        return draw_imported(note, fields, tags, deck, media_of(note.user))
    return draw(note.kind, fields, media_of(note.user, media_named(fields)))


def note_of(user: User, key: UUID) -> Note:
    """The note of that key.

    Raises:
        NotFoundError: they have none.
    """
    note = Note.objects.select_related("notetype").filter(user=user, key=key).first()
    if note is None:
        raise NotFoundError("you have no such note")
    return note


def media_of(user: User, names: set[str] | None = None) -> Mapping[str, CardMedia]:
    """The pictures and sounds of those names, or all; of two of one name the newer."""
    if names is not None and not names:
        return {}
    rows = CardMedia.objects.filter(user=user) if names is None else CardMedia.objects.filter(user=user, name__in=names)
    return {row.name: row for row in rows.order_by("made_at", "sha256")}


class _Texts:
    """What a note says, checked."""

    def __init__(self, fields: list[list[str]], tags: list[str], deck: str) -> None:
        self.fields, self.tags, self.deck = fields, tags, deck


def _fill(note: Note, kept: _Texts) -> None:
    note.fields, note.tags, note.deck = kept.fields, kept.tags, kept.deck
    note.words = words_of(kept.fields, kept.tags, kept.deck)


def _redraw(note: Note, drawn: Sequence[Drawn], at: datetime) -> None:
    there = {card.ord: card for card in Card.objects.filter(note=note)}
    for one in drawn:
        card = there.pop(one.ord, None) or _card(note, one, at)
        card.front, card.back, card.changed_at = one.front, one.back, at
        card.removed_at = note.removed_at
        card.save()
    Card.objects.filter(pk__in=[card.pk for card in there.values() if card.removed_at is None]).update(
        removed_at=at, changed_at=at
    )


def _card(note: Note, one: Drawn, at: datetime) -> Card:
    key = card_key(note.key, one.ord)
    return Card(user=note.user, note=note, key=key, ord=one.ord, front=one.front, back=one.back, changed_at=at)


def bytes_kept(user: User) -> int:
    """The bytes of a person's pictures and sounds."""
    return CardMedia.objects.filter(user=user).aggregate(n=Sum("n_bytes"))["n"] or 0
