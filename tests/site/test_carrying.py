"""All that a person owns, out in one file and back on another machine."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from bedside.errors import ConflictError, StoreError
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.cards.media import media_path
from bedside.site.cards.models import Card, CardMedia, Note
from bedside.site.carrying.rows import Codec
from bedside.site.carrying.tables import NOT_CARRIED, TABLES
from bedside.site.carrying.writing import export_person
from bedside.site.planning.models import StudyCalendar
from bedside.site.reflection.models import ItemNote
from bedside.site.study.log import memories_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from tests.support import lives
from tests.support.lives import Machine
from tests.support.people import person
from tests.support.servers import Servers
from tests.support.sittings import T0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]


@pytest.fixture
def home(servers: Servers, tmp_path: Path) -> Machine:
    """A machine on which "ada" has done something of every kind."""
    machine = Machine(servers.new(), tmp_path)
    machine.do(lives.whole_life)
    return machine


@pytest.fixture
def away(servers: Servers, tmp_path: Path) -> Machine:
    """Another, on which she has done nothing."""
    return Machine(servers.new(), tmp_path)


def test_every_kind_of_row_comes_back_as_it_was(home: Machine, away: Machine) -> None:
    brought = away.bring(home.export())

    assert home.rows() == away.rows()
    without_rows = {name for name, rows in home.rows().items() if not rows}
    assert without_rows <= {"card_settings", "case_runs", "case_commands"}
    assert (brought.counts["reviews"].n_new, brought.counts["withdrawals"].n_new) == (40, 1)


def test_what_is_remembered_is_the_same_on_both_machines(home: Machine, away: Machine) -> None:
    away.bring(home.export())

    found = []
    for machine in (home, away):
        with machine.server.at_work():
            found.append(memories_of(machine.user_id, zone_of(machine.user_id)))
    assert found[0] == found[1] != {}


def test_a_second_time_changes_nothing(home: Machine, away: Machine) -> None:
    path = home.export()
    away.bring(path)
    before = away.rows()
    brought = away.bring(path)

    assert brought.changes_nothing
    assert brought.counts["reviews"].n_known == 40
    assert away.rows() == before
    assert home.bring(path).changes_nothing


def test_pictures_come_back_with_their_bytes(home: Machine, away: Machine) -> None:
    away.bring(home.export())

    with away.server.at_work():
        assert media_path(CardMedia.objects.get().sha256).read_bytes() == lives.PNG


def test_a_picture_whose_file_is_gone_is_named_and_the_rest_goes(home: Machine, away: Machine) -> None:
    with home.server.at_work():
        media_path(CardMedia.objects.get().sha256).unlink()
    away.bring(home.export())

    assert [one.what.startswith("the picture") for one in home.written.left_out] == [True]
    with away.server.at_work():
        assert not CardMedia.objects.exists()
        assert Note.objects.count() == 2


def test_a_trial_says_what_would_come_and_writes_nothing(home: Machine, away: Machine) -> None:
    before = away.rows()
    brought = away.bring(home.export(), is_dry_run=True)

    assert brought.counts["reviews"].n_new == 40
    assert away.rows() == before
    with away.server.at_work():
        assert not AuditEntry.objects.filter(verb="person_brought_back").exists()
        assert not (Path(settings.DATA) / "card_media").exists()


def test_what_was_changed_later_holds_on_both_machines(home: Machine, away: Machine) -> None:
    away.bring(home.export())
    later = T0 + timedelta(days=1)
    home.do(lives.note(1, "home, later", at=later))
    away.do(lives.item_note("renal-0001", "away, later", at=later))
    away.do(lives.profile(90, at=later))
    away.bring(home.export())
    home.bring(away.export())

    assert home.rows() == away.rows()
    with home.server.at_work():
        assert Card.objects.get(note__kind="basic").front == "<p>home, later</p>"
        assert ItemNote.objects.get().text == "away, later"
        assert (home.user.first_name, home.user.profile.minutes_a_day) == ("Ada 90", 90)


def test_what_was_removed_stays_removed(home: Machine, away: Machine) -> None:
    away.bring(home.export())
    before = away.export()
    home.do(lives.note(1, "gone", at=T0 + timedelta(days=1), is_removed=True))
    away.bring(home.export())
    home.bring(before)

    for machine in (home, away):
        with machine.server.at_work():
            assert Note.objects.get(kind="basic").removed_at is not None


def test_a_review_that_says_something_else_is_refused_by_name_and_nothing_is_written(home: Machine, away: Machine) -> None:
    away.do(lives.reviews(41))  # the same ids
    path = home.export()
    rows = lives.lines(path, "reviews")
    rows[7]["grade"] = 1 + rows[7]["grade"] % 4
    before = away.rows()

    with pytest.raises(ConflictError, match=f"line 8: {rows[7]['id']} is here with another grade"):
        away.bring(lives.with_lines(path, "reviews", rows))
    assert away.rows() == before


def test_what_is_somebody_elses_here_is_never_touched(home: Machine, servers: Servers, tmp_path: Path) -> None:
    path = home.export()
    with home.server.at_work():
        bob = person("bob")
    home.user_id = bob.pk

    with pytest.raises(ConflictError, match="belongs to somebody else here"):
        home.bring(path)


def test_a_file_for_another_name_needs_a_word(home: Machine, away: Machine) -> None:
    path = home.export()
    with pytest.raises(ConflictError, match='made for "ada", not for "eve"'):
        away.bring(path, named="eve")

    assert away.bring(path).whose == "ada"


def test_both_machines_may_have_taken_the_same_review_back(home: Machine, away: Machine) -> None:
    away.do(lives.reviews(40))
    away.do(lives.take_back(3))
    away.do(lives.take_back(4))
    away.bring(home.export())
    home.bring(away.export())

    assert home.rows()["withdrawals"] == away.rows()["withdrawals"]
    assert len(home.rows()["withdrawals"]) == 2


def test_tables_for_reading_hold_no_formula(home: Machine) -> None:
    home.do(lives.item_note("renal-0002", "=1+1"))
    text = lives.members(home.export())["read/item_notes.csv"].decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["text"] for row in rows} == {"look at the **gap** first", "'=1+1"}


def test_a_failed_export_leaves_what_was_there_and_nothing_beside(home: Machine, tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    path.write_bytes(b"older")
    with (
        home.server.at_work(),
        patch("bedside.site.carrying.writing.rows_of", side_effect=OSError(28, "No space left on device")),
        pytest.raises(StoreError, match="No space left"),
    ):
        export_person(home.user, path, at=T0)

    assert path.read_bytes() == b"older"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_store_that_refuses_in_the_middle_leaves_nothing_of_the_file(home: Machine, away: Machine) -> None:
    path = home.export()
    before = away.rows()
    with patch("bedside.site.carrying.bringing._see_commands", side_effect=StoreError("full")), pytest.raises(StoreError):
        away.bring(path)

    assert away.rows() == before


def test_the_deed_stands_in_the_audit_log(home: Machine, away: Machine) -> None:
    away.bring(home.export())

    with away.server.at_work():
        (entry,) = AuditEntry.objects.filter(verb="person_brought_back")
        assert (entry.subject, entry.detail["made_for"]) == (str(away.user_id), "ada")
    with home.server.at_work():
        assert AuditEntry.objects.filter(verb="person_exported", subject=str(home.user_id)).exists()


def test_a_profile_that_was_never_changed_gives_way(home: Machine, away: Machine) -> None:
    with home.server.at_work():
        StudyCalendar.objects.all().delete()
    away.do(lambda user: StudyCalendar.objects.create(user=user, changed_at=T0))
    home.bring(away.export())

    with home.server.at_work():
        assert StudyCalendar.objects.count() == 1
        assert home.user.profile.minutes_a_day == 45


def test_every_model_of_a_person_is_carried_or_named_with_a_reason() -> None:
    carried = {table.model_label for table in TABLES}
    owned = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model is not User and field.related_model is User
    }
    assert {"study.StudyReview", "cards.Note", "reflection.ErrorReason"} <= owned
    assert owned - carried - NOT_CARRIED.keys() == set()
    assert carried & NOT_CARRIED.keys() == set()


def test_every_field_of_a_table_can_be_read_back() -> None:
    for table in TABLES:
        names = Codec(table, T0).names
        assert set(table.of_server) <= set(names), table.name
        assert set(table.stamp) <= set(names) or table.merge.value == "same", table.name
        assert {field.name for field in table.model._meta.concrete_fields} >= table.left_out | table.local, table.name


def test_the_manifest_says_what_is_in_the_file(home: Machine) -> None:
    found = lives.members(home.export())
    told = json.loads(found["manifest.json"])

    assert told["format"] == "bedside-person/1"
    assert told["user"]["name"] == "ada"
    assert told["members"]["rows/reviews.jsonl"]["rows"] == 40
    assert told["members"].keys() == found.keys() - {"manifest.json"}
    assert StudyReview.objects.count() == 0  # the test's own database was left alone
