"""In what two beginnings are alike, feature by feature, in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bedside.journeys import FEATURES, Beginning, Likeness, Start
from bedside.site.journeys.countries import country_name
from bedside.site.journeys.languages import language_name

Words = Mapping[str, str | Promise]

AGE_WORDS: Words = {
    "under 25": lazy("under 25"),
    "25 to 29": lazy("25 to 29"),
    "30 to 34": lazy("30 to 34"),
    "35 to 39": lazy("35 to 39"),
    "40 to 49": lazy("40 to 49"),
    "50 and over": lazy("50 and over"),
}
YEARS_WORDS: Words = {
    "still studying": lazy("still studying"),
    "under 3": lazy("under 3 years since graduation"),
    "3 to 5": lazy("3 to 5 years since graduation"),
    "6 to 10": lazy("6 to 10 years since graduation"),
    "11 to 20": lazy("11 to 20 years since graduation"),
    "over 20": lazy("over 20 years since graduation"),
}
WORK_WORDS: Words = {
    "none": lazy("no work beside it"),
    "under 20": lazy("under 20 hours of work a week"),
    "20 to 40": lazy("20 to 40 hours of work a week"),
    "over 40": lazy("over 40 hours of work a week"),
}
SPANS: Words = {
    **AGE_WORDS,
    "under 3": lazy("under 3"),
    "3 to 5": lazy("3 to 5"),
    "6 to 10": lazy("6 to 10"),
    "11 to 20": lazy("11 to 20"),
    "over 20": lazy("over 20"),
    "under 20": lazy("under 20"),
    "20 to 40": lazy("20 to 40"),
    "over 40": lazy("over 40"),
}


def who_words(start: Start) -> str:
    """Where somebody began, as one line; empty where they tell nothing of it."""
    told = [
        _("%(age)s years old") % {"age": AGE_WORDS[start.age]} if start.age else "",
        _("trained in %(country)s") % {"country": country_name(start.trained_in)} if start.trained_in else "",
        str(YEARS_WORDS[start.years_since_graduation]) if start.years_since_graduation else "",
        str(WORK_WORDS[start.work_hours]) if start.work_hours else "",
    ]
    line = ", ".join(one for one in told if one)
    return line[:1].upper() + line[1:]


def likeness_words(mine: Beginning, theirs: Beginning, how: Likeness) -> tuple[str, ...]:
    """A phrase for each feature that both tell, in the order of `FEATURES`."""
    return tuple(_phrase(name, mine, theirs) for name in FEATURES if name in how.by_feature)


def _phrase(name: str, mine: Beginning, theirs: Beginning) -> str:
    if name == "step":
        is_same = (mine.programme, mine.step) == (theirs.programme, theirs.step)
        return _("same step") if is_same else _("another step")
    one, other = getattr(mine.start, name), getattr(theirs.start, name)
    if name == "level":
        return _("began at %(theirs)d%% right, you at %(mine)d%%") % {"theirs": round(other / 10), "mine": round(one / 10)}
    if name == "trained_in":
        return _trained(one, other)
    if name == "language":
        if one == other:
            return _("same language, %(language)s") % {"language": language_name(other)}
        return _("another language, %(language)s") % {"language": language_name(other)}
    words = {"age": AGE_WORDS, "years_since_graduation": YEARS_WORDS, "work_hours": WORK_WORDS}[name]
    if one == other:
        return _("both %(what)s") % {"what": words[one]}
    # of two spans the second needs no unit
    is_span = not {"still studying", "none"} & {one, other}
    return _("%(theirs)s, you %(mine)s") % {"theirs": words[other], "mine": SPANS[one] if is_span else words[one]}


def _trained(one: str, other: str) -> str:
    if one == other:
        return _("both trained in %(country)s") % {"country": country_name(other)}
    return _("trained in another country, %(country)s") % {"country": country_name(other)}
