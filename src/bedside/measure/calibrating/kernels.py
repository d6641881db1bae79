"""The inner loops of the E-step: compiled, without the lock of the interpreter, each over a range of persons.

Two facts make them quick. In the logistic models without guessing, what a person's answers say of ability is one number, the
sum of the discriminations of the items answered right (Birnbaum, in Lord & Novick 1968, section 18.4); with complete data
nothing else differs between persons. And the posterior of somebody who answered many items is narrow, so that only the nodes
in a window around it are touched: nodes outside carry less than `exp(-CUT)` of the largest one.

Tables over nodes lie in blocks of `LANE` nodes, (n_blocks, n_rows, LANE), so that persons of like ability touch little memory;
nodes that are only there to fill have a prior of zero. (Working through
the items in tiles that stay in a core's cache was tried: with windows it gains nothing.) In tables without guessing a row is an
item and holds log(1 + exp(a theta + d)); with guessing there are two rows an item, minus the log probability of a wrong and of
a right answer. Nothing here checks anything: `em_data` prepares the arguments. NumPy oracles of both kernels are in the tests.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

import numba
import numpy as np

from bedside.measure.calibrating.em_parameters import LANE
from bedside.measure.calibrating.kernel_rows import gather, scatter

FAST = {"reassoc", "contract", "arcp", "nsz"}  # sums may be taken in any order; infinity stays infinity
CUT = 18.0  # exp(-18) is 1.5e-8: what is cut off a posterior is below rounding in 32 bits
NEAR = 1e-6  # what an edge of the window weighs when it is time to widen it
FLUSH = 32_768  # persons whose 32-bit sums are added up before they go into 64-bit sums


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def _mode(ratio, rise):
    """The first node from which the next is no higher; `ratio` (n_nodes - 1,) falls."""
    low, high = 0, ratio.shape[0]
    while low < high:
        middle = (low + high) // 2
        if ratio[middle] + rise > 0:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)
def _flush(counts, sums):
    """Move what was counted in 32 bits to the sums in 64."""
    for b in range(counts.shape[0]):
        for row in range(counts.shape[1]):
            for k in range(LANE):
                sums[b, row, k] += counts[b, row, k]
                counts[b, row, k] = 0


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def complete_logistic(correct, slope, log_base, ratio, nodes, group, first, last, total, node_sum, mean):  # noqa: PLR0917
    """Persons `first` to `last` of complete data: adds to `total` (n_items,) the posterior means of those who were right, and
    to `node_sum` (n_groups, n_nodes) the posteriors; fills `mean` (n_persons,) and answers the sum of log-likelihoods.

    `correct` (n_persons, n_items) uint8. `log_base` (n_groups, n_nodes): log prior plus the log-likelihood of all answers
    wrong. `ratio` (n_groups, n_nodes - 1): the step of `log_base` from one node to the next, which falls all the way, since
    the posterior is log-concave. With equal spacing a person's posterior follows from node to node by one multiplication.
    """
    n_items, n_nodes = correct.shape[1], nodes.shape[0]
    spacing = nodes[1] - nodes[0]
    step_up = np.exp(ratio)
    weight = np.empty(n_nodes)
    log_likelihood = 0.0
    for person in range(first, last):
        g = group[person] if group.shape[0] > 0 else 0
        score = 0.0
        for item in range(n_items):
            score += correct[person, item] * slope[item]
        mode = _mode(ratio[g], score * spacing)
        grow = math.exp(score * spacing)
        weight[mode] = 1.0
        total_weight, moment = 1.0, nodes[mode]
        below, above = mode, mode
        value = 1.0
        for k in range(mode + 1, n_nodes):
            value *= step_up[g, k - 1] * grow
            if value < 1e-17:
                break
            weight[k] = value
            total_weight += value
            moment += value * nodes[k]
            above = k
        value = 1.0
        shrink = 1.0 / grow
        for k in range(mode - 1, -1, -1):
            value *= shrink / step_up[g, k]
            if value < 1e-17:
                break
            weight[k] = value
            total_weight += value
            moment += value * nodes[k]
            below = k
        scale = 1.0 / total_weight
        for k in range(below, above + 1):
            node_sum[g, k] += weight[k] * scale
        middle_theta = moment * scale
        mean[person] = middle_theta
        for item in range(n_items):
            total[item] += correct[person, item] * middle_theta
        log_likelihood += log_base[g, mode] + score * nodes[mode] + math.log(total_weight)
    return log_likelihood


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def _settle(level, low, high, score, log_prior, nodes):  # noqa: PLR0917
    """From the sums of a person's answers to the posterior, within the blocks `low` to `high` of `level` (n_blocks, LANE).

    Answers whether the window held it, and the blocks in which it is, the log-likelihood and the posterior mean.
    """
    n_blocks, n_nodes = level.shape[0], nodes.shape[0]
    peak = level.dtype.type(-1e38)
    for b in range(low, high):
        for k in range(LANE):
            node = b * LANE + k
            level[b, k] += log_prior[b, k] + (score * nodes[node] if node < n_nodes else 0.0)
            peak = max(peak, level[b, k])
    if (low > 0 and level[low, 0] > peak - CUT) or (high < n_blocks and level[high - 1, LANE - 1] > peak - CUT):
        return False, low, high, 0.0, 0.0
    whole, moment = 0.0, 0.0
    first, last = high, low
    for b in range(low, high):
        is_in = False
        for k in range(LANE):
            is_in = is_in or level[b, k] > peak - CUT
        if is_in:
            first, last = min(first, b), b + 1
            for k in range(LANE):
                value = math.exp(level[b, k] - peak)
                level[b, k] = value
                whole += value
    for b in range(first, last):
        for k in range(LANE):
            level[b, k] /= whole
            node = b * LANE + k
            if node < n_nodes:
                moment += level[b, k] * nodes[node]
    return True, first, last, peak + math.log(whole), moment


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def _posterior(item, correct, start, stop, slope, table, two_rows, log_prior, nodes, window, level):  # noqa: PLR0917
    """One person's posterior, into `level` (n_blocks, LANE): the blocks in which it is, the log-likelihood, the posterior mean.

    `window` (2,) is where it was at the last call, and is set to where it is now; outside of it `level` holds nothing of use.
    """
    n_blocks = table.shape[0]
    score = 0.0
    if not two_rows:
        for r in range(start, stop):
            score += correct[r] * slope[item[r]]
    low, high = np.int64(window[0]), np.int64(window[1])
    held, first, last, value, mean = False, low, high, 0.0, 0.0
    while not held:
        level[:] = 0
        for b in range(low, high):
            gather(item, correct, start, stop, two_rows, table[b], level[b])
        held, first, last, value, mean = _settle(level, low, high, score, log_prior, nodes)
        low, high = 0, n_blocks
    # a block more where the edge is near: at the next call the posterior will have moved
    window[0] = max(0, first - 1) if level[first, 0] > NEAR else first
    window[1] = min(n_blocks, last + 1) if level[last - 1, LANE - 1] > NEAR else last
    return first, last, value, mean


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def sparse(  # noqa: PLR0917
    starts,
    item,
    correct,
    slope,
    table,
    two_rows,
    log_prior,
    nodes,
    group,
    first,
    last,
    every,
    lots,
    windows,
    counts,
    sums,
    total,
    node_sum,
):
    """The persons `first` to `last` of any data: adds their posteriors up by row in `sums`, of the shape of `table`, 64-bit,
    and by group in `node_sum` (n_groups, n_blocks, LANE); answers the sum of log-likelihoods.

    With `every` above 1 only those whose number in `lots` (n_persons,) it divides, so that a sample does not depend on order.

    Without guessing, `total` (n_items, 2) gets the number and the posterior means of those who were right. `windows`
    (n_persons, 2) is where each posterior was at the last call. `counts` is `sums` in the kind of `table`, for a while.
    """
    level = np.zeros((table.shape[0], LANE), dtype=table.dtype)
    log_likelihood = 0.0
    counts[:] = 0
    since = 0
    for person in range(first, last):
        if every > 1 and lots[person] % every != 0:
            continue
        start, stop = starts[person], starts[person + 1]
        g = group[person] if group.shape[0] > 0 else 0
        low, high, value, mean = _posterior(
            item, correct, start, stop, slope, table, two_rows, log_prior[g], nodes, windows[person], level
        )
        log_likelihood += value
        for b in range(low, high):
            for k in range(LANE):
                node_sum[g, b, k] += level[b, k]
            scatter(item, correct, start, stop, two_rows, counts[b], level[b])
        if not two_rows:
            for r in range(start, stop):
                total[item[r], 0] += correct[r]
                total[item[r], 1] += correct[r] * mean
        since += 1
        if since == FLUSH:
            _flush(counts, sums)
            since = 0
    _flush(counts, sums)
    return log_likelihood


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def score_products(  # noqa: PLR0917
    starts, item, correct, slope, table, log_prior, nodes, group, first, last, windows, gradient, products
):
    """Adds to `products` (n_items, n, n) the products of each person's score of each item: the expected gradient of the
    complete log-likelihood by the item's parameters. `gradient` (n, n_blocks, n_rows, LANE) holds it at each node, in two rows
    an item.
    """
    n_blocks, n_parameters = table.shape[0], gradient.shape[0]
    level = np.zeros((n_blocks, LANE), dtype=table.dtype)
    score = np.zeros(n_parameters)
    for person in range(first, last):
        start, stop = starts[person], starts[person + 1]
        g = group[person] if group.shape[0] > 0 else 0
        low, high, _, _ = _posterior(
            item, correct, start, stop, slope, table, True, log_prior[g], nodes, windows[person], level
        )
        for r in range(start, stop):
            row = 2 * np.int64(item[r]) + correct[r]
            for i in range(n_parameters):
                value = table.dtype.type(0)
                for b in range(low, high):
                    for k in range(LANE):
                        value += level[b, k] * gradient[i, b, row, k]
                score[i] = value
            for i in range(n_parameters):
                for j in range(n_parameters):
                    products[item[r], i, j] += score[i] * score[j]


@numba.njit(cache=True, nogil=True)
def answer_sums(starts, item, correct, numbers, sums):
    """Sets `sums` (n_persons, 2) to what each person's answers have in `numbers` (2 n_items, 2), in two rows an item, together;
    all in whole numbers of 64 bits that run over."""
    for person in range(starts.shape[0] - 1):
        first, second = np.uint64(0), np.uint64(0)
        for r in range(starts[person], starts[person + 1]):
            row = 2 * np.int64(item[r]) + correct[r]
            first += numbers[row, 0]
            second += numbers[row, 1]
        sums[person, 0], sums[person, 1] = first, second
