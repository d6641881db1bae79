"""Intervals for the figures of a report: shares, differences, medians, shifts, trends and marks.

All are plain functions of counts or values; nothing is drawn by chance. Each names its source, and `docs/explanation/
what-a-report-rests-on.md` says why it was chosen. Levels are two-sided, by default 95%.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, comb, floor, sqrt
from statistics import NormalDist, median

from bedside.delivery.report import Z_95, Share, wilson

MIN_FOR_SHIFT = 5  # in each group: from here on the approximate ranks are those of the exact tables at 95%


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval, in the unit of what was put in. `n` is how many values it rests on."""

    value: float
    low: float
    high: float
    n: int

    @property
    def sign(self) -> int:
        """-1 or 1 where the interval lies on one side of zero, else 0: then nothing can be read from it."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def scaled(self, factor: float) -> Estimate:
        """The same in another unit; `factor` is not negative."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor, self.n)


def normal_quantile(level: float) -> float:
    """How many standard deviations either side of the mean hold `level` (0 to 1) of a normal distribution."""
    return NormalDist().inv_cdf((1 + level) / 2)


def t_quantile(z: float, df: int) -> float:
    """Student's t for the normal quantile `z`, with `df` degrees of freedom; right to four digits from 10 on.

    Source: the expansion of Cornish and Fisher, Abramowitz & Stegun (1964), Handbook of Mathematical Functions, 26.7.5.
    """
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum((term / float(df) ** power for power, term in enumerate(terms)), 0.0)


