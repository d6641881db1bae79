"""The first answer to "would I pass?" in a process compiles what it is reckoned with: some seconds after an installation, a
fraction of one later, since it is kept on disk. A server does that beside its work, before somebody waits for it."""

from __future__ import annotations

import logging
from threading import Timer

from bedside.measure import warm_readiness

logger = logging.getLogger(__name__)

AFTER_S = 20.0  # those who come first of all find the whole machine; whoever asks earlier waits for themselves alone


def warm_up() -> Timer:
    """Once the start is over, make the model ready, on a thread beside."""
    timer = Timer(AFTER_S, _warm)
    timer.daemon = True
    timer.start()
    return timer


def _warm() -> None:
    try:
        warm_readiness()
    except Exception:  # nothing rests on it: the first page that asks would do the same, and tell
        logger.exception("the model of readiness could not be made ready")
