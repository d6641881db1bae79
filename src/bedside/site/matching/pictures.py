"""The chance by the number of ranks, as a picture with its table."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.matching import Chance
from bedside.site.matching.words import per_cent
from bedside.site.progress.drawing import Curves, Level, Scale, Table, Tick, curve

PERCENT = Scale(0.0, 100.0)
MARKS = (1, 5, 10, 15, 20)


def ranks_picture(by_ranks: Sequence[Chance], *, published: Chance, year: int) -> Curves:
    """The chance with its interval, and across it what was published for any number of ranks."""
    along = Scale(1.0, float(len(by_ranks)))
    first, last = by_ranks[0], by_ranks[-1]
    said = _("With 1 rank %(first)s, with %(n)d ranks %(last)s. The band is the 95%% interval.") % {
        "first": per_cent(first.chance),
        "last": per_cent(last.chance),
        "n": last.ranks,
    }
    values = [(100 * one.chance, 100 * one.low, 100 * one.high) for one in by_ranks]
    label = ngettext("%(n)d rank: %(p)s", "%(n)d ranks: %(p)s", last.ranks) % {"n": last.ranks, "p": per_cent(last.chance)}
    line = curve("chance", label, [float(one.ranks) for one in by_ranks], values, (along, PERCENT), is_above=False)
    known = _("published for %(year)d, any number: %(p)s") % {"year": year, "p": per_cent(published.chance)}
    return Curves(
        name="ranks",
        title=_("Chance to match to the specialty, by number of ranks"),
        said=said,
        curves=(line,),
        across=tuple(Tick(along.across(float(n)), str(n), _anchor(n, last.ranks)) for n in MARKS),
        up=tuple(Tick(PERCENT.up(float(value)), f"{value}%") for value in (0, 25, 50, 75, 100)),
        levels=(Level(PERCENT.up(100 * published.chance), known),),
        table=_table(by_ranks),
    )


def _anchor(n: int, last: int) -> str:
    return "start" if n == 1 else "end" if n == last else "middle"


def _table(by_ranks: Sequence[Chance]) -> Table:
    rows = tuple((str(one.ranks), per_cent(one.chance), per_cent(one.low), per_cent(one.high)) for one in by_ranks)
    return Table((_("Ranks"), _("Chance"), _("From"), _("To")), rows)
