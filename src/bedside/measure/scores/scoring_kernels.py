"""The inner loops of scoring: plain loops over the answers of one person after another, compiled.

They take answers in rows by person as `Responses` holds them. Each call does some persons, from `first` on, and writes only
there, and holds no lock, so that several can run at once. What they compute is said in `scoring`.
"""
# ruff: noqa: PLR0917 - compiled loops take their arrays one by one

from __future__ import annotations

import math

import numba
import numpy as np

FAR_BELOW = 35.0  # exp(-35) = 6e-16: what is so far below the peak adds nothing in float64
NODES_AT_ONCE = 16  # that the loops over nodes take in one step: four registers of four
MAX_STEPS = 100  # bisection alone needs 45 from a node's width to the tolerance
TOLERANCE = 1e-11  # logits, of the last step
ML, MAP, WLE = 0, 1, 2


@numba.njit(cache=True, nogil=True)
def count_known(starts, item, is_known, count):  # type: ignore[no-untyped-def]
    """How many answers of each person are to known items, into `count` (n_persons,)."""
    for person in range(count.shape[0]):
        n = 0
        for k in range(starts[person], starts[person + 1]):
            n += is_known[item[k]]
        count[person] = n


@numba.njit(cache=True, nogil=True)
def add_up(starts, item, correct, table, first, last, totals):  # type: ignore[no-untyped-def]
    """Add the log-likelihood of each person's answers at every node to `totals` (last - first, n_nodes).

    `table` (2 n_items, n_nodes): the logarithm of the probability of a wrong answer to item i in row 2i, of a right one in
    the row after it; in float32, which keeps twice as many rows near the processor and moves an ability by less than 1e-6.
    Four rows are added at a time: the float64 sums would otherwise be loaded and stored for every answer.
    """
    n_nodes = totals.shape[1]
    for person in range(first, last):
        total = totals[person - first]
        k = starts[person]
        end = starts[person + 1]
        while k + 4 <= end:
            one = table[2 * np.intp(item[k]) + correct[k]]
            two = table[2 * np.intp(item[k + 1]) + correct[k + 1]]
            three = table[2 * np.intp(item[k + 2]) + correct[k + 2]]
            four = table[2 * np.intp(item[k + 3]) + correct[k + 3]]
            for q in range(n_nodes):
                total[q] += (one[q] + two[q]) + (three[q] + four[q])
            k += 4
        while k < end:
            one = table[2 * np.intp(item[k]) + correct[k]]
            for q in range(n_nodes):
                total[q] += one[q]
            k += 1


@numba.njit(cache=True, nogil=True)
def add_up_complete(correct, gain, all_wrong, all_right, first, last, totals):  # type: ignore[no-untyped-def]
    """The same where everybody answered every item, in half the time or less: only the rarer kind of answer is added.

    `correct` (n_persons n_items,); `gain` (n_items, n_nodes) is what a right answer adds to the log-likelihood over a wrong
    one, `all_wrong` and `all_right` (n_nodes,) are the log-likelihoods of such persons.
    """
    n_items, n_nodes = gain.shape
    rare = np.empty(n_items + 4, dtype=np.intp)
    for person in range(first, last):
        total = totals[person - first]
        n_right = 0
        for i in range(n_items):
            n_right += correct[person * n_items + i]
        kind = 1 if 2 * n_right <= n_items else 0
        sign = 1.0 if kind == 1 else -1.0
        n_rare = 0
        for i in range(n_items):
            rare[n_rare] = i
            n_rare += correct[person * n_items + i] == kind
        for q in range(n_nodes):
            total[q] += all_wrong[q] if kind == 1 else all_right[q]
        k = 0
        while k + 4 <= n_rare:
            one, two, three, four = gain[rare[k]], gain[rare[k + 1]], gain[rare[k + 2]], gain[rare[k + 3]]
            for q in range(n_nodes):
                total[q] += sign * ((one[q] + two[q]) + (three[q] + four[q]))
            k += 4
        while k < n_rare:
            one = gain[rare[k]]
            for q in range(n_nodes):
                total[q] += sign * one[q]
            k += 1


@numba.njit(cache=True, nogil=True)
def peak_of(total):  # type: ignore[no-untyped-def]
    """The place of the largest value."""
    best = 0
    for q in range(1, total.shape[0]):
        if total[q] > total[best]:
            best = q
    return best


