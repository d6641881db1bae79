"""What a reader with calipers finds in a recording: from the numbers alone, by ways that the model does not know."""

from __future__ import annotations

from typing import Any

import numpy as np

from bedside.bank.figures.ecg import Recording, record
from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.tracing import Numbers

PER_S = 500


def beats(recording: Recording, *, least_s: float = 0.2, share: float = 0.35) -> Numbers:
    """Seconds of the QRS complexes: where all leads move fastest, or at a `share` of it, no two nearer than `least_s`."""
    speed = _speed(recording)
    found: list[int] = []
    for n in np.argsort(-speed):
        if speed[n] < share * speed.max():
            break
        if all(abs(int(n) - other) > least_s * PER_S for other in found):
            found.append(int(n))
    return np.array(sorted(found)) / PER_S


def qrs_span(recording: Recording, at_s: float) -> tuple[float, float]:
    """Onset and end of the QRS around a place, in seconds: as far as any lead still moves fast."""
    speed = _speed(recording)
    middle = round(at_s * PER_S)
    quiet = 0.075 * speed[max(0, middle - 40) : middle + 40].max()
    first = last = middle
    while first > 0 and speed[max(0, first - 8) : first].max() > quiet:
        first -= 1
    while last < len(speed) - 1 and speed[last + 1 : last + 9].max() > quiet:
        last += 1
    return first / PER_S, last / PER_S


def at(recording: Recording, lead: str, seconds: float) -> float:
    return float(recording.mv[lead][round(seconds * PER_S)])


def within(recording: Recording, lead: str, first_s: float, last_s: float) -> Numbers:
    return recording.mv[lead][max(0, round(first_s * PER_S)) : round(last_s * PER_S) + 1]


def whole(recording: Recording, found: Numbers, *, before_s: float = 0.35, after_s: float = 0.75) -> Numbers:
    """The beats that have room on both sides."""
    kept: Numbers = found[(found > before_s) & (found < recording.at_s[-1] - after_s)]
    return kept


def spread(intervals: Numbers) -> float:
    """The coefficient of variation."""
    return float(np.std(intervals) / np.mean(intervals))


def p_onset(recording: Recording, qrs_onset_s: float, *, room_s: float = 0.42) -> float:
    """Onset of the last P wave before a QRS: where lead II leaves the baseline, in either direction."""
    part = within(recording, "II", qrs_onset_s - room_s, qrs_onset_s - 0.012)
    level = part - np.median(part)
    top = len(level) - 1 - int(np.argmax(np.abs(level[::-1])))
    first = top
    while first > 0 and abs(level[first]) > 0.15 * abs(level[top]):
        first -= 1
    return qrs_onset_s - room_s + first / PER_S


def level(recording: Recording, lead: str, qrs: tuple[float, float], *, after_s: float = 0.05) -> float:
    """ST level in mV after the end of the QRS, against the level before the P wave."""
    return at(recording, lead, qrs[1] + after_s) - at(recording, lead, qrs[0] - 0.24)


def _speed(recording: Recording) -> Numbers:
    return np.sqrt(
        sum(np.gradient(mv) ** 2 for lead, mv in recording.mv.items() if lead in {"I", "II", "V1", "V2", "V4", "V6"})
    )


def recorded(**words: Any) -> Recording:
    return record(EcgWords(**{"seconds": 10, **words}))


def rate_of(recording: Recording) -> float:
    return float(60 / np.mean(np.diff(beats(recording))))


def seen(recording: Recording) -> list[Any]:
    return [p for p in recording.activity.atria if 0 <= p.at_s <= recording.at_s[-1] - 0.2]
