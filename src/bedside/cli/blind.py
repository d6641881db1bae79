"""An item for whoever answers blind: without key and explanations.

Figures are drawn into a folder, and in the text only named, since their words would tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bedside.bank import Item, figure_alone, svg_of
from bedside.cli.whole_file import write_whole
from bedside.errors import StoreError

_FIGURE = re.compile(r"(?<!\\)!\[(?P<words>[^\]\n]*)\]\(figure:(?P<target>[^()\n]*)\)")


def blind_text(item: Item, *, is_covered: bool = False) -> str:
    """The item as a reviewer answers it; `is_covered`: without the options, to answer in one's own words first."""
    lines = [item.id, ""]
    if item.stimulus:
        lines += [item.stimulus.title, "", item.stimulus.text, ""]
    lines += [hidden(item, item.stem), ""] if item.stem else []
    lines += [item.lead_in, ""]
    if not is_covered:
        lines += [f"  {option.letter}. {hidden(item, option.text)}" for option in item.options]
    return "\n".join(lines).rstrip()


def hidden(item: Item, text: str) -> str:
    """The text with the file's name in the place of each figure's parameters."""
    numbers = iter(range(1, text.count("](figure:") + 1))
    return _FIGURE.sub(lambda found: f"![{found['words']}]({_name(item, next(numbers))})", text)


def draw(items: Sequence[Item], folder: Path) -> None:
    """Draw the figures of the stems, one file each.

    Raises:
        StoreError: the folder can't be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} can't be made: {error.strerror}") from None
    for item in items:
        for n, found in enumerate(_FIGURE.finditer(item.stem), start=1):
            drawn = figure_alone(svg_of(found["target"].strip(), found["words"]))
            write_whole(folder / _name(item, n), f"{drawn}\n".encode())


def _name(item: Item, n: int) -> str:
    return f"{item.id.replace(':', '-')}-{n}.svg"
