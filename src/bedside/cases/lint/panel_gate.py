"""C703 to C707: the graded panel, judged."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.cases.lint.view import View
from bedside.cases.panel import MAX_ON_ONE, MIN_CORRELATION, Panel
from bedside.findings import Finding

_MIN_HARM = -0.05  # a harm that only survivors reach may fall just below 0


def check_panel(view: View, panel: Panel) -> Iterator[Finding]:
    """Is the score that of ability, and does every item go with the rest?"""
    if panel.correlation < MIN_CORRELATION:
        text = f"the rank correlation of ability and score is {panel.correlation:.2f} among {panel.n} candidates"
        yield view.finding("C703", ("rubric",), text, of_key=True)
    if not panel.is_ordered:
        medians = ", ".join(f"{band:.1f}" for band in panel.bands)
        yield view.finding("C704", ("rubric",), f"the medians from the least able to the ablest are {medians}", of_key=True)
    if panel.on_one > MAX_ON_ONE:
        text = f"{panel.on_one:.0%} of {panel.n} candidates score {panel.most_common:.1f}"
        yield view.finding("C705", ("rubric",), text, of_key=True)
    numbers = {item.id: number for number, item in enumerate(view.case.rubric)}
    for item in panel.items:
        path = ("rubric", numbers[item.id], "id")
        if item.correlation is None:
            continue  # all earn it, or nobody does: other codes say so
        if item.is_credit and item.correlation <= 0:
            yield view.finding("C706", path, f"{item.id} has an item-rest correlation of {item.correlation:.2f}")
        if not item.is_credit and item.correlation < _MIN_HARM:
            yield view.finding("C707", path, f"{item.id} has an item-rest correlation of {item.correlation:.2f}")
