"""The note types of what is written for Anki: fixed numbers, fields and cards, so that a second import meets the first.

Anki takes a note type with the same number and other fields for a new one. So fields and cards here are never changed; what has
to change becomes a note type with another name.
"""

from __future__ import annotations

from bedside.anki import NoteType, Template, stable_id

_CSS = (
    ".card { font-family: sans-serif; font-size: 20px; line-height: 1.5; text-align: left; color: black; background: white; }\n"
    ".cloze { font-weight: bold; color: #1a4fba; }\n"
    ".nightMode .cloze { color: #8fb4ff; }\n"
    ".sources { font-size: 14px; opacity: 0.7; }\n"
)
_LINE = "\n\n<hr id=answer>\n\n"


def _made(name: str, fields: tuple[str, ...], templates: tuple[Template, ...], *, is_cloze: bool = False) -> NoteType:
    return NoteType(stable_id(f"bedside note type: {name}"), f"Bedside {name}", is_cloze, fields, templates, _CSS)


BASIC = _made("card", ("Front", "Back"), (Template("Card 1", "{{Front}}", "{{FrontSide}}" + _LINE + "{{Back}}"),))
REVERSED = _made(
    "card, both ways",
    ("Front", "Back"),
    (
        Template("Card 1", "{{Front}}", "{{FrontSide}}" + _LINE + "{{Back}}"),
        Template("Card 2", "{{Back}}", "{{FrontSide}}" + _LINE + "{{Front}}"),
    ),
)
CLOZE = _made(
    "card with gaps",
    ("Text", "Extra"),
    (Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}{{#Extra}}<hr>{{Extra}}{{/Extra}}"),),
    is_cloze=True,
)
TAKEAWAY = _made(
    "takeaway",
    ("Text", "Takeaway", "Sources", "Id"),
    (
        Template(
            "Cloze",
            "{{cloze:Text}}",
            '{{cloze:Text}}<hr>{{Takeaway}}{{#Sources}}<p class="sources">{{Sources}}</p>{{/Sources}}',
        ),
    ),
    is_cloze=True,
)
QUESTION = _made(
    "question",
    ("Question", "Options", "Answer", "Explanation", "Takeaway", "Sources", "Id"),
    (
        Template(
            "Card 1",
            "{{Question}}{{Options}}",
            "{{FrontSide}}" + _LINE + "{{Answer}}{{Explanation}}{{#Takeaway}}<hr>{{Takeaway}}{{/Takeaway}}"
            '{{#Sources}}<p class="sources">{{Sources}}</p>{{/Sources}}',
        ),
    ),
)
OWN = {"basic": BASIC, "reversed": REVERSED, "cloze": CLOZE}
