"""What did they do? Which groups are told of, and their pictures.

Nobody may be seen in the figures of a group, nor in the difference of two. Two groups of 60 and 59 journeys, of which one holds
the other, give the sixtieth away; and so do a whole and all its parts but one small one. Therefore:

- A group is told of from 20 journeys on.
- The groups of a page are those of one step: all its journeys, and its parts by one feature that is fixed, the age. No other
  feature and no two together: parts by age and parts by country would overlap, and what lies in one but not in the other can be
  of any size. Nor is there a group over several steps.
- A part is offered only while what the offered parts leave over together, those of small parts and those who tell no age, is
  nobody or at least 20. Otherwise the smallest offered part is withdrawn too, which then stands in what is left over.

So the journeys of a step fall into pieces that are each of at least 20: the offered parts and what they leave over. Whatever is
reckoned out of the groups that are shown, by sums and differences, is about one or several whole pieces.

What this can't hide is time: whoever kept the page of yesterday sees in that of today what came and went in between. While it
was here, a journey could be read singly by the same people, so that its figures tell them nothing that they could not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from django.utils.translation import gettext as _

from bedside.journeys import AGES, MIN_GROUP, Group, HoursToReady, Journey, SmallGroupError, Spread, group_of, hours_until_ready
from bedside.site.journeys.likeness_words import AGE_WORDS
from bedside.site.journeys.lines import Lines, line_of, thinned
from bedside.site.progress.drawing import Scale, Table, Tick, curve, round_step, round_up, spread

Z = 1.959964  # of an interval that holds 95%
MOST_STEPS, TABLE_ROWS, MOST_TICKS = 150, 20, 5
PERCENT = Scale(0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a step's journeys that is offered."""

    age: str
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the page shows of a group."""

    group: Group
    picture: Lines
    quarters: tuple[str, str, str]
    spreads: tuple[tuple[str, str, str, str], ...]
    outcomes: tuple[tuple[str, int], ...]


def parts_of(members: Sequence[Journey]) -> tuple[Part, ...]:
    """The parts by age that are offered of a step's journeys: what they leave over is nobody, or `MIN_GROUP` at least."""
    if len(members) < MIN_GROUP:
        return ()
    counts = Counter(journey.start.age for journey in members)
    offered = {age: counts[age] for age in AGES if counts[age] >= MIN_GROUP}
    while offered and 0 < len(members) - sum(offered.values()) < MIN_GROUP:
        del offered[min(offered, key=lambda age: (offered[age], AGES.index(age)))]
    return tuple(Part(age, str(AGE_WORDS[age]), n) for age, n in offered.items())


def told_of(journeys: Sequence[Journey], *, programme: str, step: str, age: str = "") -> Told:
    """What the journeys of a step did, or a part of them.

    Raises:
        SmallGroupError: single people could be seen in it; says why.
    """
    members = [journey for journey in journeys if (journey.programme, journey.step) == (programme, step)]
    chosen = [journey for journey in members if journey.start.age == age] if age else members
    # no larger group than the step's is shown anywhere; of it a part must leave out nobody or enough
    group = group_of(chosen, n_all=len(members))
    if age and age not in {part.age for part in parts_of(members)}:
        raise SmallGroupError("with this group those of the small groups beside it could be told from the whole")
    return Told(
        group=group,
        picture=_ready_picture(group.hours_to_ready, [hours_until_ready(journey)[0] for journey in chosen]),
        quarters=_quarters(group.hours_to_ready),
        spreads=(
            _spread(_("Hours in all"), group.hours, 0),
            _spread(_("Weeks"), group.weeks, 0),
            _spread(_("Hours a week"), group.hours_a_week, 1),
            _spread(_("Days a week"), group.days_a_week, 1),
        ),
        outcomes=(
            (_("passed"), group.outcomes["pass"]),
            (_("failed"), group.outcomes["fail"]),
            (_("no exam told"), group.outcomes["not told"]),
        ),
    )


