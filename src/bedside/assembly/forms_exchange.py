"""Forms from the units of the summed model: put into forms, then exchanged until each form meets what it needs.

What a form needs is a low and a high end for each of its rows; information at a point is a row like the others, with the ends
that the objective asks for. A form's distance from its ends is squared and added up over rows and forms, with enemies that
stand together and items shared beyond the limit. The exchange that lessens the sum most is made: of a unit in a form that is
off with one of another form, or with one that is still free; among a sample of such pairs, drawn by the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.assembly.forms_problem import Numbers, Problem

Whole = NDArray[np.int64]
OUT, IN = 16, 120  # units of the form that is off, and units offered for them, in one look
PATIENCE = 30  # looks without a gain before exchanges that add something are made
GIVE_UP = 300  # looks without a gain before the search is over
HEAT = 1.5  # what those may add at most
ENEMY = 4.0  # what two enemies in one form, or an item shared beyond the limit, weigh beside an item outside a range
POINT = 100.0  # one per cent of information at a point weighs as an item outside a range
ENOUGH = 1e-12
ROUNDING = 1e-9  # of an end of a row


@dataclass(frozen=True, slots=True)
class Ends:
    """Rows with their ends, in units that weigh as much as an item outside a range: the problem's, then one for each point."""

    adds: Numbers  # (n_units, n_rows)
    low: Numbers
    high: Numbers

    def offence(self, sums: Numbers) -> Numbers:
        """Squared distance from the ends, over the last axis."""
        away = np.clip(sums, self.low, self.high)
        away -= sums
        return np.asarray(np.einsum("...r,...r->...", away, away))


def ends_of(problem: Problem, least: Numbers, most: Numbers, usual: Numbers) -> Ends:
    """The ends with information from `least` to `most`; `usual` is the mean over the forms. All have shape (n_points,)."""
    largest = np.maximum(np.abs(problem.adds).max(axis=0, initial=0.0), ENOUGH)  # what one item can add is the unit of a row
    room = np.where(np.isfinite(problem.low), np.abs(problem.low), 0.0) * ROUNDING
    weight = np.concatenate([1.0 / largest, POINT / np.where(usual > 0, usual, problem.goal)])
    return Ends(
        adds=np.hstack([problem.adds, problem.information]) * weight,
        low=np.concatenate([problem.low - room, least]) * weight,
        high=np.concatenate([problem.high + room, most]) * weight,
    )


