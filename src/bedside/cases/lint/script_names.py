"""C1xx of scripts: steps that can be read, with orders, places, events and ranges that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.cases.case_values import LOCATIONS
from bedside.cases.lint.view import View
from bedside.cases.scripts import Anchored, Step, parse_script
from bedside.errors import UsageError
from bedside.findings import Finding
from bedside.reading import Path_, did_you_mean

BUILT_IN = ("nothing", "everything", "kitchen_sink")  # scripts that are made from the case itself
EXPERT = "expert"
_DURATION = re.compile(r"is not a duration|is longer than 150 years")


def check_scripts(view: View) -> Iterator[Finding]:
    """Every step of every script, and the ranges of `expect`."""
    case = view.case
    for name, script in case.scripts.items():
        # one by one, so that a step that can't be read hides no other
        for part in script.split(";"):
            yield from _steps(view, ("scripts", name), part)
        if name in BUILT_IN:
            yield view.finding("C116", ("scripts", name), f'"{name}" is made from the case; call it otherwise', of_key=True)
        elif name not in case.expect:
            yield view.finding("C116", ("scripts", name), f'no range in `expect` for the script "{name}"', of_key=True)
    known = [*case.scripts, *BUILT_IN]
    for name, span in case.expect.items():
        if name not in known:
            text = f'no script "{name}"{did_you_mean(name, known)}'
            yield view.finding("C116", ("expect", name), text, of_key=True)
        if span.low > span.high:
            yield view.finding("C116", ("expect", name), f"{name}: the lower bound comes first")
    if EXPERT not in case.scripts:
        yield view.finding("C116", ("scripts",), f'no script "{EXPERT}"', of_key=True)


def _steps(view: View, path: Path_, part: str) -> Iterator[Finding]:
    try:
        script = parse_script(part)
    except UsageError as error:
        yield view.finding("C107" if _DURATION.search(str(error)) else "C114", path, str(error))
        return
    for step in script.steps:
        for code, text in _names(view, step):
            yield view.finding(code, path, f'"{" ".join(part.split())}": {text}')


def _names(view: View, step: Step) -> Iterator[tuple[str, str]]:
    if isinstance(step.at, Anchored) and step.at.event not in view.case.events:
        yield "C109", f'no event "{step.at.event}"{did_you_mean(step.at.event, list(view.case.events))}'
    for word in step.args:
        if step.verb in {"order", "cancel"} and not view.is_order(word):
            yield "C101", f'no order "{word}"{did_you_mean(word, list(view.catalogue.orders))}'
        if step.verb == "exam" and not view.is_order(f"exam_{word}"):
            yield "C101", f'no examination "{word}"'
        if step.verb == "move" and word not in LOCATIONS:
            yield "C113", f'no place "{word}"; there are {", ".join(LOCATIONS)}'
