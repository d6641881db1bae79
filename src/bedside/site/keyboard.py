"""The keys of the pages, in one table: `?` shows it, the scripts read it, and `docs/reference/keys.md` is compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Key:
    """What to press and what it does.

    `presses` are shown one after the other. `is_letter` says that it is a key without Alt, which a person may switch off
    (WCAG 2.2, criterion 2.1.4). `action` names what the player's script does, where the key is Alt with a letter.
    """

    presses: tuple[str, ...]
    text: str | Promise
    is_letter: bool = False
    action: str = ""


EVERYWHERE = (
    Key(("?",), _("show these keys"), is_letter=True),
    Key(("g", "t"), _("go to Today"), is_letter=True),
    Key(("g", "p"), _("go to Practice"), is_letter=True),
    Key(("g", "e"), _("go to Programmes, the exams"), is_letter=True),
    Key(("g", "m"), _("go to Me"), is_letter=True),
    Key(("Enter",), _("do the page's main thing")),
    Key(("Esc",), _("close what lies on top")),
)
PLAYER = (
    Key(("1", "9"), _("choose an option by its number"), is_letter=True),
    Key(("A", "Z"), _("choose an option by its letter, while the options have the focus")),
    Key(("Enter",), _("confirm the answer, or go on")),
    Key(("→",), _("next item")),
    Key(("←",), _("previous item")),
    Key(("↓", "↑"), _("move among the options without choosing")),
    Key(("Space",), _("choose the option with the focus")),
    Key(("s",), _("sure of the answer"), is_letter=True),
    Key(("u",), _("unsure of the answer"), is_letter=True),
    Key(("Alt", "F"), _("flag the item"), action="flag"),
    Key(("Alt", "X"), _("strike out the option with the focus"), action="strike"),
    Key(("Alt", "H"), _("highlight what is selected, or choose sentences"), action="highlight"),
    Key(("Alt", "N"), _("note on the item"), action="notes"),
    Key(("Alt", "L"), _("laboratory values"), action="labs"),
    Key(("Alt", "C"), _("calculator"), action="calculator"),
    Key(("Alt", "T"), _("text size and colours"), action="display"),
    Key(("Alt", "R"), _("review of the block"), action="review"),
)
REPORT = (Key(("t",), _("show or hide the tables behind the pictures"), is_letter=True),)

GROUPS: Mapping[str, tuple[Key, ...]] = {"everywhere": EVERYWHERE, "player": PLAYER, "report": REPORT}
NAMES: Mapping[str, str | Promise] = {
    "everywhere": _("On every page"),
    "player": _("In a block"),
    "report": _("On a page with pictures"),
}


def alt_keys() -> dict[str, str]:
    """Place of the key on the keyboard → action, for the player's script."""
    return {f"Key{key.presses[-1]}": key.action for key in PLAYER if key.action}
