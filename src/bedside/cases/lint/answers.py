"""C3xx: findings that always have an answer, agree with each other and can be read; and a title that gives nothing away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bedside.cases.case_file import EXAM
from bedside.cases.case_values import VITALS
from bedside.cases.lint.view import View, panels_of
from bedside.cases.reporters import panels_in, reported_in_part
from bedside.findings import Finding

# A word of the diagnosis with such an ending is the disease itself, and no word for a complaint.
_DISEASE = re.compile(
    r"\w{3,}(itis|osis|asis|emia|oma|opathy|ism|tension|eclampsia|sepsis|axis|plegia|rrhage|rrhagia|thorax|infarct(ion)?|cancer"
    r"|stroke|asthma|diabet\w+|tubercul\w+|pneumonia|embolism|syndrome)",
    re.IGNORECASE,
)


def check_answers(view: View) -> Iterator[Finding]:
    """Branches, panels and the title."""
    yield from _branches(view)
    yield from _units(view)
    yield from _disagreement(view)
    yield from _silent_normals(view)
    yield from _noise(view)
    yield from _title(view)


def _branches(view: View) -> Iterator[Finding]:
    for source, finding in view.case.results.items():
        if not isinstance(finding, tuple):
            continue
        last = len(finding) - 1
        if finding[last].when is not None:
            text = f"{source}: the last branch has a guard; where it does not hold there is no answer"
            yield view.finding("C301", ("results", source, last, "when"), text)
        first_free = next((n for n, branch in enumerate(finding) if branch.when is None), last)
        for n in range(first_free + 1, len(finding)):
            text = f"{source}: never reached, for a branch above it has no guard"
            yield view.finding("C305", ("results", source, n), text)


def _units(view: View) -> Iterator[Finding]:
    for _source, panel, path in panels_of(view.case):
        for name in panel:
            analyte = view.analytes.get(name)
            if analyte is not None and (not analyte.unit or not analyte.intervals):
                missing = "unit" if not analyte.unit else "reference interval"
                yield view.finding("C302", (*path, name), f'the analyte "{name}" has no {missing}', of_key=True)


def _disagreement(view: View) -> Iterator[Finding]:
    """Results drawn at one instant must agree, so one analyte is one set of expressions, whoever reports it."""
    by_source: dict[str, dict[str, set[str]]] = {}
    for source, panel, _path in panels_of(view.case):
        for name, text in panel.items():
            by_source.setdefault(name, {}).setdefault(source, set()).add(_same_form(text))
    for source, panel, path in panels_of(view.case):
        for name in panel:
            first = next(iter(by_source[name]))
            ours, theirs = by_source[name][source], by_source[name][first]
            if ours != theirs:
                text = f"{source} gives {name} as {_listed(ours)}, {first} as {_listed(theirs)}; use one expression"
                yield view.finding("C303", (*path, name), text)


def _silent_normals(view: View) -> Iterator[Finding]:
    """An order that is not listed reports what the case says of its analytes elsewhere, and normal values of the others.

    So it contradicts the case only where that has words instead of numbers, always or in some state.
    """
    reported = {name for _source, panel, _path in panels_of(view.case) for name in panel}
    in_words = {
        name
        for source, finding in view.case.results.items()
        if source in view.catalogue.orders and {} in panels_in(finding)
        for name in view.catalogue.orders[source].analytes
        if name not in reported and name not in VITALS
    }
    doubtful = in_words | reported_in_part(view.case)
    silent = {
        order.id: [name for name in order.analytes if name in doubtful]
        for order in view.catalogue.orders.values()
        if order.id not in view.case.results and not doubtful.isdisjoint(order.analytes)
    }
    if silent:
        order, names = next(iter(silent.items()))
        text = f"not listed, and normal of what the case tells in words: {_some(list(silent))}; {order} reports {_some(names)}"
        yield view.finding("C306", ("results",), text, of_key=True)


def _noise(view: View) -> Iterator[Finding]:
    """Noise is for what a laboratory reports; the monitor shows vital signs as they are, and would contradict it."""
    reported = {name for source, panel, _path in panels_of(view.case) if not source.startswith(EXAM) for name in panel}
    for name in view.case.noise:
        if name in view.analytes and (name not in reported or name in VITALS):
            why = "the monitor shows it without" if name in VITALS else "no result of the case reports it"
            yield view.finding("C307", ("noise", name), f'noise of "{name}": {why}', of_key=True)


def _some(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _same_form(text: str) -> str:
    try:
        return ast.unparse(ast.parse(text.strip(), mode="eval"))
    except SyntaxError:
        return text.strip()


def _listed(expressions: set[str]) -> str:
    return " or ".join(sorted(expressions))


def _title(view: View) -> Iterator[Finding]:
    meta, title = view.case.meta, _words(view.case.title)
    for phrase in (meta.key, *meta.synonyms):
        if f" {_words(phrase).strip()} " in title:
            yield view.finding("C304", ("title",), f'the title names the diagnosis: "{phrase}"')
            return
    for word in _words(meta.key).split():
        if _DISEASE.fullmatch(word) and f" {word} " in title:
            yield view.finding("C304", ("title",), f'the title names the diagnosis: "{word}"')
            return


def _words(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.casefold()))} "