@numba.njit(cache=True, nogil=True)
def posterior_moments(totals, nodes, above, first, mean, sd, tail):  # type: ignore[no-untyped-def]
    """Mean, standard deviation and share above the cut of each posterior, by sums over equally spaced nodes.

    `totals` (n, n_nodes): log-posterior of persons `first` and following, up to a constant. `above` (n_nodes,): what the
    posterior at a node counts towards the share above the cut.
    """
    for row in range(totals.shape[0]):
        total = totals[row]
        best = peak_of(total)
        floor = total[best] - FAR_BELOW
        s0 = s1 = s2 = s_above = 0.0
        for q in range(nodes.shape[0]):
            if total[q] > floor:
                density = math.exp(total[q] - total[best])
                apart = nodes[q] - nodes[best]
                s0 += density
                s1 += density * apart
                s2 += density * apart * apart
                s_above += density * above[q]
        shift = s1 / s0
        mean[first + row] = nodes[best] + shift
        sd[first + row] = math.sqrt(max(s2 / s0 - shift * shift, 0.0))
        tail[first + row] = min(max(s_above / s0, 0.0), 1.0)


@numba.njit(cache=True, nogil=True)
def derivatives(starts, item, correct, a, b, c, person, theta):  # type: ignore[no-untyped-def]
    """Of one person's log-likelihood: first and second derivative, expected information, and Warm's J, at `theta`.

    With P* = 1 / (1 + exp(-a (theta - b))) and P = c + (1 - c) P*: information is the sum of P'^2 / (P Q), J that of
    P' P'' / (P Q). Written so that nothing is 0 / 0 where P* is 0 or 1.
    """
    slope = curve = information = skew = 0.0
    for k in range(starts[person], starts[person + 1]):
        i = np.intp(item[k])
        if a[i] == 0.0:
            continue
        z = a[i] * (theta - b[i])
        small = math.exp(-abs(z))
        high, low = 1.0 / (1.0 + small), small / (1.0 + small)
        p, q = (high, low) if z >= 0.0 else (low, high)
        chance = c[i]
        ratio = p / (chance + (1.0 - chance) * p) if chance > 0.0 else 1.0  # P* / P
        first = a[i] * (1.0 - chance) * q * ratio  # P' / P
        if correct[k] == 1:
            slope += first
            curve += first * a[i] * (q - p) - first * first
        else:
            slope -= a[i] * p
            curve -= a[i] * a[i] * p * q
        gain = a[i] * p * first  # P'^2 / (P Q)
        information += gain
        skew += gain * a[i] * (q - p)
    return slope, curve, information, skew


@numba.njit(cache=True, nogil=True)
def equation(starts, item, correct, a, b, c, person, theta, method, mean, precision):  # type: ignore[no-untyped-def]
    """Left side of the estimating equation, an approximation of its derivative, and the expected information."""
    slope, curve, information, skew = derivatives(starts, item, correct, a, b, c, person, theta)
    if method == MAP:
        slope -= (theta - mean) * precision
        curve -= precision
    elif method == WLE and information > 0.0:
        slope += skew / (2.0 * information)
    return slope, curve, information


@numba.njit(cache=True, nogil=True)
def solve(totals, nodes, starts, item, correct, a, b, c, method, mean, precision, first, theta, info, side):  # type: ignore[no-untyped-def]
    """Solve the estimating equation of persons `first` and following, a row of `totals` each, from the best node outwards.

    `theta` and `info` (expected information there) are written, and `side`: 1 or -1 where the equation has no root before
    the last or the first node, which is `theta` then, else 0.
    """
    for row in range(totals.shape[0]):
        person = first + row
        q = peak_of(totals[row])
        value, curve, found = equation(starts, item, correct, a, b, c, person, nodes[q], method, mean, precision)
        way = 1 if value > 0.0 else -1
        at = nodes[q]
        side[person] = 0
        while True:  # walk to the node behind the root
            q += way
            if q < 0 or q >= nodes.shape[0]:
                side[person] = way
                break
            next_value, next_curve, next_found = equation(
                starts, item, correct, a, b, c, person, nodes[q], method, mean, precision
            )
            if next_value * way <= 0.0:
                break
            at, value, curve, found = nodes[q], next_value, next_curve, next_found
        if side[person] == 0:
            low, high = min(at, nodes[q]), max(at, nodes[q])
            for _ in range(MAX_STEPS):
                if value > 0.0:
                    low = at
                else:
                    high = at
                aim = at - value / curve if curve < 0.0 else low - 1.0
                if not (low <= aim <= high):
                    aim = (low + high) / 2.0
                step = aim - at
                at = aim
                value, curve, found = equation(starts, item, correct, a, b, c, person, at, method, mean, precision)
                if abs(step) < TOLERANCE:
                    break
        theta[person] = at
        info[person] = found