def band_of(found: HoursToReady) -> list[tuple[float, float, float, float]]:
    """Hours, share, and between which shares it lies: 95%, by Greenwood's variance on the scale of log minus log.

    Greenwood M. The natural duration of cancer. Reports on Public Health and Medical Subjects 33. London: HMSO; 1926.
    Kalbfleisch JD, Prentice RL. The statistical analysis of failure time data. 2nd ed. Wiley; 2002:18.
    """
    variance, unready = 0.0, 1.0
    told = [(0.0, 0.0, 0.0, 0.0)]
    for step in found.steps:
        now = 1 - step.share
        if now <= 1e-12:  # all who were left were ready: the scale ends here, and the last interval's upper end is 1
            told.append((step.hours, 1.0, told[-1][2], 1.0))
            continue
        n_ready = step.n_at_risk * (1 - now / unready)
        variance += n_ready / (step.n_at_risk * (step.n_at_risk - n_ready))
        width = Z * sqrt(variance) / abs(log(now))
        told.append((step.hours, step.share, 1 - now ** exp(-width), 1 - now ** exp(width)))
        unready = now
    return told


def _ready_picture(found: HoursToReady, hours: Sequence[float]) -> Lines:
    most = max(1.0, found.longest)
    step = round_step(most, MOST_TICKS)
    along = Scale(0.0, round_up(most, step))
    points = [*band_of(found)]
    points.append((most, *points[-1][1:]))  # as far as anybody was looked at, and no further
    xs: list[float] = []
    values: list[tuple[float, float, float]] = []
    before = points[0]
    for one in thinned(points, MOST_STEPS):
        xs += [one[0], one[0]]
        values += [_percent(before), _percent(one)]
        before = one
    label = _("%(n)d%% ready") % {"n": round(100 * points[-1][1])}
    numbers = [step * index for index in range(round(along.high / step) + 1)]
    places = [along.across(number) for number in numbers]
    anchors = spread(places)
    texts = [f"{number:,g}" for number in numbers]  # the title says of what
    at_risk = [str(sum(one >= number for one in hours)) for number in numbers]
    return Lines(
        name="ready",
        title=_("Hours until ready"),
        said=_ready_said(found),
        lines=(line_of(curve("now", label, xs, values, (along, PERCENT))),),
        across=tuple(Tick(*one) for one in zip(places, texts, anchors, strict=True)),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        table=_ready_table(points, hours, most),
        at_risk=tuple(Tick(*one) for one in zip(places, at_risk, anchors, strict=True)),
        risk_words=_("Studied as long, not ready before:"),
    )


def _ready_said(found: HoursToReady) -> str:
    if found.n_ready == found.n:
        words = _("All %(n)d were ready in the end.")
    elif found.n_ready:
        words = _("%(ready)d of %(n)d were ready; of the others it is known only that it takes longer.")
    else:
        words = _("Of these %(n)d nobody was ready yet.")
    return words % {"ready": found.n_ready, "n": found.n} + " " + _("The band says how certain the line is with so few.")


def _ready_table(points: Sequence[tuple[float, float, float, float]], hours: Sequence[float], most: float) -> Table:
    step = round_step(most, TABLE_ROWS)
    rows = []
    for index in range(int(most / step + 1e-9) + 1):
        now = step * index
        last = [one for one in points if one[0] <= now][-1]
        n = sum(one >= now for one in hours)
        rows.append((f"{now:,g}", f"{100 * last[1]:.0f}%", f"{100 * last[2]:.0f}–{100 * last[3]:.0f}%", str(n)))
    return Table((_("Hours"), _("Ready"), _("Between"), _("Studied as long, not ready before")), tuple(rows))


def _percent(point: tuple[float, float, float, float]) -> tuple[float, float, float]:
    return 100 * point[1], 100 * point[2], 100 * point[3]


def _quarters(found: HoursToReady) -> tuple[str, str, str]:
    one, two, three = (
        _("%(n)s hours") % {"n": f"{value:,.0f}"} if value is not None else _("not reached") for value in found.quarters
    )
    return one, two, three


def _spread(name: str, found: Spread, digits: int) -> tuple[str, str, str, str]:
    return (name, *(f"{value:,.{digits}f}" for value in (found.low, found.middle, found.high)))  # type: ignore[return-value]
