"""The form in which a note is written, read without trusting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.cards.actions import put_media
from bedside.site.cards.drawing import OWN_FIELDS
from bedside.site.cards.media import MAX_PICTURE_BYTES, MAX_SOUND_BYTES
from bedside.site.cards.models import Note

MAX_FILE_BYTES = max(MAX_PICTURE_BYTES, MAX_SOUND_BYTES)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form. `key` is of the note that it makes or changes."""

    key: UUID
    kind: str
    fields: tuple[tuple[str, str], ...]
    tags: str
    deck: str

    @property
    def tag_list(self) -> list[str]:
        return self.tags.split()


def empty(asked: QueryDict) -> Written:
    """A new note; the address may say its kind, deck and tags, so that the next one begins like the last."""
    kind = asked.get("kind", "basic")
    kind = kind if kind in OWN_FIELDS else "basic"
    texts = tuple((name, "") for name in OWN_FIELDS[kind])
    return Written(uuid4(), kind, texts, asked.get("tags", "")[:500], asked.get("deck", "")[:300])


def of_note(note: Note) -> Written:
    """A note as it is kept."""
    return Written(note.key, note.kind, tuple((name, text) for name, text in note.fields), " ".join(note.tags), note.deck)


def read(request: HttpRequest, user: User, before: Written | None, *, at: datetime) -> Written:
    """The form as it was sent, its files kept and named at the end of the fields that they came with.

    Raises:
        UsageError: the key is none, or a file is no picture or sound, or too large.
    """
    told = request.POST
    kind = before.kind if before else told.get("kind", "")
    names = [name for name, _ in before.fields] if before else list(OWN_FIELDS.get(kind, OWN_FIELDS["basic"]))
    try:
        key = before.key if before else UUID(told.get("key", ""))
    except ValueError:
        raise UsageError("the form has lost its key; open it again") from None
    fields = []
    for place, name in enumerate(names):
        text = told.get(f"field-{place}", "")
        file = request.FILES.get(f"file-{place}")
        if file is not None:
            if file.size is None or file.size > MAX_FILE_BYTES:
                raise UsageError(f"the file is over the limit of {MAX_FILE_BYTES // 1024**2} MB")
            row = put_media(user, file.name or "picture", file.read(), at=at)
            text = _with_file(text, row.name, is_html=kind == "anki", is_sound=row.media_type.startswith("audio/"))
        fields.append((name, text))
    return Written(key, kind, tuple(fields), told.get("tags", ""), told.get("deck", ""))


def _with_file(text: str, name: str, *, is_html: bool, is_sound: bool) -> str:
    if is_html:
        return text + (f"[sound:{name}]" if is_sound else f'<img src="{name}">')
    stem = name.rpartition(".")[0]
    return f"{text.rstrip()}\n\n![{stem}](media:{name})".lstrip()
