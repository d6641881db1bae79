"""Where a person stands before an exam: abilities by area from all answers and practice scores, and the chance to pass.

Reckoned once for each state of the log and kept in this process, since Today, the plan and the progress pages all ask for it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from bedside.measure import (
    Ability,
    AbilityMotion,
    AnswerHistory,
    EvidenceFloor,
    OutsideScore,
    Readiness,
    TooLittle,
    ability_after,
    ability_on,
    evidence_of,
    first_ability,
    form_outcome,
    readiness_of,
)
from bedside.site.accounts.models import User
from bedside.site.blueprint import Blueprint
from bedside.site.content import Content
from bedside.site.passing.answers import answers_of
from bedside.site.passing.forecast import PassForecast, met_shares
from bedside.site.passing.pool import StepPool, pool_of
from bedside.site.passing.practice_scores import outside_scores, scores_state
from bedside.study import Area, Floats, Known

MOTION = AbilityMotion()
FLOOR = EvidenceFloor()
MOST_KEPT = 40  # people and steps


@dataclass(frozen=True, slots=True)
class Passing:
    """What is believed on the study day `on`, and the answer to "would I pass?": a chance, or what is missing for one."""

    on: date
    pool: StepPool
    answers: AnswerHistory
    scores: tuple[OutsideScore, ...]
    ability: Ability
    found: Readiness | TooLittle

    def forecast(self, areas: tuple[Area, ...], known: Known) -> PassForecast:
        """The forecast for the session and the plan; it says something on little evidence too, since a session must be made."""
        first = self.answers.item[~self.answers.is_repeat]
        counts = np.bincount(self.pool.pool.area[first], minlength=len(areas)).astype(np.float64)
        guess = self.pool.form.right[:, 0]
        right = self._whole(self.right)
        return PassForecast(areas, right, self._whole(guess[None, :])[0], met_shares(areas, known), counts)

    @property
    def right(self) -> Floats:
        """The chance of a right answer by area at each ability drawn from what is believed, shape (n_draws, n_areas)."""
        return form_outcome(self.ability, self.pool.form, MOTION).right

    @property
    def asked(self) -> Floats:
        """The chance of a right answer by area that the standard asks for, shape (n_areas,); 0 where there are no items."""
        asked: Floats = self.pool.form.right[:, 0] - self.pool.form.excess[:, 0]
        return asked

    @property
    def areas(self) -> list[int]:
        """The areas that the form has items of, as indices."""
        found: list[int] = np.flatnonzero(self.pool.form.shares > 0).tolist()
        return found

    def on_day(self, day: date) -> Readiness | TooLittle:
        """The same for an earlier day, by what was answered until its end."""
        ordinal = day.toordinal()
        n = int(np.searchsorted(self.answers.day, ordinal, side="right"))
        scores = tuple(score for score in self.scores if score.day <= ordinal)
        return _found(self.answers.part(0, n), self.pool, scores, day)[1]

    def _whole(self, right: Floats) -> Floats:
        """Areas without items are taken to go as the others do together."""
        form = self.pool.form
        together = right @ form.shares
        whole: Floats = np.where(form.right[:, -1] > 0, right, together[:, None])
        return whole


_KEPT: dict[tuple[UUID, str, str], tuple[Hashable, StepPool, Passing]] = {}
_LOCK = Lock()


def passing_of(
    user: User, content: Content, blueprint: Blueprint, *, zone: ZoneInfo, on: date, at: datetime, log: Hashable
) -> Passing | None:
    """Where a person stands before a step on the study day of an instant; None where the bank has nothing to judge it by.

    `log` tells the state of their log of reviews at that instant: the same one gives what was reckoned before.
    """
    pool = pool_of(content, blueprint, on=on)
    if pool is None:
        return None
    key = (log, scores_state(user), on, zone.key)
    place = (user.pk, blueprint.programme, blueprint.step)
    kept = _KEPT.get(place)
    if kept is not None and kept[0] == key and kept[1] is pool:
        return kept[2]
    answers = answers_of(user, pool, zone, until=at)
    scores = outside_scores(user, blueprint.programme, blueprint.step, until=on)
    ability, found = _found(answers, pool, scores, on)
    made = Passing(on, pool, answers, scores, ability, found)
    with _LOCK:
        _KEPT.pop(place, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[place] = (key, pool, made)
    return made


def _found(
    answers: AnswerHistory, pool: StepPool, scores: tuple[OutsideScore, ...], on: date
) -> tuple[Ability, Readiness | TooLittle]:
    """As `bedside.measure.readiness`, with the ability that it rests on."""
    day = on.toordinal()
    starts = [*answers.day[:1].tolist(), *(score.day for score in scores)]
    ability = first_ability(pool.pool.n_areas, min(starts, default=day), MOTION)
    ability = ability_after(ability, answers, pool.pool, MOTION, scores=scores, shares=pool.form.shares)
    evidence = evidence_of(ability, answers, pool.pool, pool.form, day, motion=MOTION, n_scores=len(scores))
    ability = ability_on(ability, day, MOTION)
    return ability, readiness_of(ability, evidence, pool.form, MOTION, FLOOR)
