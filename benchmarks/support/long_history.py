"""A long history made up for a benchmark, and the progress pages asked for it. Django is set up before this is imported."""

from __future__ import annotations

import statistics
import time

from django.core.management import call_command
from django.test import Client

from bedside.site import clock
from bedside.site.accounts.models import Profile
from bedside.site.accounts.queries import local_learner
from bedside.site.content import current_content
from bedside.site.exam.models import Response
from bedside.site.study.models import StudyReview
from tests.support.filled_history import ITEMS_A_BLOCK, Life, live

GOAL_MS = 500.0
PAGES = ("/progress", "/progress/blueprint", "/progress/memory", "/progress/answers")
PROGRAMME, STEP = "usmle", "step2ck"
DAYS_WITH_BLOCKS = 0.8


def measure(n_answers: int, n_cards: int, n_days: int, n_repeats: int) -> None:
    """Make the rows, ask for each page, and print what it took."""
    call_command("migrate", verbosity=0)
    user = local_learner()
    Profile.objects.update_or_create(user=user, defaults={"programme": PROGRAMME, "step": STEP, "minutes_a_day": 60})
    n_blocks = max(1, round(n_answers / ITEMS_A_BLOCK / (n_days * DAYS_WITH_BLOCKS)))
    live(user, current_content(), Life(PROGRAMME, STEP, n_days, n_blocks, n_cards), at=clock.now())
    n_memories = StudyReview.objects.values("subject").distinct().count()
    print(f"{Response.objects.count():,} answers, {StudyReview.objects.count():,} reviews of {n_memories:,} memories")
    browser = Client(headers={"host": "127.0.0.1"})
    for path in PAGES:
        first, _ = _asked_ms(browser, path)
        later = [_asked_ms(browser, path) for _ in range(n_repeats)]
        wall, processor = (statistics.median(column) for column in zip(*later, strict=True))
        verdict = "" if wall < GOAL_MS else f"  over the goal of {GOAL_MS:.0f} ms"
        print(f"{path:22} {wall:6.0f} ms ({processor:.0f} ms of processor), first {first:6.0f} ms{verdict}")


def _asked_ms(browser: Client, path: str) -> tuple[float, float]:
    """Wall and processor time of one page."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = browser.get(path)
    took = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took
