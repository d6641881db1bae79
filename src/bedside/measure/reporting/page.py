"""The technical report as one page: self-contained, printable, in light and dark, without a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from scipy.special import expit

from bedside.drawing import number
from bedside.measure.pictures import (
    STYLE,
    Picture,
    dif_plot,
    information_curve,
    item_curve,
    item_information,
    observed_shares,
    reliability_curve,
    wright_map,
)
from bedside.measure.pictures.frame import p_value
from bedside.measure.reporting.report import Report

MOST_ANSWERS = 1_000_000  # that are compared with their chance
MOST_CURVES = 60  # items that are drawn; of more, those that fit least
ALPHA = 0.05
LEVELS = (0.7, 1.3)  # of infit and outfit, beyond which an item is marked. Wright & Linacre (1994), Rasch Meas. Trans. 8, 370
PAGE_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 62rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
body { color: CanvasText; background: Canvas; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
nav ul { columns: 2 16rem; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); padding: .15rem .5rem; text-align: left; }
td.n { text-align: right; } thead th { background: color-mix(in srgb, CanvasText 8%, Canvas); }
dl { display: grid; grid-template-columns: minmax(10rem, max-content) 1fr; gap: .1rem 1.2rem; }
dt { font-weight: 600; } dd { margin: 0; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .5rem; }
.curves figure { margin: 0; } .curves figcaption { font-weight: 600; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } details summary { cursor: pointer; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } }
@media print { body { max-width: none; font-size: 9pt; } figure, tr { break-inside: avoid; } nav { display: none; } }
"""


@dataclass(frozen=True, slots=True)
class Made:
    """How a report was made: what went in, with what, and by which command. `inputs` are names with SHA-256."""

    title: str
    inputs: tuple[tuple[str, str], ...]
    software: tuple[tuple[str, str], ...]
    command: str


def report_page(report: Report, made: Made) -> str:
    """The whole page. Names from the data are escaped."""
    sections = [
        ("data", "The data", _data(report)),
        ("items", "Items before any model", _counts(report)),
        ("scale", "The scale", _scale(report)),
        ("fit", "Fit of the items", _fit(report)),
        ("curves", "Item curves", _curves(report)),
        ("information", "What the test tells", _information(report)),
        ("persons", "Persons", _persons(report)),
    ]
    if report.classification is not None:
        sections.append(("decisions", "Decisions", _decisions(report)))
    if report.dif is not None:
        sections.append(("groups", "Groups", _dif(report)))
    sections.append(("made", "How this was made", _made(made)))
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title, _ in sections)
    body = "".join(f'<section id="{name}"><h2>{title}</h2>{text}</section>' for name, title, text in sections)
    title = escape(made.title)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>{body}\n</main>\n</body>\n</html>\n'
    )


def _data(report: Report) -> str:
    responses, raw = report.responses, report.raw
    share = responses.n_responses / max(responses.n_persons * responses.n_items, 1)
    facts = [
        ("Persons", f"{responses.n_persons:,}"),
        ("Items", f"{responses.n_items:,}"),
        ("Answers", f"{responses.n_responses:,} ({number(100 * share, 1)}% of all that there could be)"),
        ("Fingerprint of the answers", report.calibration.fingerprint),
        ("Number right", f"mean {number(raw.mean, 2)}, standard deviation {number(raw.sd, 2)}, from {raw.least} to {raw.most}"),
        ("Cronbach's alpha", number(raw.alpha) if np.isfinite(raw.alpha) else "not given: not everybody answered every item"),
    ]
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in report.no_variance.sentences())
    return _facts(facts) + said


def _counts(report: Report) -> str:
    ids, counts = report.responses.items, report.counts
    rows = [
        (str(ids[n]), f"{counts.n[n]:,}", number(float(counts.share[n])), number(float(counts.rest[n])))
        for n in range(len(ids))
    ]
    text = "<p>The share right of those who answered, and the correlation with the share right on the other items.</p>"
    return text + table_html(f"{len(ids):,} items", ("item", "answers", "share right", "item-rest correlation"), rows)


