"""Ways to spoil a sound item, or to bring it near a flaw."""

from __future__ import annotations

from typing import Any

from tests.support.lint import OPTIONS, STEM

Change = dict[str, Any]  # arguments of `made`


def stem(text: str) -> Change:
    return {"stem": text}


def more(text: str) -> Change:
    return {"stem": f"{STEM} {text}"}


def lead(text: str) -> Change:
    return {"lead_in": text}


def options(*options: str, lead_in: str = "Which of the following is the most likely cause of these findings?") -> Change:
    return {"options": options, "lead_in": lead_in}


def with_last(option: str, *, key: bool = False) -> Change:
    """The sound options, the last replaced."""
    return {"options": (*OPTIONS[:4], f"*{option}") if key else (*OPTIONS[:4], option)}


def head(**head: str) -> Change:
    return {"head": head}