class Exchange:
    """Forms under exchange. `stands` (n_units, n_forms + 1): is the unit in the form; the last column is for no form."""

    def __init__(self, problem: Problem, taken: Whole, rng: np.random.Generator) -> None:
        self.problem, self.rng, self.n_forms = problem, rng, problem.n_forms
        self.foes = _foes(problem)
        self.stands = np.zeros((problem.n_units, self.n_forms + 1), dtype=bool)
        self.near = np.zeros((problem.n_units, self.n_forms + 1), dtype=np.int64)  # enemies of a unit in a form
        _place(self, taken)
        self.can_move = ~problem.is_anchor
        self.mark = np.zeros(problem.n_units, dtype=bool)  # room for a set of units
        self.shared = self._shared()

    def _shared(self) -> Whole:
        """(n_forms, n_forms): items that two forms share, beside the anchors."""
        stands: Whole = (self.stands[:, :-1] & ~self.problem.is_anchor[:, None]).astype(np.int64)
        shared: Whole = (stands * self.problem.size[:, None]).T @ stands
        np.fill_diagonal(shared, 0)
        return shared

    def enter(self, unit: int, form: int) -> None:
        """Put a unit into a form."""
        self.stands[unit, form] = True
        self.near[self.foes[unit], form] += 1

    def leave(self, unit: int, form: int) -> None:
        """Take a unit out of a form."""
        self.stands[unit, form] = False
        self.near[self.foes[unit], form] -= 1

    def together(self) -> Whole:
        """(n_forms,): enemies that stand in the form."""
        return np.asarray(np.einsum("uf,uf->f", self.stands[:, :-1], self.near[:, :-1]), dtype=np.int64)

    def beyond(self) -> Whole:
        """(n_forms,): items shared with other forms beyond the limit."""
        if not self.problem.shares:
            return np.zeros(self.n_forms, dtype=np.int64)
        return np.asarray(np.maximum(self.shared - (self.problem.plan.max_overlap or 0), 0).sum(axis=1), dtype=np.int64)

    def sums(self, ends: Ends) -> Numbers:
        """(n_forms, n_rows)."""
        sums: Numbers = self.stands[:, :-1].T.astype(np.float64) @ ends.adds
        return sums

    def meets_rows(self) -> bool:
        """Does each form meet all but its information?"""
        nowhere = np.full(self.problem.goal.size, np.inf)
        ends = ends_of(self.problem, -nowhere, nowhere, self.problem.goal)
        is_met = bool((ends.offence(self.sums(ends)) <= ENOUGH).all())
        return is_met and not self.together().any() and not self.beyond().any()

    def run(self, ends: Ends, n_looks: int) -> bool:
        """Exchange until every form is within the ends, or `n_looks` are over; then it stands where the sum was least.

        After a while without a gain, exchanges that add a little are made too, as a way out.
        """
        sums = self.sums(ends)
        best, kept, idle = np.inf, self._state(), 0
        for _look in range(n_looks):
            off = ends.offence(sums) + ENEMY * (self.together() + self.beyond())
            total = float(off.sum())
            if total <= ENOUGH:
                return True
            idle = 0 if total < best - ENOUGH else idle + 1
            if idle > GIVE_UP:
                break
            best = min(best, total)
            if idle in (0, PATIENCE):
                kept = self._state() if total <= best else kept
            form = int(self.rng.choice(self.n_forms, p=off / total)) if idle else int(off.argmax())
            self._exchange(ends, sums, form, HEAT * self.rng.random() if idle >= PATIENCE else -ENOUGH)
        self._restore(kept)
        return False

    def _state(self) -> tuple[NDArray[np.bool_], Whole]:
        return self.stands.copy(), self.near.copy()

    def _restore(self, state: tuple[NDArray[np.bool_], Whole]) -> None:
        self.stands, self.near = state
        self.shared = self._shared()

    def _exchange(self, ends: Ends, sums: Numbers, form: int, allowed: float) -> None:
        """Make the best exchange of a sample, if it adds less than is allowed; alters `sums`."""
        outs = self._sample(np.flatnonzero(self.stands[:, form] & self.can_move), OUT)
        ins, homes = self._offers(form)
        if not len(outs) or not len(ins):
            return
        gain = self._gain(ends, sums, form, outs, ins, homes)
        best = int(gain.argmin())
        if gain.flat[best] < allowed:
            out, at = outs[best // len(ins)], best % len(ins)
            self._swap(ends, sums, form, int(out), int(ins[at]), int(homes[at]))

    def _sample(self, of: Whole, n: int) -> Whole:
        return of if len(of) <= n else self.rng.choice(of, n, replace=False)

    def _offers(self, form: int) -> tuple[Whole, Whole]:
        """Units that the form does not hold, with the form each would come from (the last: none)."""
        inside = self.stands.copy()
        inside[:, -1] = self.stands[:, :-1].sum(axis=1) < self.problem.uses
        inside[self.stands[:, form] | ~self.can_move] = False
        taken, free = np.nonzero(inside[:, :-1]), np.flatnonzero(inside[:, -1])
        picked = self._sample(np.arange(len(taken[0])), IN)
        spare = self._sample(free, max(IN // 4, IN - len(picked)))
        return np.concatenate([taken[0][picked], spare]), np.concatenate([taken[1][picked], np.full(len(spare), self.n_forms)])

    def _gain(  # noqa: PLR0917 - all of one exchange
        self, ends: Ends, sums: Numbers, form: int, outs: Whole, ins: Whole, homes: Whole
    ) -> Numbers:
        """(n_outs, n_ins): what the exchange adds to the sum; infinite where a form would hold a unit twice."""
        moved = ends.adds[ins][None, :, :] - ends.adds[outs][:, None, :]
        theirs = np.vstack([sums, np.zeros(sums.shape[1])])[homes]
        is_form = homes < self.n_forms
        gain = ends.offence(sums[form] + moved) - ends.offence(sums[form])
        gain += np.where(is_form, ends.offence(theirs - moved) - ends.offence(theirs), 0.0)
        gain += ENEMY * 2 * self._enemy_gain(form, outs, ins, homes)
        if self.problem.shares:
            gain += ENEMY * 2 * self._overlap_gain(form, outs, ins, homes)
        gain[self.stands[outs][:, homes] & is_form] = np.inf
        return gain

    def _enemy_gain(self, form: int, outs: Whole, ins: Whole, homes: Whole) -> Numbers:
        """(n_outs, n_ins): pairs of enemies together that it adds."""
        comes = self.near[outs][:, homes] - self.near[outs, form][:, None]
        goes = (self.near[ins, form] - self.near[ins, homes])[None, :]
        are_foes = np.zeros((len(outs), len(ins)), dtype=bool)
        for row, out in enumerate(outs):
            self.mark[self.foes[out]] = True
            are_foes[row] = self.mark[ins]
            self.mark[self.foes[out]] = False
        return np.asarray(comes + goes - are_foes * np.where(homes < self.n_forms, 2, 1), dtype=np.float64)

    def _overlap_gain(self, form: int, outs: Whole, ins: Whole, homes: Whole) -> Numbers:
        """(n_outs, n_ins): items shared beyond the limit that it adds, over the pairs of forms that it touches."""
        limit = self.problem.plan.max_overlap or 0
        weigh = self.stands[:, :-1] * self.problem.size[:, None]
        moved = weigh[ins][None, :, :] - weigh[outs][:, None, :]
        other = np.arange(self.n_forms)
        is_third = (other != form)[None, :] & (other[None, :] != homes[:, None])  # (n_ins, n_forms)
        shared = np.vstack([self.shared, np.zeros((1, self.n_forms), dtype=np.int64)])[homes]
        mine = np.maximum(self.shared[form] + moved - limit, 0) - np.maximum(self.shared[form] - limit, 0)
        theirs = np.maximum(shared - moved - limit, 0) - np.maximum(shared - limit, 0)
        is_form = (homes < self.n_forms)[None, :, None]
        return np.asarray(np.where(is_third[None], mine + np.where(is_form, theirs, 0), 0).sum(axis=2), dtype=np.float64)

    def _swap(  # noqa: PLR0917 - all of one exchange
        self, ends: Ends, sums: Numbers, form: int, out: int, into: int, home: int
    ) -> None:
        moved = ends.adds[into] - ends.adds[out]
        self.leave(out, form)
        self.enter(into, form)
        sums[form] += moved
        if home < self.n_forms:
            self.leave(into, home)
            self.enter(out, home)
            sums[home] -= moved
        if self.problem.shares:
            self.shared = self._shared()


def _foes(problem: Problem) -> list[Whole]:
    """Each unit's enemies."""
    foes: list[set[int]] = [set() for _ in range(problem.n_units)]
    for clique in problem.cliques:
        for unit in clique:
            foes[unit].update(clique)
    return [np.array(sorted(found - {unit}), dtype=np.int64) for unit, found in enumerate(foes)]


def _place(exchange: Exchange, taken: Whole) -> None:
    """Start: anchors everywhere; then the largest units, those in several forms, and those with most enemies first.

    Each goes to the form that has room for it, the fewest of its enemies, and is least full.
    """
    problem, n_forms = exchange.problem, exchange.n_forms
    room = np.array([[problem.plan.n_items, problem.plan.n_pilots]] * n_forms)
    anchors = np.flatnonzero(problem.is_anchor)
    for unit in anchors:
        for form in range(n_forms):
            exchange.enter(int(unit), form)
            room[form, 0] -= problem.size[unit]
    others = np.flatnonzero((taken > 0) & ~problem.is_anchor)
    n_foes = np.array([len(exchange.foes[unit]) for unit in others])
    chance = exchange.rng.random(len(others))
    for unit in others[np.lexsort((chance, -n_foes, -taken[others], -problem.size[others]))]:
        kind = int(problem.is_pilot[unit])
        for _ in range(int(taken[unit])):
            fits = (room[:, kind] >= problem.size[unit]) & ~exchange.stands[unit, :-1]
            if not fits.any():
                continue
            costs = exchange.near[unit, :-1] * 1e6 - room[:, kind]
            form = int(np.where(fits, costs, np.inf).argmin())
            exchange.enter(int(unit), form)
            room[form, kind] -= problem.size[unit]
    _fill_up(exchange, room)


def _fill_up(exchange: Exchange, room: Whole) -> None:
    """Free units for the places left, those with the fewest enemies in the form and then with the most information first."""
    problem = exchange.problem
    worth = problem.information.sum(axis=1)
    for form, kind in np.argwhere(room > 0):
        while room[form, kind] > 0:
            is_free = (exchange.stands[:, :-1].sum(axis=1) < problem.uses) & ~exchange.stands[:, form]
            free = np.flatnonzero(is_free & (problem.is_pilot == kind) & (problem.size <= room[form, kind]))
            if not len(free):
                break
            unit = int(free[np.lexsort((-worth[free], -problem.size[free], exchange.near[free, form]))[0]])
            exchange.enter(unit, int(form))
            room[form, kind] -= problem.size[unit]


def within(problem: Problem, value: float, usual: Numbers, spread: float) -> tuple[Numbers, Numbers]:
    """(n_points,) twice: the least and the most information of a form whose objective is at least this good.

    Where the objective only asks for much, forms are kept within `spread` (a share) of the `usual` (n_points,), the mean over
    the forms, so that they are parallel at every point and not only at the worst.
    """
    if problem.is_most:
        return np.maximum(value * problem.goal, usual * (1 - spread)), usual * (1 + spread)
    return problem.goal - value * problem.scale, problem.goal + value * problem.scale