def difference(first: Share, second: Share, *, z: float = Z_95) -> Estimate:
    """`second` minus `first`, two shares of different items, -1 to 1, with Newcombe's hybrid score interval.

    Raises:
        ValueError: one of the shares rests on nothing.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    if first.share is None or second.share is None:
        raise ValueError("a difference needs two shares that rest on something")
    a, b = wilson(second.n_correct, second.n, z=z), wilson(first.n_correct, first.n, z=z)
    one, other = second.share, first.share
    value = one - other
    low = value - sqrt((one - a.low) ** 2 + (b.high - other) ** 2)
    high = value + sqrt((a.high - one) ** 2 + (other - b.low) ** 2)
    return Estimate(value, max(-1.0, low), min(1.0, high), first.n + second.n)


def exact_share(n_correct: int, n: int, *, level: float = 0.95) -> Share:
    """The share with its exact interval.

    Raises:
        ValueError: `n_correct` is not between 0 and `n`.

    Source: Clopper & Pearson (1934), Biometrika 26, 404-413.
    """
    if not 0 <= n_correct <= n:
        raise ValueError(f"{n_correct} right answers out of {n}")
    tail = (1 - level) / 2
    low = 0.0 if n_correct == 0 else _root(lambda p: _at_least(n_correct, n, p) - tail)
    high = 1.0 if n_correct == n else _root(lambda p: tail - _at_most(n_correct, n, p))
    return Share(n_correct, n, low, high)


def net_gain(gained: int, lost: int, *, level: float = 0.95) -> Estimate:
    """`gained` minus `lost` with the interval that belongs to the sign test.

    Of the changes that made a difference, the share that gained has its exact interval; times their number it is the gain.
    Where the interval leaves zero out, the exact sign test (McNemar's exact test) says so too.

    Source: Clopper & Pearson (1934), as above; McNemar (1947), Psychometrika 12, 153-157.
    """
    n = gained + lost
    share = exact_share(gained, n, level=level)
    if n == 0:
        return Estimate(0.0, 0.0, 0.0, 0)
    return Estimate(float(gained - lost), n * (2 * share.low - 1), n * (2 * share.high - 1), n)


def sign_test(gained: int, lost: int) -> float:
    """The two-sided exact probability of a split at least as uneven, where gain and loss are equally likely."""
    n, less = gained + lost, min(gained, lost)
    return min(1.0, 2 * sum(comb(n, count) for count in range(less + 1)) / float(2**n))


def median_of(values: Sequence[float], *, level: float = 0.95) -> Estimate | None:
    """The median with its interval between two of the values, or None where fewer than six are too few for one.

    The interval is distribution-free: its level is at least `level`.

    Source: order statistics and the sign test, as in Hahn & Meeker (1991), Statistical Intervals, 5.2; tables in Campbell &
    Gardner (1988), BMJ 296, 1454-1456.
    """
    n = len(values)
    tail = (1 - level) / 2
    below, rank = 0.0, 0  # `rank` values can be left out at either end
    while rank < n // 2 and below + comb(n, rank) / 2**n <= tail:
        below += comb(n, rank) / 2**n
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(values)
    return Estimate(median(ordered), ordered[rank - 1], ordered[n - rank], n)


def shift(first: Sequence[float], second: Sequence[float], *, z: float = Z_95) -> Estimate | None:
    """How much larger the values of `second` are than those of `first`: the median of all differences, with its interval.

    None where a group has fewer than five values. The interval takes the normal approximation of the rank sum.

    Source: Hodges & Lehmann (1963), Annals of Mathematical Statistics 34, 598-611; Moses's interval, in Hollander & Wolfe
    (1973), Nonparametric Statistical Methods, chapter 4.
    """
    m, n = len(first), len(second)
    if min(m, n) < MIN_FOR_SHIFT:
        return None
    differences = sorted(b - a for a in first for b in second)
    return _middle(differences, half_width=z * sqrt(m * n * (m + n + 1) / 12), n=m + n)


def line(xs: Sequence[float], ys: Sequence[float], *, z: float = Z_95) -> Estimate | None:
    """The slope of the least-squares line, in units of y per unit of x, with an interval that allows uneven spread.

    None with fewer than three points, or where all x or all y are one. The standard error is HC3, as the spread of right and
    wrong depends on the share; the quantile is Student's t with two degrees of freedom fewer than points.

    Source: MacKinnon & White (1985), Journal of Econometrics 29, 305-325; Long & Ervin (2000), The American Statistician 54,
    217-224.
    """
    n = len(xs)
    mean_x, mean_y = sum(xs) / n if n else 0.0, sum(ys) / n if n else 0.0
    spread = sum((x - mean_x) ** 2 for x in xs)
    if n < 3 or spread == 0 or min(ys) == max(ys):
        return None
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    variance = 0.0
    for x, y in zip(xs, ys, strict=True):
        leverage = 1 / n + (x - mean_x) ** 2 / spread
        residual = y - mean_y - slope * (x - mean_x)
        if leverage > 1 - 1e-9:
            return None  # one point alone carries the line
        variance += ((x - mean_x) * residual / (1 - leverage)) ** 2
    half = t_quantile(z, n - 2) * sqrt(variance) / spread
    return Estimate(slope, slope - half, slope + half, n)


def median_slope(xs: Sequence[float], ys: Sequence[float], *, z: float = Z_95) -> Estimate | None:
    """The median of the slopes between all pairs of points, in units of y per unit of x; a few wild values don't move it.

    None where all x are one. The interval takes the normal approximation of Kendall's tau, with
    the correction for equal x.

    Source: Sen (1968), Journal of the American Statistical Association 63, 1379-1389.
    """
    points = sorted(zip(xs, ys, strict=True))
    n = len(points)
    slopes = [(y2 - y1) / (x2 - x1) for at, (x1, y1) in enumerate(points) for x2, y2 in points[at + 1 :] if x2 > x1]
    if not slopes:
        return None
    slopes.sort()
    alike = [sum(x == same for x in xs) for same in set(xs)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in alike)) / 18
    return _middle(slopes, half_width=z * sqrt(variance) / 2, n=n)


@dataclass(frozen=True, slots=True)
class Marks:
    """How many items of one rule of marking came out how, and the marks of each outcome."""

    n_right: int
    n_wrong: int
    n_blank: int
    correct: float
    wrong: float
    blank: float

    @property
    def n(self) -> int:
        return self.n_right + self.n_wrong + self.n_blank

    @property
    def total(self) -> float:
        return self.n_right * self.correct + self.n_wrong * self.wrong + self.n_blank * self.blank


def marks_interval(rules: Sequence[Marks], *, partial: Sequence[Sequence[float]] = (), z: float = Z_95) -> Estimate:
    """The sum of marks with an interval for what many forms of items like these would bring on average, in marks.

    The limits of Wilson's intervals for the shares right and wrong are recovered and added as variances are (MOVER), with the
    correlation that the two shares of one set of items have. Without wrong or blank it is Wilson's interval times the marks.
    `partial` holds the marks of items whose rule gives credit for a part, one list a rule; they have Student's interval.

    Source: Zou & Donner (2008), Statistics in Medicine 27, 1693-1702; Zou, Huang & Zhang (2009), Computational Statistics and
    Data Analysis 53, 1080-1085; the correlation as in Newcombe (1998), Statistics in Medicine 17, 2635-2650.
    """
    reaches = [*(_reach(rule, z) for rule in rules), *(_reach_of(marks, z) for marks in partial)]
    down, up = (sqrt(sum(reach[side] ** 2 for reach in reaches)) for side in (0, 1))
    total = sum(rule.total for rule in rules) + sum(sum(marks) for marks in partial)
    n = sum(rule.n for rule in rules) + sum(len(marks) for marks in partial)
    return Estimate(total, total - down, total + up, n)


def _reach_of(marks: Sequence[float], z: float) -> tuple[float, float]:
    """How far Student's limits of a sum of marks lie from it; as far as can be with fewer than three items."""
    n = len(marks)
    if n < 3:
        return float("inf"), float("inf")
    mean = sum(marks) / n
    variance = sum((mark - mean) ** 2 for mark in marks) / (n - 1)
    half = t_quantile(z, n - 1) * sqrt(n * variance)
    return half, half


def _reach(rule: Marks, z: float) -> tuple[float, float]:
    """How far the limits lie below and above the marks of the items of one rule."""
    n = rule.n
    if n == 0:
        return 0.0, 0.0
    right, wrong = wilson(rule.n_right, n, z=z), wilson(rule.n_wrong, n, z=z)
    p, q = rule.n_right / n, rule.n_wrong / n
    gain, loss = rule.correct - rule.blank, rule.wrong - rule.blank
    # two shares of one set are correlated by -sqrt(pq / ((1-p)(1-q))); with no blank that is -1, at the edge too
    r = -1.0 if rule.n_blank == 0 else -sqrt(p * q / ((1 - p) * (1 - q)))
    r = r if gain * loss >= 0 else -r
    below = (
        max(gain * (p - right.low), gain * (p - right.high)),
        max(loss * (q - wrong.low), loss * (q - wrong.high)),
    )
    above = (
        max(gain * (right.low - p), gain * (right.high - p)),
        max(loss * (wrong.low - q), loss * (wrong.high - q)),
    )
    down, up = (sqrt(max(0.0, a * a + b * b + 2 * r * a * b)) for a, b in (below, above))
    return n * down, n * up


def _middle(ordered: Sequence[float], *, half_width: float, n: int) -> Estimate:
    """The median of ordered values, and the two that lie `half_width` ranks either side of it."""
    count = len(ordered)
    low = max(1, floor(count / 2 - half_width + 0.5))
    high = min(count, ceil(count / 2 + half_width + 0.5))
    return Estimate(median(ordered), ordered[low - 1], ordered[high - 1], n)


def _at_least(k: int, n: int, p: float) -> float:
    return sum(comb(n, count) * p**count * (1 - p) ** (n - count) for count in range(k, n + 1))


def _at_most(k: int, n: int, p: float) -> float:
    return sum(comb(n, count) * p**count * (1 - p) ** (n - count) for count in range(k + 1))


def _root(rising: Callable[[float], float]) -> float:
    """Where a rising function of 0 to 1 passes zero, to the last bit that matters."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
