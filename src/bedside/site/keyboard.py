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
    Key(("g", "x"), _("go to Exam, the whole days"), is_letter=True),
    Key(("g", "c"), _("go to Cases"), is_letter=True),
    Key(("g", "s"), _("go to Study, what is due"), is_letter=True),
    Key(("g", "k"), _("go to Cards, your own"), is_letter=True),
    Key(("g", "l"), _("go to Plan, the weeks ahead"), is_letter=True),
    Key(("g", "r"), _("go to Progress"), is_letter=True),
    Key(("g", "j"), _("go to Journey, your story so far"), is_letter=True),
    Key(("g", "w"), _("go to Pathway, the road to the licence"), is_letter=True),
    Key(("g", "b"), _("go to Library"), is_letter=True),
    Key(("g", "e"), _("go to Programmes, the exams"), is_letter=True),
    Key(("g", "m"), _("go to Me"), is_letter=True),
    Key(("Enter",), _("do the page's main thing")),
    Key(("Esc",), _("close what lies on top")),
)
ANSWERING = (
    Key(("1", "9"), _("choose an option by its number, or begin to type one where a number is asked for"), is_letter=True),
    Key(("A", "Z"), _("choose an option by its letter, while the options have the focus")),
    Key(("↓", "↑"), _("move among the options without choosing")),
    Key(("Space",), _("choose the option with the focus")),
    Key(("Enter",), _("confirm the answer, or go on")),
    Key(("s",), _("sure of the answer"), is_letter=True),
    Key(("u",), _("unsure of the answer"), is_letter=True),
    Key(("Alt", "U"), _("take the answer back"), action="clear"),
    Key(("Alt", "X"), _("strike out the option with the focus"), action="strike"),
)
MOVING = (
    Key(("→",), _("next item")),
    Key(("←",), _("previous item")),
    Key(("Alt", "G"), _("go on, from wherever the focus is"), action="next"),
    Key(("Alt", "B"), _("back to the previous item, from wherever the focus is"), action="previous"),
    Key(("Alt", "R"), _("review of the block"), action="review"),
    Key(("Alt", "E"), _("end the block, after one more question"), action="end"),
)
TOOLS = (
    Key(("Alt", "F"), _("flag the item"), action="flag"),
    Key(("Alt", "H"), _("highlight what is selected, or choose sentences"), action="highlight"),
    Key(("Alt", "N"), _("note on the item"), action="notes"),
    Key(("Alt", "L"), _("laboratory values"), action="labs"),
    Key(("Alt", "C"), _("calculator"), action="calculator"),
    Key(("Alt", "T"), _("display: text size, colours and how the page works"), action="display"),
    Key(("Alt", "Z"), _("open the picture large"), action="picture"),
    Key(("Alt", "A"), _("play the sound, or pause it"), action="sound"),
    Key(("Alt", "V"), _("show what the items of a set share, or fold it away"), action="stimulus"),
)
DAY = (
    Key(("Alt", "I"), _("say where you are, what time is left and what is saved"), action="place"),
    Key(("Alt", "W"), _("hide the clock, or show it"), action="clock"),
    Key(("Alt", "P"), _("start a break or end it; inside a block, stop the clock where you may"), action="pause"),
    Key(("Alt", "O"), _("blocks of the day"), action="day"),
    Key(("Alt", "M"), _("messages from the proctor"), action="messages"),
    Key(("Alt", "S"), _("save a copy of what is not sent yet to a file"), action="copy"),
    Key(("Alt", "K"), _("show these keys, with single letters switched off too"), action="keys"),
    Key(("Esc",), _("put the newest notice away")),
)
PICTURE = (
    Key(("+",), _("nearer")),
    Key(("-",), _("farther")),
    Key(("→", "←", "↓", "↑"), _("move the picture")),
    Key(("c", "C"), _("more contrast, less contrast")),
    Key(("b", "B"), _("brighter, darker")),
    Key(("0",), _("as it was")),
    Key(("n",), _("next picture of the item")),
)
CASE = (
    Key(("/",), _("type an order"), is_letter=True),
    Key(("Enter",), _("in the order box: put it into the basket")),
    Key(("Ctrl", "Enter"), _("sign what is in the basket, from wherever the focus is")),
    Key(("e",), _("examine"), is_letter=True),
    Key(("h",), _("ask the patient again: interval history"), is_letter=True),
    Key(("r",), _("go to what came last: results and notes"), is_letter=True),
    Key(("n",), _("let time pass to the next result"), is_letter=True),
    Key(("t",), _("let time pass by so much, or to a day and time"), is_letter=True),
    Key(("w",), _("wait until called: to the next note or result"), is_letter=True),
    Key(("l",), _("move the patient to another location"), is_letter=True),
    Key(("x",), _("stop an order"), is_letter=True),
    Key(("u",), _("in practice: go back to an earlier moment"), is_letter=True),
    Key(("f",), _("finish: final orders, diagnosis, end"), is_letter=True),
    Key(("1", "6"), _("a page of the chart"), is_letter=True),
    Key(("Esc",), _("leave the order box; close what lies on top")),
)
PLAYER = (*ANSWERING, *MOVING, *TOOLS, *DAY)
REPORT = (Key(("t",), _("show or hide the tables behind the pictures"), is_letter=True),)
PATHWAY = (
    Key(("o",), _("open all reasons, or close them"), is_letter=True),
    Key(("t",), _("show or hide the tables"), is_letter=True),
)
AFTER = (
    Key(("1",), _("did not know it"), is_letter=True),
    Key(("2",), _("misread"), is_letter=True),
    Key(("3",), _("confused two things"), is_letter=True),
    Key(("4",), _("changed from right; asked only where the right option stood there before"), is_letter=True),
    Key(("A", "Z"), _("with which option it was confused, while their list has the focus")),
)
STUDY = (
    Key(("Space",), _("show the answer")),
    Key(("1",), _("again: it was gone"), is_letter=True),
    Key(("2",), _("hard: with effort, or in part"), is_letter=True),
    Key(("3",), _("good: it was there"), is_letter=True),
    Key(("4",), _("easy: at once"), is_letter=True),
    Key(("u",), _("take the last grade back, several one after the other"), is_letter=True),
    Key(("Ctrl", "Z"), _("the same, with single letters switched off too")),
    Key(("e",), _("change the card that is shown"), is_letter=True),
    Key(("s",), _("set the card aside; u takes it up again"), is_letter=True),
    Key(("r",), _("play the sound of the card once more"), is_letter=True),
)
CARDS = (
    Key(("n",), _("write a card"), is_letter=True),
    Key(("/",), _("search"), is_letter=True),
)
WRITING = (
    Key(("Ctrl", "Enter"), _("keep the card")),
    Key(("Ctrl", "Shift", "Enter"), _("keep it, and write another")),
    Key(("Ctrl", "K"), _("make a gap of the selected words")),
    Key(("Ctrl", "Shift", "K"), _("make a gap that belongs to the last one")),
)

GROUPS: Mapping[str, tuple[Key, ...]] = {
    "everywhere": EVERYWHERE,
    "answering": ANSWERING,
    "moving": MOVING,
    "tools": TOOLS,
    "day": DAY,
    "after": AFTER,
    "picture": PICTURE,
    "report": REPORT,
    "pathway": PATHWAY,
    "case": CASE,
    "study": STUDY,
    "cards": CARDS,
    "writing": WRITING,
}
NAMES: Mapping[str, str | Promise] = {
    "everywhere": _("On every page"),
    "answering": _("In a block: answering"),
    "moving": _("In a block: moving"),
    "tools": _("In a block: tools"),
    "day": _("The clock, the day and what is saved"),
    "after": _("After a wrong answer, in tutor mode and in a report"),
    "picture": _("While a picture is open"),
    "report": _("On a page with pictures"),
    "pathway": _("On the pages of the pathway"),
    "case": _("In a case"),
    "study": _("In the study queue"),
    "cards": _("On the page of cards"),
    "writing": _("While a card is written"),
}


def alt_keys() -> dict[str, str]:
    """Place of the key on the keyboard → action, for the player's script."""
    return {f"Key{key.presses[-1]}": key.action for key in PLAYER if key.action}
