"""In what two beginnings are alike, feature by feature, in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bedside.journeys import AGES, FEATURES, Beginning, Likeness, Start
from bedside.site.journeys.countries import country_in_a_sentence
from bedside.site.journeys.languages import language_name

Words = Mapping[str, str | Promise]

AGE_WORDS: Words = {
    "under 25": lazy("under 25"),
    "25 to 29": lazy("25 to 29"),
    "30 to 34": lazy("30 to 34"),
    "35 to 39": lazy("35 to 39"),
    "40 to 49": lazy("40 to 49"),
    "50 and over": lazy("50 or older"),
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


COACHING_WORDS: Words = {
    "none": lazy("without a coaching course"),
    "some": lazy("with some coaching"),
    "a whole course": lazy("with a whole coaching course"),
}
CAREER_WORDS: Words = {
    "medicine": lazy("worked in medicine before"),
    "something else": lazy("came from another career"),
}
TRIES_WORDS: Words = {
    "none": lazy("no earlier attempt"),
    "one": lazy("one earlier attempt"),
    "several": lazy("several earlier attempts"),
}
FEATURE_WORDS: Words = {
    "step": lazy("step"),
    "age": lazy("age"),
    "trained_in": lazy("country"),
    "years_since_graduation": lazy("years since graduation"),
    "work_hours": lazy("work"),
    "language": lazy("language"),
    "level": lazy("first answers"),
}


def who_words(start: Start) -> str:
    """Where somebody began, as one line; empty where they tell nothing of it."""
    told = [
        _age(start.age) if start.age else "",
        _("trained in %(country)s") % {"country": country_in_a_sentence(start.trained_in)} if start.trained_in else "",
        str(YEARS_WORDS[start.years_since_graduation]) if start.years_since_graduation else "",
        str(WORK_WORDS[start.work_hours]) if start.work_hours else "",
        str(COACHING_WORDS[start.coaching]) if start.coaching else "",
        str(CAREER_WORDS[start.career]) if start.career else "",
        str(TRIES_WORDS[start.tries]) if start.tries else "",
    ]
    return capital(", ".join(one for one in told if one))


def like_words(how: Likeness) -> str:
    """`Like you in 2 of 3: step, age. Different: work.` With nothing to compare but the step, that."""
    if how.alike is None:
        return _("Nothing can be compared but the step.")
    if how.like:
        said = _("Like you in %(n)d of %(all)d: %(what)s.") % {
            "n": len(how.like),
            "all": how.n_compared,
            "what": _names(how.like),
        }
    else:
        said = _("Like you in none of %(all)d.") % {"all": how.n_compared}
    return f"{said} {_('Different: %(what)s.') % {'what': _names(how.different)}}" if how.different else said


def nearness_words(how: Likeness) -> str:
    """`62% by nearness`; empty where nothing is compared."""
    return "" if how.alike is None else _("%(share)d%% by nearness") % {"share": round(100 * how.alike)}


def level_words(mine: Beginning, theirs: Beginning) -> str:
    """What of the first answers was right; empty where one of them does not tell it."""
    one, other = mine.start.level, theirs.start.level
    if one is None or other is None:
        return ""
    text = _("practice at the start: %(theirs)d%% right, you %(mine)d%%")
    return text % {"theirs": round(other / 10), "mine": round(one / 10)}


def likeness_words(mine: Beginning, theirs: Beginning, how: Likeness) -> tuple[str, ...]:
    """A phrase for each feature that both tell, in the order of `FEATURES`."""
    return tuple(_phrase(name, mine, theirs) for name in FEATURES if name in how.by_feature)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _names(features: tuple[str, ...]) -> str:
    return ", ".join(str(FEATURE_WORDS[name]) for name in features)


def _age(age: str) -> str:
    is_open = age == AGES[-1]
    return str(AGE_WORDS[age]) if is_open else _("%(age)s years old") % {"age": AGE_WORDS[age]}


def _phrase(name: str, mine: Beginning, theirs: Beginning) -> str:
    if name == "step":
        is_same = (mine.programme, mine.step) == (theirs.programme, theirs.step)
        return _("same step") if is_same else _("another step")
    if name == "level":
        return level_words(mine, theirs)
    one, other = getattr(mine.start, name), getattr(theirs.start, name)
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
        return _("both trained in %(country)s") % {"country": country_in_a_sentence(other)}
    return _("trained in another country, %(country)s") % {"country": country_in_a_sentence(other)}
