"""Withdrawing a journey, taking one out, and what keeps a place: what was withdrawn does not come back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from bedside.delivery import canonical
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.journeys import Note
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.journeys.models import JourneyReport, JourneyShare, LibraryJourney
from bedside.site.journeys.stock import in_library, library
from bedside.site.journeys.taking import Came, Taken, read_trusted, remove, take
from tests.support.journeys import journey, packed, packed_withdrawal, public_hex
from tests.support.sittings import T0
from tests.support.taking_journeys import OTHER, THEIRS, taken, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(own_data: Path) -> None:
    """No test trusts what another one trusted."""


def test_a_withdrawal_makes_the_journey_disappear_and_an_old_copy_is_refused() -> None:
    one = journey()
    taken(one)
    assert withdrawn(one.id) == Taken(one.id, Came.WITHDRAWN)
    assert library() == []
    assert LibraryJourney.objects.get().story == {}
    for copy in (one, replace(one, revision=9)):
        with pytest.raises(ConflictError, match="its owner withdrew"):
            taken(copy)
    assert sorted(AuditEntry.objects.values_list("verb", flat=True)) == ["journey_imported", "journey_withdrawn"]


def test_a_withdrawal_may_come_before_the_journey() -> None:
    one = journey()
    assert withdrawn(one.id).came is Came.KEPT
    with pytest.raises(ConflictError, match="its owner withdrew"):
        taken(one)
    assert library() == []


def test_a_withdrawal_by_another_key_keeps_nobodys_journey_out() -> None:
    one = journey()
    assert withdrawn(one.id, OTHER).came is Came.KEPT

    assert taken(one).came is Came.NEW
    assert [found.id for found in library()] == [one.id]


def test_what_was_taken_out_may_come_again_and_what_is_not_there_is_named() -> None:
    one = journey()
    taken(one)
    remove(one.id, actor=None, at=T0)
    assert library() == []
    with pytest.raises(NotFoundError, match="no journey"):
        remove(one.id, actor=None, at=T0)
    assert taken(one).came is Came.NEW


def test_what_a_moderator_hid_or_somebody_reported_is_not_taken_out() -> None:
    hidden, reported = journey(), journey()
    for one in (hidden, reported):
        taken(one)
    LibraryJourney.objects.filter(pk=hidden.id).update(hidden_at=T0)
    JourneyReport.objects.create(journey_id=reported.id, reason="A name.", reported_at=T0)
    for one in (hidden, reported):
        with pytest.raises(ConflictError, match="hidden or reported"):
            remove(one.id, actor=None, at=T0)
    assert LibraryJourney.objects.count() == 2


def test_a_withdrawal_closes_the_reports_of_what_is_gone() -> None:
    one = journey()
    taken(one)
    JourneyReport.objects.create(journey_id=one.id, reason="A name.", reported_at=T0)
    withdrawn(one.id)
    assert JourneyReport.objects.get().closed_at == T0


def test_naming_a_key_keeps_out_no_withdrawal_and_no_later_revision_of_what_is_known() -> None:
    one = journey()
    taken(one)
    later = packed(replace(one, revision=2), THEIRS)
    assert take(later, file="a", actor=None, at=T0, from_keys=[public_hex(OTHER)]).came is Came.REPLACED
    gone = packed_withdrawal(one.id, THEIRS)
    assert take(gone, file="w", actor=None, at=T0, from_keys=[public_hex(OTHER)]).came is Came.WITHDRAWN


def test_nobody_takes_the_place_of_a_journey_that_was_shared_from_here(user: User) -> None:
    one = journey()
    JourneyShare.objects.create(id=one.id, user=user, programme="exam", step="first", revision=1, shared_at=T0)
    with pytest.raises(ConflictError, match="under another key"):
        taken(one)


def test_a_row_that_can_not_be_read_any_longer_shuts_nothing() -> None:
    one, other = journey(), journey()
    for each in (one, other):
        taken(each)
    LibraryJourney.objects.filter(pk=other.id).update(story={"format": "bedside-journey/1"}, revision=7)
    assert [found.id for found in library()] == [one.id]
    assert in_library(other.id) is None


def test_the_same_withdrawal_twice_changes_nothing() -> None:
    one = journey()
    taken(one)
    withdrawn(one.id)
    assert withdrawn(one.id).came is Came.UNCHANGED
    assert LibraryJourney.objects.get().withdrawn_at == T0


def test_a_withdrawal_signed_by_another_key_is_refused() -> None:
    one = journey()
    taken(one)
    with pytest.raises(ConflictError, match="under another key"):
        withdrawn(one.id, OTHER)
    assert [found.id for found in library()] == [one.id]


def test_an_altered_withdrawal_is_refused() -> None:
    one = journey()
    taken(one)
    told = json.loads(packed_withdrawal(uuid4(), THEIRS))
    with pytest.raises(UsageError, match="does not fit"):
        take(canonical({**told, "id": str(one.id)}), file="w", actor=None, at=T0)
    assert len(library()) == 1


def test_a_journey_is_never_taken_for_a_withdrawal_by_its_words() -> None:
    signed = packed(journey(notes=(Note(0, "bedside-journey/1"),), name="bedside-journey-withdrawal/1"), THEIRS)
    relabeled = signed.replace(b'"format":"bedside-journey/1"', b'"format":"bedside-journey-withdrawal/1"')
    assert relabeled != signed
    with pytest.raises(UsageError, match=r"^a: "):
        read_trusted(relabeled, file="a")
