"""Changed keys are in the ledger: one that is altered, added or taken away afterwards is found by the check of any sitting."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from bedside.delivery import key_from_text
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.exam.bundles import make_bundle
from bedside.site.exam.ledger import current_head, verify_sitting
from bedside.site.exam.models import KeyChange, LedgerRow, ScoreVersion, Sitting
from bedside.site.exam.rescoring import rekey
from tests.support.site import Clock, Player, get, new_player
from tests.support.sittings import T0
from tests.support.soundness import assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    """An administrator."""
    return add_user("boss", password=None, at=T0, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def ended(client: Client, clock: Clock) -> Player:
    """A sitting that has ended."""
    player = new_player(client, clock, items=12)
    player.open_block()
    player.do("finished")
    return player


def item_of(player: Player) -> str:
    return min(Sitting.objects.get(pk=player.sitting).items.values_list("item", flat=True))


@pytest.fixture
def change(ended: Player, boss: User, clock: Clock) -> KeyChange:
    """A changed key of one of its items."""
    clock.pass_s(60)
    return rekey(item_of(ended), 1, key_from_text("C"), why="A misprint", by=boss, at=clock.now()).change


def problems_of(player: Player) -> tuple[str, ...]:
    return verify_sitting(Sitting.objects.get(pk=player.sitting)).problems


def run_sql(sql: str, *values: str | int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_changed_key_is_the_last_row_of_the_chain_and_verifies(ended: Player, change: KeyChange) -> None:
    last = LedgerRow.objects.order_by("-position")[0]

    assert (last.sitting_id, last.writer_id, last.hash) == (None, change.pk, current_head())
    assert problems_of(ended) == ()
    assert_sound(ended.sitting)
    # what arrives next goes on from it
    ended.take_over()
    assert_sound(ended.sitting, heads=[last.hash])


@pytest.mark.parametrize(
    "altered",
    [
        ("after", "D"),
        ("before", "A"),
        ("version", 2),
        ("item", "renal-9999"),
        ("why", "The committee said so"),
        ("by_id", None),
        ("at", "2026-03-02 08:00:00"),
    ],
)
def test_every_part_of_a_changed_key_that_is_altered_is_found(
    ended: Player, change: KeyChange, altered: tuple[str, Any]
) -> None:
    column, value = altered
    run_sql(f"UPDATE key_changes SET {column} = %s", value)

    [found] = problems_of(ended)

    assert found.startswith(f"change {change.pk} of the key of item")
    assert found.endswith("is not what was written down")


def test_one_that_is_taken_away_is_found(ended: Player, change: KeyChange) -> None:
    run_sql("UPDATE score_versions SET change_id = NULL")
    run_sql("DELETE FROM key_changes")

    assert problems_of(ended) == (f"change {change.pk} of a key is in the ledger, but its row is gone",)


def test_one_that_is_put_in_by_hand_is_found_in_every_sitting(ended: Player, client: Client, clock: Clock) -> None:
    made = KeyChange.objects.create(item="renal-0001", version=1, before="B", after="C", why="", by=None, at=T0)
    other = new_player(client, clock)

    for player in (ended, other):
        assert problems_of(player) == (f"change {made.pk} of the key of item renal-0001, version 1 is not in the ledger",)


def test_one_that_is_altered_before_any_score_rests_on_it_is_found(player: Player, boss: User, clock: Clock) -> None:
    items = player.open_block()
    rekey(items[0]["id"], 1, key_from_text("C"), why="A misprint", by=boss, at=clock.now())
    assert not ScoreVersion.objects.exists()

    run_sql("UPDATE key_changes SET after = %s", "D")

    assert len(problems_of(player)) == 1


def test_a_row_of_the_ledger_made_to_fit_breaks_the_chain(ended: Player, change: KeyChange) -> None:
    run_sql("UPDATE key_changes SET after = %s", "D")
    run_sql("UPDATE ledger_rows SET digest = %s WHERE sitting_id IS NULL", "0" * 64)

    assert any("its content is not what was hashed" in problem for problem in problems_of(ended))


def test_a_rekey_that_fails_leaves_the_ledger_as_it_was(
    ended: Player, boss: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (current_head(), LedgerRow.objects.count())
    monkeypatch.setattr("bedside.site.exam.rescoring.audit", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        rekey(item_of(ended), 1, key_from_text("C"), why="A misprint", by=boss, at=clock.now())

    assert (current_head(), LedgerRow.objects.count()) == before
    assert problems_of(ended) == ()


def test_the_log_that_a_candidate_reads_holds_no_row_of_a_changed_key(ended: Player, change: KeyChange) -> None:
    told = get(ended.client, f"{ended.path}/events")

    assert str(change.pk) not in str(told)
    assert LedgerRow.objects.get(sitting=None).digest not in str(told)


def test_changed_keys_of_before_they_were_bound_get_their_rows_once(ended: Player, boss: User, clock: Clock) -> None:
    make_bundle(Sitting.objects.get(pk=ended.sitting).pk, at=clock.now())
    for after, seconds in (("C", 1), ("D", 2)):
        KeyChange.objects.create(
            item=item_of(ended), version=1, before="B", after=after, why="x", by=boss, at=T0.replace(second=seconds)
        )
    assert len(problems_of(ended)) == 2

    migration = import_module("bedside.site.exam.migrations.0005_salts_and_bound_changes")
    migration.bind_changes(apps, connection.schema_editor())

    assert problems_of(ended) == ()
    assert LedgerRow.objects.filter(sitting=None).count() == 2
