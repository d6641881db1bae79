"""When the chambers beat: the P waves and QRS complexes of each rhythm on one time axis.

Intervals and their behaviour are those of the usual definitions (Surawicz B, Knilans TK. Chou's Electrocardiography in Clinical
Practice. 6th ed. 2008): a Wenckebach period lengthens PR by less each time, so that RR shortens before the pause; a ventricular
premature beat leaves the sinus node alone, so that its pause is compensatory; an atrial one resets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import pi, sin

from bedside.bank.figures.ecg.words import FLUTTER_ATRIAL, EcgWords
from bedside.bank.figures.tracing import Chance

BEFORE_S, AFTER_S = 3.0, 2.0  # of activity before and after what is drawn, so that the edges are as the middle


@dataclass(frozen=True, slots=True)
class Atrial:
    """A P wave from its onset. `kind` is "sinus", "retrograde", or "ectopic-1" to "ectopic-3"."""

    at_s: float
    kind: str = "sinus"


@dataclass(frozen=True, slots=True)
class Ventricular:
    """A QRS complex from its onset, with the RR interval that its QT is fitted to."""

    at_s: float
    kind: str = "conducted"  # or "ectopic", "tachycardia", "escape", "paced", "twisting"
    rr_s: float = 0.8
    strength: float = 1.0


@dataclass(slots=True)
class Activity:
    """All that the heart does in the time of a strip. `background` is "fibrillation", "flutter" or "chaos" or nothing."""

    atria: list[Atrial] = field(default_factory=list)
    ventricles: list[Ventricular] = field(default_factory=list)
    background: str = ""
    atrial_rate: float = 0.0


def beats_of(words: EcgWords) -> Activity:
    """The activity of a rhythm from `BEFORE_S` before the strip to `AFTER_S` after it."""
    return _RHYTHMS[words.rhythm](words, Chance(words.seed, f"ecg {words.rhythm}"))


def _times(words: EcgWords, next_rr_s: Callable[[int, float], float]) -> Iterator[tuple[float, float]]:
    """Onset of each beat, and the interval to the next one."""
    at, n = -BEFORE_S + 0.35, 0
    while at < words.duration_s + AFTER_S:
        rr = next_rr_s(n, at)
        yield at, rr
        at, n = at + rr, n + 1


def _breathing(rr_s: float) -> Callable[[int, float], float]:
    """Sinus rhythm quickens a little with each breath, less so when it is fast."""
    depth = 0.03 * min(1.0, rr_s / 0.8) ** 2
    return lambda _, at: rr_s * (1 + depth * sin(2 * pi * 0.22 * at))


def _sinus(words: EcgWords, _: Chance) -> Activity:
    done = Activity()
    for n, (at, rr) in enumerate(_times(words, _breathing(words.rr_s))):
        done.atria.append(Atrial(at))
        strength = _SWINGING[n % 2] if words.pattern == "electrical-alternans" else 1.0
        done.ventricles.append(Ventricular(at + words.pr_ms / 1000, rr_s=rr, strength=strength))
    return done


_SWINGING = (0.42, 0.2)  # of a heart that swings in a large effusion, beat about: small, and smaller


def _pausing(words: EcgWords, chance: Chance) -> Activity:
    """The sinus node misses its beats for a time that is no multiple of its interval."""
    done = Activity()
    at_n = round((BEFORE_S + chance.between(0.25, 0.4) * words.duration_s) / words.rr_s)
    gap = 2.45 if words.rr_s > 0.85 else 3.4
    for at, rr in _times(words, lambda n, _: words.rr_s * (gap if n == at_n else 1)):
        done.atria.append(Atrial(at))
        done.ventricles.append(Ventricular(at + words.pr_ms / 1000, rr_s=min(rr, words.rr_s)))
    return done


def _fibrillation(words: EcgWords, chance: Chance) -> Activity:
    done = Activity(background="fibrillation")
    shares = _spread_out(chance)
    for at, rr in _times(words, lambda n, _: words.rr_s * shares[n % len(shares)]):
        done.ventricles.append(Ventricular(at, rr_s=max(rr, 0.8 * words.rr_s), strength=chance.between(0.94, 1.06)))
    return done


def _spread_out(chance: Chance) -> list[float]:
    """Shares of the mean RR, of mean 1 over each ten, no two in a row alike: irregular without a pattern."""
    shares = [0.66, 0.74, 0.81, 0.88, 0.95, 1.02, 1.1, 1.2, 1.3, 1.34]
    done: list[float] = []
    for _ in range(8):
        left = list(shares)
        while left:
            apart = [n for n, one in enumerate(left) if not done or abs(one - done[-1]) > 0.1]
            done.append(left.pop(apart[chance.one_of(len(apart))] if apart else 0))
    return done


def _flutter(words: EcgWords, chance: Chance) -> Activity:
    is_variable = words.conduction == "variable"
    atrial = FLUTTER_ATRIAL[1] if is_variable else words.ventricular_rate * words.ratio
    cycle = 60 / atrial
    ratios = [2, 4, 3, 4, 2, 3, 4, 4, 2, 3]
    turn = chance.one_of(len(ratios))
    done = Activity(background="flutter", atrial_rate=atrial)
    for at, rr in _times(words, lambda n, _: cycle * (ratios[(n + turn) % len(ratios)] if is_variable else words.ratio)):
        done.ventricles.append(Ventricular(at, rr_s=max(rr, 0.4)))
    return done


def _reentry(words: EcgWords, _: Chance) -> Activity:
    """AV nodal re-entry: the atria are reached backwards, at the end of the QRS."""
    done = Activity()
    for at, rr in _times(words, lambda *_: words.rr_s):
        done.ventricles.append(Ventricular(at, rr_s=rr))
        done.atria.append(Atrial(at + words.qrs_ms / 1000 - 0.01, "retrograde"))
    return done


def _multifocal(words: EcgWords, chance: Chance) -> Activity:
    done = Activity()
    order = [0, 1, 2, 0, 2, 1, 3, 1, 0, 3, 2]
    prs = [0.15, 0.12, 0.18, 0.135]
    shares = [1.0, 0.84, 1.2, 0.92, 1.12, 0.8, 1.14, 0.98]
    turn = chance.one_of(len(order))
    for n, (at, rr) in enumerate(_times(words, lambda n, _: words.rr_s * shares[n % len(shares)] * chance.around(1, 0.015))):
        focus = order[(n + turn) % len(order)]
        done.atria.append(Atrial(at, f"ectopic-{focus}" if focus else "sinus"))
        done.ventricles.append(Ventricular(at + prs[focus], rr_s=rr))
    return done


def _premature_atrial(words: EcgWords, chance: Chance) -> Activity:
    done = Activity()
    first = 2 + chance.one_of(3)

    def next_rr(n: int, _: float) -> float:
        place = (n - first) % 5
        return words.rr_s * {3: 0.66, 4: 1.08}.get(place, 1.0)  # early, then the node starts anew

    for n, (at, rr) in enumerate(_times(words, next_rr)):
        is_early = (n - first) % 5 == 4
        done.atria.append(Atrial(at, "ectopic-1" if is_early else "sinus"))
        done.ventricles.append(Ventricular(at + words.pr_ms / 1000 + (0.02 if is_early else 0), rr_s=max(rr, words.rr_s)))
    return done


def _premature_ventricular(words: EcgWords, chance: Chance) -> Activity:
    is_bigeminy = words.rhythm == "bigeminy"
    period, first = (2, 1) if is_bigeminy else (5, 2 + chance.one_of(4))
    done = Activity()
    coupling = 0.62 * words.rr_s
    for n, (at, rr) in enumerate(_times(words, lambda *_: words.rr_s)):
        done.atria.append(Atrial(at))  # the sinus node goes on; the wave lies in the early beat
        qrs = at + words.pr_ms / 1000
        if (n - first) % period:
            done.ventricles.append(Ventricular(qrs, rr_s=rr))
        else:
            done.ventricles.append(Ventricular(qrs - words.rr_s + coupling, "ectopic", rr_s=rr))
    return done


def _ventricular(words: EcgWords, _: Chance) -> Activity:
    """Ventricular tachycardia, or an accelerated rhythm: the atria go on by themselves."""
    kind, atrial_s = ("tachycardia", 60 / 78) if words.rhythm == "vt" else ("ectopic", 60 / 64)
    done = Activity()
    for at, rr in _times(words, lambda *_: words.rr_s):
        done.ventricles.append(Ventricular(at, kind, rr_s=rr))
    done.atria += [Atrial(at + 0.11) for at, _ in _times(words, lambda *_: atrial_s)]
    return done


def _torsades(words: EcgWords, chance: Chance) -> Activity:
    """Two beats with a long QT, a late one after a pause, and the beat that falls into its T wave starts the twisting."""
    done = Activity()
    slow = 0.92
    for at in (0.1 - 2 * slow, 0.1 - slow, 0.1, 0.1 + slow):
        done.atria.append(Atrial(at))
        done.ventricles.append(Ventricular(at + words.pr_ms / 1000, "long", rr_s=slow))
    at = done.ventricles[-1].at_s + 0.47
    start = at
    while at < words.duration_s + AFTER_S:
        done.ventricles.append(Ventricular(at, "twisting", rr_s=words.rr_s, strength=at - start))
        at += words.rr_s * chance.around(1, 0.025)
    return done


def _chaos(_: EcgWords, __: Chance) -> Activity:
    return Activity(background="chaos")


def _nothing(_: EcgWords, __: Chance) -> Activity:
    return Activity()


def _wenckebach(words: EcgWords, chance: Chance) -> Activity:
    """PR lengthens from beat to beat, by less each time, until a P wave is not followed by a QRS."""
    n_atrial = int((words.conduction or "4:3").partition(":")[0])
    return _dropping(words, chance, n_atrial, lambda place: 0.11 * (1 - 0.45**place) / 0.55 if place else 0.0)


def _mobitz_2(words: EcgWords, chance: Chance) -> Activity:
    n_atrial = int((words.conduction or "4:3").partition(":")[0])
    return _dropping(words, chance, n_atrial, lambda _: 0.0)


def _dropping(words: EcgWords, chance: Chance, n_atrial: int, more_pr_s: Callable[[int], float]) -> Activity:
    done = Activity()
    turn = chance.one_of(n_atrial)
    rr = 60 / words.atrial_rate
    for n, (at, _) in enumerate(_times(words, lambda *_: rr)):
        place = (n + turn) % n_atrial
        done.atria.append(Atrial(at))
        if place < n_atrial - 1:
            done.ventricles.append(Ventricular(at + words.pr_ms / 1000 + more_pr_s(place), rr_s=rr))
    return done


def _complete_block(words: EcgWords, _: Chance) -> Activity:
    done = Activity()
    ratio = words.atrial_rate / words.ventricular_rate
    is_in_step = abs(ratio - round(ratio)) < 0.08  # would look as if beats were conducted
    atrial_s = 60 / words.atrial_rate * (0.945 if is_in_step else 1)
    done.atria += [Atrial(at) for at, _ in _times(words, lambda *_: atrial_s)]
    kind = "conducted" if words.escape == "junctional" else "escape"
    done.ventricles += [Ventricular(at + 0.27, kind, rr_s=min(rr, 1.2)) for at, rr in _times(words, lambda *_: words.rr_s)]
    return done


def _junctional(words: EcgWords, _: Chance) -> Activity:
    done = Activity()
    for at, rr in _times(words, lambda *_: words.rr_s):
        done.atria.append(Atrial(at, "retrograde"))
        done.ventricles.append(Ventricular(at + 0.1, rr_s=rr))
    return done


def _paced(words: EcgWords, _: Chance) -> Activity:
    return Activity(ventricles=[Ventricular(at, "paced", rr_s=rr) for at, rr in _times(words, lambda *_: words.rr_s)])


_RHYTHMS: Mapping[str, Callable[[EcgWords, Chance], Activity]] = {
    "sinus": _sinus,
    "first-degree-block": _sinus,
    "sinus-pause": _pausing,
    "af": _fibrillation,
    "flutter": _flutter,
    "svt": _reentry,
    "mat": _multifocal,
    "pac": _premature_atrial,
    "pvc": _premature_ventricular,
    "bigeminy": _premature_ventricular,
    "vt": _ventricular,
    "aivr": _ventricular,
    "torsades": _torsades,
    "vf": _chaos,
    "asystole": _nothing,
    "mobitz-1": _wenckebach,
    "mobitz-2": _mobitz_2,
    "2-to-1-block": lambda words, chance: _dropping(words, chance, 2, lambda _: 0.0),
    "third-degree-block": _complete_block,
    "junctional": _junctional,
    "paced": _paced,
}
