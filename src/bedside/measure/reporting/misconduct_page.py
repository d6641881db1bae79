"""The first page of a folder of dossiers: who and what is flagged, how alike answers are, and what a flag is not."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from bedside.drawing import number
from bedside.measure.integrity.dossier import Dossier
from bedside.measure.integrity.search import NOT_PROOF, Misconduct
from bedside.measure.pictures import STYLE, Picture, similarity_map
from bedside.measure.pictures.frame import p_value
from bedside.measure.reporting.page import PAGE_STYLE, figure_html, table_html

MOST_PERSONS = 40  # that are drawn, those of the most surprising pairs


def likeness_picture(found: Misconduct) -> Picture | None:
    """How alike the answers of those are whose pairs surprise most, as ω; None where no pair was compared or kept."""
    pairs = found.pairs
    if pairs is None or not len(pairs.a):
        return None
    chosen: dict[int, int] = {}
    for n in np.argsort(pairs.p, kind="stable").tolist():
        both = {int(pairs.a[n]), int(pairs.b[n])}
        if len(chosen.keys() | both) <= MOST_PERSONS:
            chosen |= dict.fromkeys(both, 0)
    people = sorted(chosen)
    place = {person: n for n, person in enumerate(people)}
    z = np.full((len(people), len(people)), np.nan)
    for n in range(len(pairs.a)):
        a, b = place.get(int(pairs.a[n])), place.get(int(pairs.b[n]))
        if a is not None and b is not None:
            z[a, b] = max(pairs.omega_ab[n], pairs.omega_ba[n])
    return similarity_map([found.exam.persons[person] for person in people], z)


def misconduct_page(found: Misconduct, made: Sequence[Dossier]) -> str:
    """The whole page. `made` are the dossiers beside it, most surprising first. Names from the data are escaped."""
    exam = found.exam
    n_pairs = found.pairs.n_pairs if found.pairs is not None else 0
    compared = "options chosen" if exam.by_choice else "right and wrong only"
    picture = likeness_picture(found)
    said = (
        f"<p>{len(exam.persons):,} persons, {len(exam.items):,} items; {n_pairs:,} pairs compared by {compared}. Flagged is "
        f"what has an adjusted p-value under {found.alpha:g}, so that about that share of the flags is false.</p>"
    )
    parts = [
        "<h1>What was flagged</h1>",
        f"<p><strong>{escape(NOT_PROOF)}</strong></p>",
        said,
        "<h2>Dossiers</h2>",
        _dossiers(made),
        "<h2>How alike the answers are</h2>",
        figure_html(picture) if picture else "<p>No pairs were compared, or none was alike enough to be kept.</p>",
        _persons(found),
        _centres(found),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>What was flagged</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _dossiers(made: Sequence[Dossier]) -> str:
    if not made:
        return "<p>Nothing is flagged.</p>"
    rows = "".join(
        f'<li><a href="{escape(one.stem)}.html">{escape(" and ".join(one.data["who"]))}</a> '
        f'(<a href="{escape(one.stem)}.json">figures as JSON</a>)</li>'
        for one in made
    )
    return f"<ol>{rows}</ol>"


def _persons(found: Misconduct) -> str:
    """The persons who are flagged, with each index's p-value."""
    flagged = [int(n) for n in np.argsort(found.p_adjusted, kind="stable") if found.flagged[n]]
    if not flagged:
        return ""
    columns = ("person", "p adjusted", *(index.name for index in found.indices))
    rows = [
        (
            found.exam.persons[n],
            p_value(float(found.p_adjusted[n])),
            *(p_value(float(index.p[n])) for index in found.indices),
        )
        for n in flagged
    ]
    return "<h2>Persons</h2>" + table_html("Flagged persons, with the p-value of each index", columns, rows)


def _centres(found: Misconduct) -> str:
    if not found.centres:
        return ""
    rows = [
        (
            one.centre,
            str(one.n_persons),
            str(one.similar),
            number(one.expected, 1),
            p_value(one.p_adjusted),
            "yes" if one.flagged else "no",
        )
        for one in found.centres
    ]
    columns = ("centre", "persons", "similar pairs", "expected", "p adjusted", "flagged")
    return "<h2>Centres</h2>" + table_html("Similar pairs within a centre", columns, rows)
