"""What is read for the pages of the Match: the facts and simulations, once a content load, and what the record says."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from bedside.errors import BedsideError
from bedside.matching import NON_US_IMG, MatchFacts, Simulations, read_match
from bedside.pathway import Record
from bedside.site.accounts.models import User
from bedside.site.content import Content, current_content
from bedside.site.pathway.queries import record_of

TYPE_OF = {"us_md": "us_md_senior", "us_do": "us_do_senior"}
US = "US"


@dataclass(slots=True)
class _Shelf:
    content: Content | None = None
    found: tuple[MatchFacts, Simulations] | None = None


_SHELF = _Shelf()
_LOCK = Lock()


def the_match() -> tuple[MatchFacts, Simulations] | None:
    """The facts and simulations of the content as it is now; None where it has none.

    Raises:
        UsageError: they are damaged, or do not belong together.
    """
    content = current_content()
    with _LOCK:
        if _SHELF.content is not content:
            folder = content.folder / "match"
            _SHELF.found = read_match(folder) if folder.is_dir() else None
            _SHELF.content = content
        return _SHELF.found


def wishes_of(user: User) -> tuple[str, str]:
    """The specialty that a person's record aims at and the kind of applicant they are; empty where it does not say."""
    try:
        record = record_of(user)
    except BedsideError:  # the record's own page says what is wrong with it
        return "", ""
    return record.goals.specialty or "", _kind(record)


def _kind(record: Record) -> str:
    person = record.person
    if person.kind is None:
        return ""
    if person.kind.value != "img":
        return TYPE_OF.get(person.kind.value, "")
    if person.citizenship is None:
        return ""
    return "us_img" if US in person.citizenship else NON_US_IMG
