"""The pages of the Match: chances beside what was published, and a small market to try a rank list in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bedside.matching import NON_US_IMG, FitLine, MatchFacts, Simulations, chance_by_ranks, covered, published
from bedside.site.matching.forms import MOST_WISHES, ListForm, MatchForm
from bedside.site.matching.pictures import ranks_picture
from bedside.site.matching.queries import the_match, wishes_of
from bedside.site.matching.trying import standing_rows, tried
from bedside.site.matching.words import fit_title, kind_title, per_cent, refusal
from bedside.site.pages import page, user_of

RANKS = 8  # asked about where nothing else is said


@require_GET
@page
def match(request: HttpRequest) -> HttpResponse:
    """The chance to match to a specialty by the number of ranks, beside what was published."""
    found = the_match()
    if found is None:
        return render(request, "matching/nothing.html")
    facts, kept = found
    asked = {name: request.GET.get(name, "") for name in ("specialty", "kind", "ranks", "score")}
    is_asked = "specialty" in request.GET
    if not is_asked:
        asked = _beginning(request, facts)
    form = MatchForm(asked, facts=facts) if is_asked or asked["specialty"] else None
    shown: dict[str, object] = {
        "asked": asked,
        "errors": form.errors if form is not None else {},
        "specialties": sorted((one.title, one.name) for one in facts.file.specialties),
        "kinds": [(kind_title(one.name), one.name) for one in facts.file.types],
        "facts": facts.file,
        "fit": [_fit_row(facts, line) for line in kept.fit],
        "sources": facts.file.sources.values(),
        "n_covered": len(covered(facts)),
    }
    is_wrong = form is not None and not form.is_valid()
    if form is not None and not is_wrong:
        shown |= _answer(facts, kept, form.cleaned_data)
    return render(request, "matching/match.html", shown, status=400 if is_wrong and is_asked else 200)


@require_GET
@page
def try_list(request: HttpRequest) -> HttpResponse:
    """A rank list of one's own in the small market."""
    form = ListForm(request.GET) if request.GET else None
    is_right = form is not None and form.is_valid()
    shown = {
        "rows": [
            {
                "n": n,
                "name": f"wish_{n}",
                "value": request.GET.get(f"wish_{n}", ""),
                "problems": form.errors.get(f"wish_{n}", []) if form is not None else [],
            }
            for n in range(1, MOST_WISHES + 1)
        ],
        "standings": standing_rows(),
        "outcome": tried(form.wishes) if form is not None and is_right else None,
    }
    return render(request, "matching/try.html", shown, status=200 if form is None or is_right else 400)


def _beginning(request: HttpRequest, facts: MatchFacts) -> dict[str, str]:
    """What the form says at first: as much as the record does."""
    specialty, kind = wishes_of(user_of(request))
    known = specialty if specialty in facts.specialties else ""
    return {"specialty": known, "kind": kind or NON_US_IMG, "ranks": str(RANKS), "score": ""}


def _answer(facts: MatchFacts, kept: Simulations, asked: dict[str, object]) -> dict[str, object]:
    specialty, kind = facts.specialty(str(asked["specialty"])), str(asked["kind"])
    if kind != NON_US_IMG or specialty not in covered(facts):
        return {"refused": refusal(facts, specialty, kind)}
    ranks, score = asked["ranks"], asked["score"]
    assert isinstance(ranks, int)
    by_ranks = chance_by_ranks(
        facts, kept, specialty=specialty.name, kind=kind, score=score if isinstance(score, int) else None
    )
    one, known = by_ranks[ranks - 1], published(specialty)
    return {
        "specialty": specialty,
        "chance": {"mid": per_cent(one.chance), "low": per_cent(one.low), "high": per_cent(one.high)},
        "ranks": ranks,
        "score": score,
        "n_years": kept.markets,
        "published": {"mid": per_cent(known.chance), "low": per_cent(known.low), "high": per_cent(known.high)},
        "citations": [facts.file.sources[name] for name in specialty.source],
        "picture": ranks_picture(by_ranks, published=known, year=facts.file.year),
    }


def _fit_row(facts: MatchFacts, line: FitLine) -> dict[str, object]:
    is_share = line.what != "ranks"
    return {
        "title": fit_title(facts, line),
        "n": line.n,
        "published": f"{100 * line.published:.1f}%" if is_share else f"{line.published:g}",
        "simulated": f"{100 * line.simulated:.1f}%" if is_share else f"{line.simulated:.1f}",
        "is_near": line.is_near,
    }
