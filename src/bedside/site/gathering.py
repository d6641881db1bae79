"""What several calls of one thread ask of the database, asked together.

The web server serves the calls that save answers in one thread (`cli/saving_thread.py`), each in turn up to where it has to
ask for something that others will ask for as well: whose token it brings, and that its events be kept. There it is put aside.
Once all have come so far, each kind of question is answered for all in one go, and they go on. In any other thread a question
is answered at once, by the same function, alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import local
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Question = TypeVar("Question")


@dataclass(frozen=True, slots=True)
class Aside:
    """A question of a call that was put aside, and what answers all of its kind by writing into each."""

    question: Any
    answer: Callable[[Sequence[Any]], None]


_HERE = local()


def gather_here(put_aside: Callable[[Aside], None]) -> None:
    """From now on questions of this thread are put aside: `put_aside` returns once `answer_all` was given them."""
    _HERE.put_aside = put_aside


def is_gathering() -> bool:
    """Are questions of this thread put aside?"""
    return getattr(_HERE, "put_aside", None) is not None


def ask(question: Question, answer: Callable[[Sequence[Question]], None]) -> None:
    """Have a question answered, with others of its kind where this thread gathers them.

    There an answer that breaks off is logged, and the question left as it was: whoever asked has to see to that.
    """
    if is_gathering():
        _HERE.put_aside(Aside(question, answer))
    else:
        answer([question])


def answer_all(asides: Sequence[Aside]) -> None:
    """Answer the questions that were put aside, each kind in one go. One kind's failure takes no other with it."""
    kinds: dict[Callable[[Sequence[Any]], None], list[Any]] = {}
    for aside in asides:
        kinds.setdefault(aside.answer, []).append(aside.question)
    for answer, questions in kinds.items():
        try:
            answer(questions)
        except Exception:
            log.exception("answering %d questions together broke off", len(questions))
