"""The first answer to "would I pass?" in a process compiles what it is reckoned with: some seconds after an installation, a
fraction of one later, since it is kept on disk. A server does that beside its work, before somebody waits for it."""

from __future__ import annotations

import logging
from threading import Timer

import numpy as np

from bedside.measure import AnswerHistory, AreaItems, fresh_form, judged_items, readiness
from bedside.site.passing.pool import LEAST_ITEMS

logger = logging.getLogger(__name__)


AFTER_S = 20.0  # those who come first of all find the whole machine; whoever asks earlier waits for themselves alone


def warm_up() -> Timer:
    """Once the start is over, ask for the readiness of somebody made up, on a thread beside."""
    timer = Timer(AFTER_S, _ask)
    timer.daemon = True
    timer.start()
    return timer


def _ask() -> None:
    try:
        names = ("a", "b")
        pool = AreaItems(judged_items(names, np.full(2, 0.6), np.full(2, 5)), np.array([0, 1], dtype=np.int16), 2)
        form = fresh_form(pool, np.full(2, 0.5), LEAST_ITEMS)
        day, places = np.array([1, 2], dtype=np.int32), np.array([0, 1], dtype=np.int32)
        answers = AnswerHistory.of(day, places, np.ones(2, dtype=np.bool_), np.zeros(2, dtype=np.bool_))
        readiness(answers, pool, form, 3)
    except Exception:  # nothing rests on it: the first page that asks would do the same, and tell
        logger.exception("the model of readiness could not be made ready")
