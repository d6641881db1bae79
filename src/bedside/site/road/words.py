"""The timeline in words: lanes, what holds a milestone, and what a person should know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.pathway import THE_FACT
from bedside.pathway.timeline import Bound, Placed, Problem, ProblemKind


def lane_names() -> Mapping[str, tuple[str, ...]]:
    """The lanes of the picture, each with the kinds in it."""
    return {
        _("School and study"): ("study",),
        _("Exams and results"): ("exam", "result"),
        _("Papers and certificates"): ("document", "certificate"),
        _("Applications and the Match"): ("application", "season"),
        _("Visa"): ("visa",),
        _("Training"): ("training",),
        _("Licence and post"): ("licence", "post"),
    }


def day_words(day: date | None) -> str:
    """A day as people read it."""
    return date_format(day, "j M Y") if day is not None else ""


def days_words(n: int) -> str:
    """So many days."""
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def slack_words(one: Placed) -> str:
    """How much time there is."""
    if one.slack_days is None:
        return ""
    return days_words(one.slack_days) if one.slack_days else _("none")


def bound_words(one: Placed, titles: Mapping[str, str]) -> str:
    """What holds a milestone where it stands."""
    match one.bound:
        case Bound.AFTER:
            return _("waits for: %(title)s") % {"title": titles.get(one.bound_of, one.bound_of)}
        case Bound.CALENDAR if one.season is not None:
            season = one.season.title
            if one.season.is_projected:
                return _("opens then in the %(season)s; projected, not published yet") % {"season": season}
            return _("opens then in the %(season)s") % {"season": season}
        case Bound.RULE:
            return _("the rules allow it from then on")
        case Bound.ASKED:
            return _("the day that you set") if one.asked is not None else _("the day in your record")
        case _:
            return _("can begin today")


def problem_words(one: Problem, fields: Mapping[str, str]) -> str:
    """A problem in a sentence or two; `fields` are the record's fields about the person, by name, as forms call them."""
    values = {
        "title": one.title,
        "asked": day_words(one.asked),
        "stands": day_words(one.stands),
        "closed": day_words(one.closed),
        "season": one.season,
        "missed": one.missed,
        "because": one.because,
        "days": days_words(one.days),
        "rules": " ".join(said.text for said in one.said),
        "name": one.milestone,
    }
    return _sentence(one) % values + _missing(one, fields)


def _sentence(one: Problem) -> str:
    match one.kind:
        case ProblemKind.TOO_EARLY if one.because:
            return _("%(title)s can't be on %(asked)s. The first day is %(stands)s, because of: %(because)s")
        case ProblemKind.TOO_EARLY:
            return _("%(title)s can't be on %(asked)s. The first day is %(stands)s.")
        case ProblemKind.SEASON_MISSED:
            return _(
                "%(title)s: you are ready on %(asked)s, and the %(missed)s closed for it on %(closed)s. The next is the "
                "%(season)s, on %(stands)s: %(days)s of waiting."
            )
        case ProblemKind.AGAIN:
            return _(
                "%(title)s of %(asked)s was for a season that is lost. It is to be done again for the %(season)s, "
                "from %(stands)s."
            )
        case ProblemKind.DENIED:
            return _("%(title)s: the rules allow it on no day. %(rules)s")
        case ProblemKind.NOT_KNOWN:
            return _("%(title)s: whether it is allowed then is not known. %(rules)s")
        case ProblemKind.NO_DAY:
            return _("%(title)s: the record does not say when, so it stands as early as can be, and so does what waits for it.")
        case ProblemKind.NO_STATE:
            return _("You aim at no state yet, so how much training a licence needs is not known.")
        case ProblemKind.NO_ROAD:
            return _(
                "No road is written for your record. There is one for graduates of schools outside the US and Canada, and "
                "one for US schools: say in the record where you studied."
            )
        case ProblemKind.NO_SUCH:
            return _("Nothing on your road is called %(name)s any more.")


def _missing(one: Problem, fields: Mapping[str, str]) -> str:
    missing = dict.fromkeys(name.removeprefix("person.") for said in one.said for name in said.missing if name != THE_FACT)
    names = "; ".join(fields.get(name, name) for name in missing)
    return " " + _("Not said in the record: %(names)s.") % {"names": names} if names else ""
