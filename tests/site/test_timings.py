"""The server's own histogram of saved batches."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from bedside.site import timings
from bedside.site.timings import GROWTH, LOWEST_MS, N_BUCKETS, Histogram
from tests.support.site import Player


def test_a_percentile_is_at_most_a_tenth_too_high_and_never_too_low() -> None:
    histogram = Histogram()
    values = [0.5 * 1.01**n for n in range(700)]  # half a millisecond to half a second
    for value in values:
        histogram.add(value)
    for share in (0.01, 0.5, 0.99, 0.999, 1.0):
        exact = sorted(values)[max(0, round(share * len(values) + 0.4999) - 1)]
        found = histogram.percentile(share)
        assert found is not None
        assert exact <= found * 1.000001
        assert found <= exact * GROWTH * 1.000001


def test_no_duration_falls_out_of_the_buckets() -> None:
    histogram = Histogram()
    for value in (0.0, LOWEST_MS, 1e9):
        histogram.add(value)
    assert (histogram.counts[0], histogram.counts[-1], histogram.n) == (2, 1, 3)
    assert histogram.percentile(1.0) == LOWEST_MS * GROWTH ** (N_BUCKETS - 1)
    assert LOWEST_MS * GROWTH ** (N_BUCKETS - 2) > 50_000
    assert Histogram().percentile(0.5) is None


@pytest.mark.django_db
def test_saved_batches_are_counted_and_nothing_else(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Histogram()
    monkeypatch.setattr("bedside.site.middleware.SAVED", counted)
    items = player.open_block()  # one batch of two events, and one read
    assert counted.n == 1
    player.do("answered", item=items[0]["id"], choice=["A"], ms=5)
    player.post([{"seq": 1, "type": "no_such_event", "elapsed_ms": 0}], expect=400)  # was not saved
    player.state()
    assert counted.n == 2
    assert counted.sum_ms > 0


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="the system has no such signal")
def test_the_histograms_are_written_on_a_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Histogram()
    counted.add(12.0)
    monkeypatch.setattr(timings, "SAVED", counted)
    before = signal.getsignal(signal.SIGUSR1)
    try:
        timings.write_on_signal(tmp_path / "timings")
        os.kill(os.getpid(), signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    told = json.loads((tmp_path / "timings").read_text())
    assert (told["saved"]["n"], told["saved"]["max_ms"]) == (1, 12.0)
    assert list(tmp_path.iterdir()) == [tmp_path / "timings"]
