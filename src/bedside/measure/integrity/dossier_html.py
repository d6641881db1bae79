"""A dossier as one page: self-contained, printable, readable in light and in the dark, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --line: #bbb; --soft: #f3f3f3; --text: #111; --page: #fff; --mark: #fff3cd; }
@media (prefers-color-scheme: dark) {
  :root { --line: #555; --soft: #242424; --text: #eee; --page: #161616; --mark: #4a3c00; }
}
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--page); }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.not { border: 2px solid var(--text); padding: 0 1rem; }
.formula, code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--soft); } td.n { text-align: right; } tr.alike td, tr.alike th { background: var(--mark); }
@media print {
  :root { --line: #999; --soft: #eee; --text: #000; --page: #fff; --mark: #ddd; }
  body { max-width: none; font-size: 9pt; } tr { break-inside: avoid; } thead { display: table-header-group; }
}
"""
WORDS = {
    "first": "first's answer",
    "second": "second's answer",
    "chance_alike": "chance alike",
    "chance_alike_right": "chance both right",
    "chance_first_takes_seconds": "chance that the first takes the second's",
    "chance_second_takes_firsts": "chance that the second takes the first's",
    "fast_right": "right and among the fastest",
    "demand": "time demand (log s)",
    "noise": "spread (log s)",
}


def dossier_page(data: Mapping[str, Any]) -> str:
    """The whole page of a dossier; names and answers are escaped."""
    who = " and ".join(escape(name) for name in data["who"])
    title = f"Answers of {who}"
    parts = [
        f"<h1>{title}</h1>",
        _first_words(data),
        _inputs(data),
        "<h2>How it was worked out</h2>",
        *(_step(step, number) for number, step in enumerate(data["steps"], start=1)),
        "<h2>The answers</h2>",
        _answers(data),
    ]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _first_words(data: Mapping[str, Any]) -> str:
    exam = data["exam"]
    figures = data["steps"][-1]["figures"]
    whose = "This pair is" if data["kind"] == "pair" else "This person is"
    against = f"{figures['n_pairs']:,} pairs" if data["kind"] == "pair" else f"{figures['n_persons']:,} persons"
    state = "flagged" if data["flagged"] else "not flagged"
    leaked = ", ".join(escape(item) for item in exam["compromised_items"]) or "none named"
    return (
        f'<div class="not"><h2>What this is not</h2><p>{escape(data["what_this_is_not"])}</p></div>'
        f"<p>{whose} <strong>{state}</strong> among {against}: p = {_number(figures['p'])}, after correction for all of them"
        f" {_number(figures['p_adjusted'])}, where flags start under {_number(data['alpha'])}.</p>"
        f"<p>The exam has {exam['n_persons']:,} persons and {exam['n_items']:,} items, compared by"
        f" {escape(exam['compared_by'])}. Compromised items: {leaked}.</p>"
    )


def _inputs(data: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(source["name"])}</th><td class="n">{source["bytes"]:,}</td>'
        f"<td><code>{escape(source['sha256'])}</code></td></tr>"
        for source in data["inputs"]
    )
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in data["software"].items())
    return (
        "<h2>What went in, and how to work it out again</h2>"
        '<div class="scroll"><table><caption>Files</caption><thead><tr><th scope="col">file</th><th scope="col">bytes</th>'
        f'<th scope="col">SHA-256</th></tr></thead><tbody>{rows}</tbody></table></div>'
        f"<p>From the same files this command makes the same dossier:</p><p><code>{escape(data['command'])}</code></p>"
        f"<p>Versions: {versions}. The JSON beside this page has every figure in full; from its rows alone all of them can be"
        " checked but those that need all persons.</p>"
    )


def _step(step: Mapping[str, Any], number: int) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name.replace("_", " "))}</th><td class="n">{_number(value)}</td></tr>'
        for name, value in step["figures"].items()
    )
    return (
        f'<h3>{number}. {escape(step["title"])}</h3><p class="formula">{escape(step["formula"])}</p>'
        f"<p>Source: {escape(step['source'])}.</p>"
        f'<table><caption>Figures</caption><thead><tr><th scope="col">figure</th><th scope="col">value</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _answers(data: Mapping[str, Any]) -> str:
    answers: Sequence[Mapping[str, Any]] = data["answers"]
    if not answers:
        return "<p>There are none.</p>"
    names = list(answers[0])
    head = "".join(f'<th scope="col">{escape(WORDS.get(name, name.replace("_", " ")))}</th>' for name in names)
    body = "".join(_row(row, names) for row in answers)
    return (
        f'<div class="scroll"><table><caption>{len(answers)} items; rows that count most are shaded</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Mapping[str, Any], names: Sequence[str]) -> str:
    shaded = (row.get("alike") and row.get("first") != row.get("key")) or row.get("fast_right")
    cells = [f'<th scope="row">{escape(str(row[names[0]]))}</th>']
    for name in names[1:]:
        value = row[name]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        start = '<td class="n">' if is_number else "<td>"
        cells.append(f"{start}{_number(value)}</td>")
    start = '<tr class="alike">' if shaded else "<tr>"
    return f"{start}{''.join(cells)}</tr>"


def _number(value: Any) -> str:
    """As a reader wants it: four figures, small ones with a power of ten."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.2e}" if value != 0 and abs(value) < 1e-3 else f"{value:,.4f}".rstrip("0").rstrip(".")
    return escape(str(value))
