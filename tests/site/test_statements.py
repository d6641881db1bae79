"""The statements that are compiled once write and read what the ORM would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from bedside.site.exam.models import LedgerRow, Response, Server, SittingEvent, SittingItem, Snapshot, Sync, Writer
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.statements import among, insert, key, new, padded, select, update, upsert
from tests.support.site import Player

pytestmark = pytest.mark.django_db

WRITTEN = (SittingRow, SittingItem, Writer, Sync, SittingEvent, LedgerRow, Snapshot, Response, Server)


def _as_stored(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return sorted(map(tuple, cursor.fetchall()), key=repr)


@pytest.mark.parametrize("model", WRITTEN)
def test_a_row_is_stored_as_the_orm_would_store_it(model: Any, player: Player) -> None:
    items = player.open_block()
    for number in range(20):
        player.do("answered", item=items[number % 4]["id"], choice=["A"], ms=5)
    rows = list(model.objects.all())
    assert rows
    before = _as_stored(model._meta.db_table)
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    update(rows, *names)  # every field of every row, with the value that it has
    assert _as_stored(model._meta.db_table) == before


@pytest.mark.parametrize("model", WRITTEN)
def test_a_row_is_read_as_the_orm_would_read_it(model: Any, player: Player) -> None:
    player.open_block()
    names = [field.name for field in model._meta.concrete_fields]
    order = f"ORDER BY {connection.ops.quote_name(model._meta.pk.column)}"
    by_orm = {row.pk: {name: row.__dict__[name] for name in _attributes(model)} for row in model.objects.all()}
    by_statement = {
        row.pk: {name: row.__dict__[name] for name in _attributes(model)} for row in select(model, names, order, ())
    }
    assert by_statement == by_orm


def _attributes(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def test_an_instant_of_any_zone_is_stored_as_utc(player: Player) -> None:
    writer = Writer.objects.get(kind="player")
    at = datetime(2026, 11, 24, 12, 30, 0, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    for moment in (at, datetime(2026, 11, 24, 7, 0, tzinfo=UTC)):  # with microseconds and without
        writer.last_at = moment
        update([writer], "last_at")
        assert Writer.objects.get(pk=writer.pk).last_at == moment
        (read,) = select(Writer, ("id", "last_at"), "WHERE id = %s", [key(writer.pk)])
        assert read.last_at == moment


def test_fields_that_were_not_asked_for_are_read_when_they_are_touched(player: Player) -> None:
    (row,) = select(SittingRow, ("id", "n_items"), "WHERE id = %s", [key(UUID(player.sitting))])
    assert row.get_deferred_fields() >= {"form", "filter", "state"}
    assert row.delivery_form().blocks[0].limit_s == 360


def test_a_row_that_exists_has_only_the_named_fields_changed(player: Player) -> None:
    items = player.open_block()
    player.do("answered", item=items[0]["id"], choice=["A"], ms=5)
    kept = Response.objects.get()
    other = Response.objects.get()
    other.pk = UUID(int=1)
    other.choice, other.ms = "C", 99
    upsert([other], by=("sitting", "item"), change=("choice",))
    now = Response.objects.get()
    assert (now.pk, now.choice, now.ms) == (kept.pk, "C", kept.ms)


def test_a_row_that_breaks_a_rule_is_refused(player: Player) -> None:
    event = SittingEvent.objects.get(type="form_fixed")
    event.pk = None
    with pytest.raises(IntegrityError):
        insert([event])


def test_no_rows_ask_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert([])
        upsert([], by=("sitting",), change=("arrival",))
        update([], "choice")


@pytest.mark.parametrize("model", [Writer, Sync, SittingEvent, LedgerRow, Response])
def test_a_new_row_is_what_the_model_makes(model: Any) -> None:
    by_model, by_statement = model(), new(model)
    for name in _attributes(model):
        given, expected = by_statement.__dict__[name], by_model.__dict__[name]
        assert given == expected or (isinstance(given, UUID) and isinstance(expected, UUID))  # drawn anew for each
    assert by_statement._state.adding
    assert new(Sync, number=7).number == 7


def test_a_field_that_was_not_loaded_is_not_written(player: Player) -> None:
    (row,) = select(SittingRow, ("id", "n_items"), "WHERE id = %s", [key(UUID(player.sitting))])
    with pytest.raises(KeyError, match="state"):
        update([row], "state")


@pytest.mark.parametrize(("n", "size"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (64, 64), (65, 128)])
def test_values_for_a_search_are_filled_up_to_a_power_of_two(n: int, size: int) -> None:
    values = padded(list(range(n)))
    assert (len(values), set(values)) == (size, set(range(n)))


def test_rows_are_found_among_values(player: Player) -> None:
    events = list(SittingEvent.objects.order_by("arrival"))
    wanted = [event.sitting_id for event in events[:1]]
    for column, values in (("type", ["form_fixed", "no such"]), ("sitting_id", [key(wanted[0])]), ("seq", [1, 2, 1, 7, 8])):
        condition, parameters = among(column, values)
        found = {row.pk for row in select(SittingEvent, ("id",), f"WHERE {condition}", parameters)}
        known = {event.pk for event in SittingEvent.objects.filter(**{f"{column}__in": values})}
        assert found == known
        assert found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps the statements it was given by itself")
def test_a_statement_that_is_asked_again_is_planned_once(player: Player) -> None:
    for sitting in (player.sitting, str(UUID(int=0))):
        select(SittingRow, ("id", "n_items"), "WHERE id = %s", [key(UUID(sitting))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_sql FROM pg_prepared_statements WHERE statement LIKE '%%\"n_items\" FROM%%'")
        assert len(cursor.fetchall()) == 1
