"""What a person does over weeks, made for tests: rows of every kind that goes out in their file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from bedside.site.accounts.actions import add_user, update_profile
from bedside.site.accounts.models import User
from bedside.site.cards.drawing import card_key
from bedside.site.cards.media import keep_file
from bedside.site.cards.models import Card, CardMedia, Note, NoteType
from bedside.site.carrying.archive import MANIFEST
from bedside.site.carrying.bringing import Brought, import_person
from bedside.site.carrying.rows import Codec, rows_of
from bedside.site.carrying.tables import TABLES
from bedside.site.carrying.writing import Written, export_person
from bedside.site.journeys.models import JourneyNote, JourneyStart
from bedside.site.passing.models import PracticeScore
from bedside.site.pathway.models import PathwayRecord, PathwayRecordVersion
from bedside.site.planning.models import StudyCalendar, StudyGoal, StudySpent
from bedside.site.reflection.models import ErrorReason, ItemNote, ItemReport
from bedside.site.road.models import RoadChoice, RoadMove
from bedside.site.study.log import add_missing
from bedside.site.study.models import StudyFit, StudyReview, StudyWithdrawal
from bedside.site.study.zones import keep_zone
from bedside.study import DEFAULTS, Grade, Origin, Review, card, takeaway
from tests.support.papers import one_of_each
from tests.support.servers import Server
from tests.support.sittings import T0

NAMESPACE = UUID("2f4c8f2e-0e0b-4f36-9f6d-2f4f1a7b9c55")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
LATER = timedelta(days=400)


def same_id(*parts: object) -> UUID:
    """The same id on every machine."""
    return uuid5(NAMESPACE, "\0".join(map(str, parts)))


@dataclass
class Machine:
    """A server with one person, "ada"; everything is done `at_work`."""

    server: Server
    folder: Path
    n_files: int = 0
    name: str = "ada"
    user_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        with self.server.at_work():
            self.user_id = add_user(self.name, password=None, at=T0).pk

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.user_id)

    def do(self, deed: Callable[[User], object]) -> None:
        with self.server.at_work():
            deed(self.user)

    def export(self, **how: Any) -> Path:
        self.n_files += 1
        path = self.folder / f"{self.server.home.name}-{self.n_files}.zip"
        self.written: Written
        with self.server.at_work():
            self.written = export_person(self.user, path, at=T0 + LATER, **how)
        return path

    def bring(self, path: Path, **how: Any) -> Brought:
        with self.server.at_work():
            return import_person(self.user, path, at=T0 + LATER, **how)

    def rows(self) -> dict[str, list[str]]:
        """All that is carried of tables, as text; what only this server says is left out."""
        with self.server.at_work():
            return {table.name: rows_told(self.user, table.name) for table in TABLES}


def rows_told(user: User, name: str) -> list[str]:
    """The rows of one table as a file has them, without what only the server says."""
    (table,) = (one for one in TABLES if one.name == name)
    rows = rows_of(user, table, Codec(table, T0))
    return sorted(
        json.dumps({key: value for key, value in row.items() if key not in table.of_server}, sort_keys=True) for row in rows
    )


# --- deeds ------------------------------------------------------------------------------------------------------------------


def reviews(n: int, *, salt: str = "", start: datetime = T0) -> Callable[[User], None]:
    """So many reviews of takeaways and cards."""

    def deed(user: User) -> None:
        made = []
        for number in range(n):
            subject = card(same_id("card", number % 5)) if number % 2 else takeaway(f"renal.t{number % 7}")
            at = start + timedelta(hours=17 * number)
            made.append(Review(same_id(salt, "review", number), subject, Grade(1 + number % 4), at, Origin.CARD, "x"))
        add_missing(user, made, kept_at=start)

    return deed


def take_back(number: int, *, salt: str = "") -> Callable[[User], None]:
    """Take the review of that number back, where it is here and was not."""

    def deed(user: User) -> None:
        pk = same_id(salt, "review", number)
        if StudyReview.objects.filter(pk=pk).exists() and not StudyWithdrawal.objects.filter(review_id=pk).exists():
            StudyWithdrawal.objects.create(review_id=pk, at=T0)

    return deed


def note(number: int, text: str, *, at: datetime = T0, is_removed: bool = False) -> Callable[[User], None]:
    """Write a note with one card, or change it."""

    def deed(user: User) -> None:
        key = same_id("note", number)
        told = {
            "kind": "basic",
            "fields": [["Front", text], ["Back", "b"]],
            "tags": ["renal"],
            "words": text,
            "made_at": T0,
            "changed_at": at,
            "removed_at": at if is_removed else None,
        }
        row, _ = Note.objects.update_or_create(user=user, key=key, defaults=told)
        told_card = {"note": row, "ord": 0, "front": f"<p>{text}</p>", "back": "<p>b</p>", "changed_at": at}
        Card.objects.update_or_create(user=user, key=card_key(key, 0), defaults=told_card)

    return deed


def item_note(item: str, text: str, *, at: datetime = T0) -> Callable[[User], object]:
    """A note on an item."""
    return lambda user: ItemNote.objects.update_or_create(user=user, item=item, defaults={"text": text, "changed_at": at})


def profile(minutes: int, *, at: datetime = T0) -> Callable[[User], object]:
    """Say how many minutes a day."""
    return lambda user: update_profile(user, at=at, minutes_a_day=minutes, first_name=f"Ada {minutes}")


def whole_life(user: User) -> None:
    """A row of every kind."""
    reviews(40)(user)
    take_back(3)(user)
    note(1, "What is the anion gap?")(user)
    item_note("renal-0001", "look at the **gap** first")(user)
    profile(45)(user)
    keep_zone(user, "America/Chicago", at=T0)
    _rows_of_cards(user)
    _rows_of_planning(user)
    _rows_of_journey(user)
    _rows_of_pathway(user)
    one_of_each(user, (same_id("letter"), same_id("experience"), same_id("statement"), same_id("draft")), at=T0)
    _rows_of_reflection(user)
    StudyFit.objects.create(
        id=same_id("fit"),
        user=user,
        fitted_on=T0.date(),
        n_reviews=400,
        parameters=list(DEFAULTS.values),
        loss_before=0.4,
        loss_after=0.3,
    )


def _rows_of_cards(user: User) -> None:
    kind = NoteType.objects.create(
        user=user, key=same_id("type"), name="Basic", kind="standard", fields=["Front"], templates=[], changed_at=T0
    )
    Note.objects.create(
        user=user,
        key=same_id("note", "anki"),
        kind="anki",
        notetype=kind,
        fields=[["Front", "<b>x</b>"]],
        origin="anki",
        made_at=T0,
        changed_at=T0,
    )
    digest, n_bytes = keep_file([PNG])
    CardMedia.objects.create(user=user, name="x.png", sha256=digest, media_type="image/png", n_bytes=n_bytes, made_at=T0)


def _rows_of_planning(user: User) -> None:
    StudyCalendar.objects.create(user=user, weekday_minutes=[30] * 7, days_off=[["2026-04-01", "2026-04-03"]], changed_at=T0)
    StudyGoal.objects.create(user=user, key=same_id("goal"), programme="usmle", step="step2", changed_at=T0)
    PracticeScore.objects.create(
        user=user,
        key=same_id("practice"),
        programme="usmle",
        step="step1",
        name="A practice test",
        on=T0.date(),
        score=231.5,
        cut=196,
        error=6,
        spread=20,
        changed_at=T0,
    )
    StudySpent.objects.create(
        id=same_id("spent"), user=user, on=T0.date(), kind="new", seconds=90, of="renal-0001", at=T0, kept_at=T0
    )


def _rows_of_journey(user: User) -> None:
    told = {"age": "50 and over", "trained_in": "IN", "work_hours": "20 to 40"}
    before = {"coaching": "none", "career": "something else", "tries": "one"}
    JourneyStart.objects.create(user=user, **told, **before, changed_at=T0)
    JourneyNote.objects.create(user=user, key=same_id("journey"), on=T0.date(), text="The first day.", changed_at=T0)


def _rows_of_pathway(user: User) -> None:
    said = {"person": {"kind": "img", "degree": {"date": "2021-05-30"}}, "goals": {"states": ["TX"]}}
    PathwayRecord.objects.create(user=user, record=said, changed_at=T0)
    PathwayRecordVersion(id=same_id("pathway"), user=user, record=said, at=T0).save(force_insert=True)
    RoadMove.objects.create(user=user, milestone="step1", day=T0.date(), changed_at=T0)
    RoadChoice.objects.create(user=user, choice="visa", way="h1b", changed_at=T0)


def _rows_of_reflection(user: User) -> None:
    ErrorReason.objects.create(
        id=same_id("reason"),
        user=user,
        sitting=same_id("s"),
        item="renal-0001",
        item_version=1,
        reason="misread",
        chosen="A",
        at=T0,
    )
    ItemReport.objects.create(
        id=same_id("report"),
        user=user,
        sitting=same_id("s"),
        item="renal-0001",
        item_version=1,
        hash="0" * 64,
        part="key",
        text="B is right as well",
        at=T0,
    )


# --- files ------------------------------------------------------------------------------------------------------------------


def members(path: Path) -> dict[str, bytes]:
    """The members of a file."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(path: Path, changes: Mapping[str, bytes | None], *, is_honest: bool = True) -> Path:
    """A file with some members changed, added, or (None) taken out; an honest one has a manifest that fits."""
    kept = {**members(path), **changes}
    found = {name: text for name, text in kept.items() if text is not None}
    if is_honest and MANIFEST not in changes:
        told = json.loads(found[MANIFEST])
        told["members"] = {
            name: {
                "bytes": len(text),
                "sha256": hashlib.sha256(text).hexdigest(),
                **({"rows": text.count(b"\n")} if name.startswith("rows/") else {}),
            }
            for name, text in found.items()
            if name != MANIFEST
        }
        found[MANIFEST] = json.dumps(told).encode()
    out = path.with_name(f"{uuid4().hex}.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in found.items():
            packed.writestr(name, text)
    return out


def lines(path: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a file."""
    return [json.loads(line) for line in members(path)[f"rows/{table}.jsonl"].splitlines()]


def with_lines(path: Path, table: str, rows: list[dict[str, Any]]) -> Path:
    """A file with other rows in a table."""
    return repacked(path, {f"rows/{table}.jsonl": b"".join(json.dumps(row).encode() + b"\n" for row in rows)})
