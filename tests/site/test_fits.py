"""Parameters fitted to a person, and what they remember kept beside a log that grows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from unittest.mock import patch
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.study import fits, log
from bedside.site.study.fits import fit_if_due, keep_snapshot, parameters_of
from bedside.site.study.log import add_missing, entries_of, memories_of
from bedside.site.study.models import StudyFit, StudyReview, StudySnapshot, StudyWithdrawal
from bedside.site.study.snapshots import packed, unpacked
from bedside.site.study.zones import keep_zone
from bedside.study import DEFAULTS, Fit, Grade, Origin, Parameters, Review, Subject, replay, takeaway
from tests.support.examples import examples
from tests.support.people import person
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
UTC_ZONE = ZoneInfo("UTC")
DAY = timedelta(days=1)


def reviews_of(n_subjects: int, n_each: int, *, start: datetime = T0) -> list[Review]:
    """Each subject some times, at growing distances; every fifth recall fails."""
    numbers = count(1)
    return [
        Review(
            uuid4(),
            takeaway(f"renal.t{subject:03d}"),
            Grade.AGAIN if next(numbers) % 5 == 0 else Grade.GOOD,
            start + (2**n + subject % 7) * DAY,
            Origin.ITEM,
        )
        for subject in range(n_subjects)
        for n in range(n_each)
    ]


def fitted(value: float = 0.5, *, on: datetime = T0) -> Fit:
    """A trial that was worth it."""
    return Fit(Parameters((value, *DEFAULTS.values[1:]), 400, on.date()), 0.5, 0.4)


def test_nothing_is_fitted_to_fewer_than_400_reviews(user: User) -> None:
    add_missing(user, reviews_of(57, 7), kept_at=T0)

    assert fit_if_due(user, at=T0 + 200 * DAY) is None
    assert parameters_of(user.pk) == DEFAULTS


def test_what_a_successful_trial_found_is_used_from_then_on(user: User) -> None:
    add_missing(user, reviews_of(58, 7), kept_at=T0)
    before = memories_of(user.pk, UTC_ZONE)
    with patch.object(fits, "fit", return_value=fitted()):
        row = fit_if_due(user, at=T0 + 200 * DAY)

    assert row is not None
    assert parameters_of(user.pk).values[0] == 0.5
    after = memories_of(user.pk, UTC_ZONE)
    assert after == replay(entries_of(user.pk), parameters_of(user.pk), UTC_ZONE).memories()
    assert after != before


def test_a_real_trial_keeps_what_it_measured(user: User) -> None:
    add_missing(user, reviews_of(80, 7), kept_at=T0)
    row = fit_if_due(user, at=T0 + 200 * DAY)

    assert row is not None
    assert row.n_reviews == 560
    assert row.loss_before is not None
    assert row.loss_after is not None
    assert bool(row.parameters) == (row.loss_after < row.loss_before)


def test_a_trial_that_was_not_better_changes_nothing_and_is_not_made_again_that_day(user: User) -> None:
    add_missing(user, reviews_of(58, 7), kept_at=T0)
    with patch.object(fits, "fit", return_value=Fit(DEFAULTS, 0.4, 0.5)):
        assert fit_if_due(user, at=T0 + 200 * DAY) is not None
    add_missing(user, reviews_of(10, 7), kept_at=T0)

    assert parameters_of(user.pk) == DEFAULTS
    assert fit_if_due(user, at=T0 + 200 * DAY) is None
    assert fit_if_due(user, at=T0 + 201 * DAY) is not None


def test_a_log_that_has_hardly_grown_is_not_fitted_again(user: User) -> None:
    add_missing(user, reviews_of(58, 7), kept_at=T0)
    fit_if_due(user, at=T0 + 200 * DAY)
    add_missing(user, reviews_of(1, 7), kept_at=T0)

    assert fit_if_due(user, at=T0 + 203 * DAY) is None


def test_of_two_trials_the_one_of_the_later_day_counts_whichever_came_here_first(user: User) -> None:
    for day, value in ((5, 0.7), (3, 0.2)):
        StudyFit.objects.create(
            user=user,
            fitted_on=(T0 + day * DAY).date(),
            n_reviews=400,
            parameters=[value, *DEFAULTS.values[1:]],
            loss_before=0.5,
            loss_after=0.4,
        )

    assert parameters_of(user.pk).values[0] == 0.7


def test_a_review_of_somebody_else_is_refused_and_nothing_is_added(user: User) -> None:
    theirs, mine = reviews_of(1, 2)
    add_missing(person("bob"), [theirs], kept_at=T0)

    with pytest.raises(ConflictError, match=str(theirs.uuid)):
        add_missing(user, [mine, theirs], kept_at=T0)
    assert not StudyReview.objects.filter(user=user).exists()


# --- snapshots ------------------------------------------------------------------------------------------------------------


def forget(user: User) -> None:
    """As a process that has just begun."""
    log._KEPT.pop(user.pk, None)


def test_a_short_log_needs_no_snapshot_and_a_long_one_gets_a_new_one_when_it_has_grown(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_missing(user, reviews_of(10, 5), kept_at=T0)
    assert not keep_snapshot(user)

    monkeypatch.setattr(fits, "MIN_SNAPSHOT", 20)
    monkeypatch.setattr(fits, "SNAPSHOT_AFTER", 10)
    assert keep_snapshot(user)
    assert not keep_snapshot(user)
    add_missing(user, reviews_of(2, 5), kept_at=T0 + DAY)
    assert keep_snapshot(user)
    assert StudySnapshot.objects.get().n_reviews == 60


def test_a_snapshot_of_another_zone_is_not_used(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "MIN_SNAPSHOT", 20)
    add_missing(user, reviews_of(10, 5), kept_at=T0)
    keep_snapshot(user)
    forget(user)
    keep_zone(user, "Pacific/Honolulu", at=T0)
    zone = ZoneInfo("Pacific/Honolulu")

    assert memories_of(user.pk, zone) == replay(entries_of(user.pk), DEFAULTS, zone).memories()


def test_after_a_snapshot_only_what_came_since_is_replayed(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "MIN_SNAPSHOT", 20)
    add_missing(user, reviews_of(10, 5), kept_at=T0)
    keep_snapshot(user)
    forget(user)
    add_missing(user, reviews_of(2, 1, start=T0 + 60 * DAY), kept_at=T0 + DAY)
    with patch.object(log, "replay", side_effect=AssertionError("replayed")):
        memories = memories_of(user.pk, UTC_ZONE)

    assert memories == replay(entries_of(user.pk), DEFAULTS, UTC_ZONE).memories()


class Deeds:
    """What can happen to a log, in any order: a review now or of long ago, one taken back, a snapshot, a new process."""

    KINDS = ("review", "old", "withdraw", "snapshot", "forget", "ask")

    def __init__(self, user: User) -> None:
        self.user, self.at = user, T0 + 50 * DAY
        self.kept: list[UUID] = []

    def do(self, kind: str, subject: int, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        match kind:
            case "review" | "old":
                self._review(subject, self.at if kind == "review" else self.at - 40 * DAY)
            case "withdraw" if self.kept:
                self._withdraw(self.kept[subject % len(self.kept)])
            case "snapshot":
                keep_snapshot(self.user)
            case "forget":
                forget(self.user)
            case _:
                memories_of(self.user.pk, UTC_ZONE)

    def _review(self, subject: int, at: datetime) -> None:
        review = Review(uuid4(), takeaway(f"renal.t{subject}"), Grade(1 + subject % 4), at, Origin.CARD)
        add_missing(self.user, [review], kept_at=self.at)
        self.kept.append(review.uuid)

    def _withdraw(self, review: UUID) -> None:
        if not StudyWithdrawal.objects.filter(review_id=review).exists():
            StudyWithdrawal.objects.create(review_id=review, at=self.at)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(Deeds.KINDS), st.integers(0, 6), st.sampled_from([0, 5, 2000])), max_size=25))
def test_what_is_kept_equals_the_log_replayed_whatever_happened(deeds: list[tuple[str, int, int]]) -> None:
    user = person(f"ada{uuid4().hex[:12]}")
    deed = Deeds(user)
    with patch.object(fits, "MIN_SNAPSHOT", 1), patch.object(fits, "SNAPSHOT_AFTER", 1):
        for kind, subject, minutes in deeds:
            deed.do(kind, subject, minutes)

    assert memories_of(user.pk, UTC_ZONE) == replay(entries_of(user.pk), DEFAULTS, UTC_ZONE).memories()


@given(st.integers(0, 40))
def test_memories_come_back_from_their_bytes_as_they_were(n: int) -> None:
    memories = replay(reviews_of(n, 3), DEFAULTS, UTC_ZONE).memories()

    assert unpacked(packed(memories)) == memories
    assert all(isinstance(subject, str) for subject in memories)


def test_a_subject_whose_only_review_was_taken_back_is_forgotten(user: User) -> None:
    review = reviews_of(1, 1)[0]
    add_missing(user, [review], kept_at=T0)
    assert memories_of(user.pk, UTC_ZONE).keys() == {Subject("takeaway:renal.t000")}
    StudyWithdrawal.objects.create(review_id=review.uuid, at=T0)

    assert memories_of(user.pk, UTC_ZONE) == {}