def _scale(report: Report) -> str:
    found = report.calibration
    names = {"rasch": "Rasch", "2pl": "two-parameter logistic", "3pl": "three-parameter logistic"}
    group = found.groups[0]
    facts = [
        ("Model", f"{names[found.model]}, marginal maximum likelihood (Bock & Aitkin 1981)"),
        ("Ability", f"normal, mean {number(group.mean)}, standard deviation {number(group.sd)}"),
        ("Log-likelihood", f"{number(found.log_likelihood, 3)} with {found.n_parameters:,} parameters"),
        ("AIC and BIC", f"{number(found.aic, 1)} and {number(found.bic, 1)}"),
        (
            "Iterations",
            f"{found.iterations:,}, {'converged' if found.converged else 'NOT converged: do not use these figures'}",
        ),
        ("Points of ability", f"{found.nodes} from {number(found.bounds[0])} to {number(found.bounds[1])}"),
    ]
    left = f"<p>Left out, since all or none were right: {escape(', '.join(found.left_out))}.</p>" if found.left_out else ""
    items = found.items
    columns = ["item", "discrimination", "s.e.", "difficulty", "s.e."]
    values = [items.discrimination, items.se_discrimination, items.difficulty, items.se_difficulty]
    if found.model == "3pl":
        columns += ["guessing", "s.e."]
        values += [items.guessing, items.se_guessing]
    rows = [(items.ids[n], *(number(float(column[n])) for column in values)) for n in range(items.count)]
    return _facts(facts) + left + table_html("Item parameters with standard errors", columns, rows)


def _fit(report: Report) -> str:
    fit, p = report.fit, report.fit_p_adjusted
    odd = [n for n in range(len(fit.ids)) if _is_odd(report, n)]
    said = (
        f"<p>{len(odd)} of {len(fit.ids)} items are marked: infit or outfit outside {LEVELS[0]} to {LEVELS[1]}, or S-X2 with "
        f"an adjusted p-value under {ALPHA}. A mark asks somebody to read the item; it is no reason alone to drop it.</p>"
    )
    rows = [
        (
            fit.ids[n], number(float(fit.infit[n]), 2), number(float(fit.outfit[n]), 2), number(float(fit.s_x2[n]), 2),
            str(int(fit.s_x2_df[n])), p_value(float(fit.s_x2_p[n])), p_value(float(p[n])), "look" if n in odd else "",
        )
        for n in range(len(fit.ids))
    ]  # fmt: skip
    columns = ("item", "infit", "outfit", "S-X2", "df", "p", "p adjusted", "mark")
    table = table_html("Fit (Adams & Wu 2007; Orlando & Thissen 2000)", columns, rows)
    whole = "<p>All items together: the chance of each answer by the model at the person's EAP ability, and what came true.</p>"
    return said + table + whole + figure_html(chances_picture(report))


