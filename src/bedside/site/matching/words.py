"""The Match in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bedside.matching import COUPLE, N_SINGLES, NON_US_IMG, PROGRAMMES, YOU, FitLine, MatchFacts, Specialty, Step, StepKind


def per_cent(share: float) -> str:
    """A share as people read it; the ends are never claimed."""
    if share < 0.01:
        return _("under 1%")
    if share > 0.99:
        return _("over 99%")
    return f"{round(100 * share)}%"


def kind_title(name: str) -> str:
    """A kind of applicant."""
    return {
        "us_md_senior": _("US MD senior"),
        "us_do_senior": _("US DO senior"),
        "us_img": _("US citizen, school abroad (US IMG)"),
        NON_US_IMG: _("Not a US citizen, school abroad (non-US IMG)"),
        "other": _("All others, worked out from the totals"),
    }[name]


def refusal(facts: MatchFacts, specialty: Specialty, kind: str) -> str:
    """Why there is no chance to show, and what is known instead."""
    if kind != NON_US_IMG:
        asked = facts.type(kind)
        return _(
            "Nothing was found that was published by specialty about this kind of applicant (%(kind)s). Over all specialties "
            "%(pct).1f%% of %(n)s matched in %(year)d."
        ) % {"kind": kind_title(kind), "pct": asked.matched_pct, "n": f"{asked.active:,}", "year": facts.file.year}
    return _(
        "%(n)d non-US IMGs preferred %(title)s in %(year)d, and %(matched)d matched to it. That is too few to say a chance by "
        "number of ranks."
    ) % {"n": specialty.n_non_us, "title": specialty.title, "year": facts.file.year, "matched": specialty.matched}


def fit_title(facts: MatchFacts, line: FitLine) -> str:
    """What a line of the fit is about."""
    if line.what == "ranks":
        return _("Median ranks, matched") if line.name == "matched" else _("Median ranks, not matched")
    return facts.specialties[line.name].title if line.what == "specialty" else kind_title(line.name)


def person(unit: int) -> str:
    """Somebody in the small market."""
    if unit == YOU:
        return _("You")
    return _("The couple") if unit == COUPLE else _("Applicant %(n)d") % {"n": unit + 1}


def body(who: int) -> str:
    """One of the small market's people; the couple are two."""
    if who >= N_SINGLES:
        return _("Ana (of the couple)") if who == N_SINGLES else _("Ben (of the couple)")
    return person(who)


def step_words(step: Step, posts: str) -> str:
    """What happened in one step. `posts` names the place of the list that it is about."""
    no = _("%(posts)s: at least one of the two programmes holds people whom it likes better, and says no.")
    said = {
        StepKind.PROPOSES: _("%(posts)s is asked."),
        StepKind.REFUSED: no if step.unit == COUPLE else _("%(posts)s holds people whom it likes better, and says no."),
        StepKind.HELD: _("%(programme)s holds a post, for now."),
        StepKind.PUT_OUT: _("%(programme)s has found somebody whom it likes better, and lets go."),
        StepKind.GIVES_UP: _("The post at %(programme)s is free again."),
        StepKind.UNMATCHED: _("The list is at its end."),
    }[step.kind]
    return said % {"posts": posts, "programme": PROGRAMMES[step.programme] if step.programme >= 0 else ""}
