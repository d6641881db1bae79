"""The piece of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.bank.search.answering import Answers
from bedside.bank.search.document import as_read, weight_of, without_targets
from bedside.bank.search.found import Snippet

LETTERS = 180  # of a piece, about two lines
BEFORE = 50  # of them before the first word that was looked for

_Mark = tuple[int, int, int]  # from, before, and which of the typed words


def snippet(texts: Sequence[tuple[str, str]], answers: Answers, n_wanted: int) -> Snippet | None:
    """The piece that has the most of the typed words, of the fields that count most; None where no text has any.

    Args:
        texts: the name of each field, and its Markdown.
        answers: which of the typed words a written word answers.
        n_wanted: how many typed words there are.
    """
    best: tuple[int, Snippet] | None = None
    for field, markdown in sorted(texts, key=lambda one: -weight_of(one[0])):
        if best is not None and best[0] >= n_wanted:
            break
        units = answers.units_in(without_targets(markdown)) - {None}
        if len(units) <= (best[0] if best else 0):
            continue  # no piece of it can have more than what was found
        text = as_read(markdown)
        marks: list[_Mark] = []
        for match in answers.pattern_for(text).finditer(text):
            unit = answers[match.group()]
            if unit is not None:
                marks.append((match.start(), match.end(), unit))
        if not marks:
            continue
        n_units, piece = _piece(field, text, marks)
        if best is None or n_units > best[0]:
            best = n_units, piece
    return best[1] if best else None


def _piece(field: str, text: str, marks: Sequence[_Mark]) -> tuple[int, Snippet]:
    """The window with the most different words in it, and how many they are."""
    first, most = 0, 0
    for n, (start, _, _) in enumerate(marks):
        units = {unit for at, end, unit in marks[n : n + 24] if end - start <= LETTERS - BEFORE}
        if len(units) > most:
            first, most = n, len(units)
    start = _gap(text, max(0, marks[first][0] - BEFORE), marks[first][0])
    end = min(len(text), start + LETTERS)
    if end < len(text):
        cut = text.rfind(" ", marks[first][1], end)
        end = cut if cut > 0 else max(end, marks[first][1])
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    shift = len(before) - start
    inside = tuple((at + shift, to + shift) for at, to, _ in marks if at >= start and to <= end)
    return max(1, most), Snippet(field, f"{before}{text[start:end]}{after}", inside)


def _gap(text: str, start: int, before: int) -> int:
    """Where the next word begins, so that none is cut; at the latest where the marked one does."""
    if start == 0:
        return 0
    place = text.find(" ", start, before)
    return place + 1 if place >= 0 else before