def chances_picture(report: Report) -> Picture:
    """The chance that the model gave each answer to be right, at the person's EAP ability, against how many were.

    Of very many answers, as many as can be drawn are taken in even steps.
    """
    responses, items = report.responses, report.calibration.items
    place = {name: n for n, name in enumerate(items.ids)}
    of_item = np.array([place.get(str(name), -1) for name in responses.items])
    rows = np.arange(0, responses.n_responses, max(1, responses.n_responses // MOST_ANSWERS))
    rows = rows[of_item[responses.item[rows]] >= 0]
    person = np.searchsorted(responses.starts, rows, side="right") - 1
    n, theta = of_item[responses.item[rows]], report.scores.theta[person]
    chance = items.guessing[n] + (1 - items.guessing[n]) * expit(items.discrimination[n] * (theta - items.difficulty[n]))
    return reliability_curve(chance, responses.correct[rows].astype(np.float64))


def _is_odd(report: Report, n: int) -> bool:
    squares = (float(report.fit.infit[n]), float(report.fit.outfit[n]))
    p = float(report.fit_p_adjusted[n])
    return any(np.isfinite(one) and not LEVELS[0] <= one <= LEVELS[1] for one in squares) or (np.isfinite(p) and p < ALPHA)


def _curves(report: Report) -> str:
    items, responses = report.calibration.items, report.responses
    order = sorted(range(items.count), key=lambda n: (not _is_odd(report, n), n))[:MOST_CURVES]
    place_of = {str(name): n for n, name in enumerate(responses.items)}
    person, item = responses.person(), responses.item
    figures = []
    for n in sorted(order):
        rows = np.flatnonzero(item == place_of[items.ids[n]])
        right = responses.correct[rows].astype(np.float64)
        figures.append(
            figure_html(item_curve(items, n, observed_shares(report.scores.theta[person[rows]], right)), is_small=True)
        )
    some = f", the {MOST_CURVES} that fit least" if items.count > MOST_CURVES else ""
    said = (
        f"<p>The chance of a right answer by ability{some}. Circles are the shares right in ten groups of persons by their EAP "
        "ability, with 95% intervals; EAP abilities are drawn to the mean, so that circles are steeper than the curve.</p>"
    )
    return f'{said}<div class="curves">{"".join(figures)}</div>'


def _information(report: Report) -> str:
    items = report.calibration.items
    top = np.argsort(-(items.discrimination**2), kind="stable")[:6]
    parts = [
        figure_html(information_curve(items, report.cut)),
        figure_html(item_information(items, tuple(sorted(top.tolist())))),
    ]
    return "".join(parts)


def _persons(report: Report) -> str:
    scores, items = report.scores, report.calibration.items
    facts = [
        (
            "Ability (EAP)",
            f"mean {number(float(scores.theta.mean()), 2)}, standard deviation {number(float(scores.theta.std()), 2)}",
        ),
        ("Standard error", f"mean {number(float(scores.se.mean()), 3)}"),
        ("Marginal reliability", number(report.reliability)),
    ]
    return _facts(facts) + figure_html(wright_map(scores.theta, items.difficulty, items.ids, report.cut))


def _decisions(report: Report) -> str:
    found, scores = report.classification, report.scores
    assert found is not None
    assert report.cut is not None
    passes = float((scores.theta >= report.cut).mean())
    facts = [
        ("Cut score", f"ability {number(report.cut)}"),
        ("Passing by EAP ability", f"{number(100 * passes, 1)}%"),
        ("Accuracy", f"{number(100 * found.accuracy, 1)}% get the class that is truly theirs"),
        (
            "Consistency",
            f"{number(100 * found.consistency, 1)}% would get the same class from two such tests; kappa {number(found.kappa)}",
        ),
        ("Pass and should not", f"{number(100 * found.false_positive, 2)}%"),
        ("Fail and should not", f"{number(100 * found.false_negative, 2)}%"),
    ]
    said = (
        "<p>Of the population that was estimated, by the standard error of a maximum likelihood estimate on all items "
        "(Rudner 2005; Lee 2010).</p>"
    )
    return _facts(facts) + said


def _dif(report: Report) -> str:
    group = report.dif
    assert group is not None
    found = group.found
    columns = ("item", "effect", "class", "p adjusted", "harder for", "flagged")
    harder = {"focal": group.focal, "reference": group.reference}
    rows = [
        (
            one.item,
            number(one.effect),
            one.dif_class,
            p_value(one.p_adjusted),
            harder.get(one.harder_for, "–"),
            "yes" if one.flagged else "no",
        )
        for one in found.items
    ]
    said = (
        f"<p>Whether items work otherwise in “{escape(group.focal)}” than in “{escape(group.reference)}” for persons of like "
        "ability. A flag says that people who know both groups should read the item again, not that it is unfair.</p>"
    )
    arrays = [np.array([getattr(one, name) for one in found.items]) for name in ("effect", "se", "flagged")]
    picture = dif_plot([one.item for one in found.items], arrays[0], arrays[1], arrays[2].astype(np.bool_), of=found.effect)
    return said + figure_html(picture) + table_html(f"Differential item functioning; effect: {found.effect}", columns, rows)


def _made(made: Made) -> str:
    rows = [(name, digest) for name, digest in made.inputs]
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in made.software)
    same = f"<p>The same command on the same files makes the same page: <code>{escape(made.command)}</code></p>"
    return table_html("What went in", ("file", "SHA-256"), rows, numbers=False) + same + f"<p>Versions: {versions}.</p>"


def figure_html(picture: Picture, *, is_small: bool = False) -> str:
    table = table_html(picture.title, picture.table.columns, picture.table.rows)
    small = " small" if is_small else ""
    return (
        f'<figure class="picture{small}"><figcaption>{escape(picture.title)}</figcaption>'
        f'<div class="scroll">{picture.svg}</div>'
        f"<details><summary>Table</summary>{table}</details></figure>"
    )


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(text)}</dd>' for name, text in facts)}</dl>"


def table_html(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = True) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    start = '<td class="n">' if numbers else "<td>"
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"{start}{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
