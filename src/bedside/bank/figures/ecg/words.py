"""What an author may say of an electrocardiogram, and which of it can't be together.

Bounds of rates are those of the usual definitions: junctional escape 40 to 60/min and accelerated to 100, ventricular escape
20 to 40, accelerated idioventricular 50 to 110, atrial flutter 250 to 350 at the atria, ventricular tachycardia over 100
(Surawicz B, Knilans TK. Chou's Electrocardiography in Clinical Practice. 6th ed. 2008; Goldberger AL et al. Goldberger's
Clinical Electrocardiography. 9th ed. 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from bedside.bank.figures.kind import Parameters, Seed

Rhythm = Literal[
    "sinus",
    "sinus-pause",
    "af",
    "flutter",
    "svt",
    "mat",
    "pac",
    "pvc",
    "bigeminy",
    "vt",
    "torsades",
    "vf",
    "asystole",
    "first-degree-block",
    "mobitz-1",
    "mobitz-2",
    "2-to-1-block",
    "third-degree-block",
    "junctional",
    "aivr",
    "paced",
]
Pattern = Literal[
    "normal",
    "lbbb",
    "rbbb",
    "anterior-stemi",
    "inferior-stemi",
    "lateral-stemi",
    "posterior-stemi",
    "pericarditis",
    "lvh",
    "wpw",
    "right-heart-strain",
    "rvh",
    "electrical-alternans",
    "osborn",
]
Conduction = Literal["2:1", "3:1", "4:1", "variable", "3:2", "4:3", "5:4"]

# least, usual and highest rate of the ventricles, per minute; for a rhythm that is not here none is given
RATES: Mapping[str, tuple[float, float, float]] = {
    "sinus": (30, 75, 180),
    "sinus-pause": (50, 68, 100),
    "af": (40, 105, 190),
    "svt": (140, 180, 250),
    "mat": (100, 120, 150),
    "pac": (50, 72, 95),
    "pvc": (50, 72, 95),
    "bigeminy": (50, 76, 95),
    "vt": (120, 180, 240),
    "torsades": (180, 220, 260),
    "first-degree-block": (45, 70, 100),
    "junctional": (40, 50, 100),
    "aivr": (50, 80, 110),
    "paced": (50, 70, 100),
}
_USUAL_RATE: Mapping[str, float] = {"right-heart-strain": 108, "electrical-alternans": 112, "osborn": 46}
ESCAPES: Mapping[str, tuple[float, float, float]] = {"junctional": (35, 45, 60), "ventricular": (20, 32, 45)}
FLUTTER_ATRIAL = (250, 300, 350)
SINUS_BEATS = frozenset({"sinus", "first-degree-block"})
_DROPPING = frozenset({"mobitz-1", "mobitz-2", "2-to-1-block"})
SUPRAVENTRICULAR = SINUS_BEATS | _DROPPING | {"sinus-pause", "af", "flutter", "svt", "mat", "pac", "junctional"}
TWELVE_LEADS = SINUS_BEATS | {"af", "flutter", "svt", "vt", "paced", "third-degree-block", "junctional"}
_TAKEN_BY: Mapping[str, frozenset[str]] = {
    "atrial_rate": _DROPPING | {"third-degree-block"},
    "escape": frozenset({"third-degree-block"}),
    "conduction": frozenset({"mobitz-1", "mobitz-2", "flutter"}),
    "pr": SINUS_BEATS | _DROPPING | {"sinus-pause", "pac", "pvc", "bigeminy"},
    "qrs": SUPRAVENTRICULAR | {"third-degree-block", "pac", "pvc", "bigeminy"},
    "qtc": SUPRAVENTRICULAR | {"third-degree-block", "pvc", "bigeminy"},
    "potassium": SINUS_BEATS,
}
_WITH_SINUS = frozenset({"wpw", "electrical-alternans", "osborn"})
LESS_QT = 0.92  # of an RR interval; a longer QT would end in the next beat


def rhythm_table() -> str:
    """The rhythms and their rates as a table of the documentation."""
    lines = ["| rhythm | rate, per minute | usual |", "|---|---|---|"]
    low, usual, high = FLUTTER_ATRIAL
    others = {
        "flutter": f"the atria {low} to {high}, by `conduction` | {usual} at the atria, 2:1",
        "third-degree-block": " | ".join(
            ("; ".join(f"{name} escape {one[0]:g} to {one[2]:g}" for name, one in ESCAPES.items()), "ventricular, 32")
        ),
        **dict.fromkeys(_DROPPING, "by `atrial_rate`, 50 to 130, and what is conducted | 85 at the atria"),
    }
    for rhythm in get_args(Rhythm):
        bounds = RATES.get(rhythm)
        told = f"{bounds[0]:g} to {bounds[2]:g} | {bounds[1]:g}" if bounds else others.get(rhythm, "none | ")
        lines.append(f"| `{rhythm}` | {told} |")
    return "\n".join(lines)


class EcgWords(Parameters):
    """The words of an electrocardiogram. Durations are in milliseconds, rates per minute, potassium in mEq/L."""

    rhythm: Rhythm = "sinus"
    rate: Annotated[float, Field(ge=20, le=260)] | None = None
    conduction: Conduction | None = None
    atrial_rate: Annotated[float, Field(ge=50, le=130)] = 85
    escape: Literal["junctional", "ventricular"] = "ventricular"
    pattern: Pattern = "normal"
    pr: Annotated[float, Field(ge=80, le=400)] | None = None
    qrs: Annotated[float, Field(ge=70, le=200)] | None = None
    qtc: Annotated[float, Field(ge=320, le=640)] = 410
    potassium: Annotated[float, Field(ge=2, le=9)] = 4
    leads: Literal["II", "12"] = "II"
    seconds: Annotated[float, Field(ge=6, le=10)] = 8
    seed: Seed = 1

    @property
    def duration_s(self) -> float:
        return 10.0 if self.leads == "12" else self.seconds

    @property
    def ventricular_rate(self) -> float:
        """Per minute; of a rhythm in which beats are dropped or come in groups, that of the atria."""
        if self.rate is not None:
            return self.rate
        if self.rhythm == "flutter":
            return FLUTTER_ATRIAL[1] / self.ratio
        if self.rhythm == "third-degree-block":
            return ESCAPES[self.escape][1]
        if self.rhythm == "sinus":
            return _USUAL_RATE.get(self.pattern, RATES["sinus"][1])
        return RATES.get(self.rhythm, (0, 80, 0))[1]

    @property
    def ratio(self) -> float:
        """Beats of the atria to one of the ventricles in atrial flutter."""
        return {"2:1": 2, "3:1": 3, "4:1": 4}.get(self.conduction or "", 3 if self.conduction == "variable" else 2)

    @property
    def rr_s(self) -> float:
        return 60 / self.ventricular_rate

    @property
    def qt_ms(self) -> float:
        """The QT interval at this rate, by the formula of Fridericia (Acta Med Scand 1920;53:469-486)."""
        return float(self.qtc * self.rr_s ** (1 / 3))

    @property
    def pr_ms(self) -> float:
        if self.pr is not None:
            return self.pr
        usual = {"first-degree-block": 280.0, "mobitz-2": 180.0, "2-to-1-block": 180.0}.get(
            self.rhythm, 100.0 if self.pattern == "wpw" else 160.0
        )
        return usual - 0.25 * max(0.0, self.ventricular_rate - 100) if self.rhythm == "sinus" else usual

    @property
    def qrs_ms(self) -> float:
        if self.qrs is not None:
            return self.qrs
        if self.rhythm == "mobitz-2":
            return 125
        return {"lbbb": 150.0, "rbbb": 140.0, "wpw": 130.0}.get(self.pattern, 90.0)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        problem = self._idle_problem() or self._rate_problem() or self._conduction_problem()
        problem = problem or self._pattern_problem() or self._interval_problem()
        if problem:
            raise ValueError(problem)
        return self

    def _idle_problem(self) -> str:
        """A word that this rhythm has no use for."""
        for name, rhythms in _TAKEN_BY.items():
            if name in self.model_fields_set and self.rhythm not in rhythms:
                return f"{self.rhythm} has no use for {name}; leave it out"
        return ""

    def _rate_problem(self) -> str:
        if self.rate is None:
            return ""
        if self.rhythm == "flutter":
            if self.conduction == "variable":
                return "leave rate out: with variable conduction it follows from the atria, at 300/min"
            low, _, high = FLUTTER_ATRIAL
            atrial = self.rate * self.ratio
            if not low <= atrial <= high:
                return f"with this conduction the atria would flutter at {atrial:g}/min; they do at {low} to {high}"
            return ""
        bounds = ESCAPES[self.escape] if self.rhythm == "third-degree-block" else RATES.get(self.rhythm)
        if self.rhythm in _DROPPING:
            return "leave rate out and give atrial_rate, from which that of the ventricles follows"
        if bounds is None:
            return f"leave rate out: {self.rhythm} has none"
        if not bounds[0] <= self.rate <= bounds[2]:
            return f"{self.rhythm} has a rate of {bounds[0]:g} to {bounds[2]:g}/min, not {self.rate:g}"
        return ""

    def _conduction_problem(self) -> str:
        taken = {
            "flutter": get_args(Conduction)[:4],
            "mobitz-1": get_args(Conduction)[4:],
            "mobitz-2": get_args(Conduction)[4:],
        }
        if self.conduction is None or self.conduction in taken[self.rhythm]:
            return ""
        return f"conduction of {self.rhythm} is one of {', '.join(taken[self.rhythm])}"

    def _pattern_problem(self) -> str:
        if self.leads == "12" and "seconds" in self.model_fields_set:
            return "twelve leads are recorded for 10 seconds; leave seconds out"
        if self.leads == "12" and self.rhythm not in TWELVE_LEADS:
            return f"{self.rhythm} is drawn in lead II only; leave leads out"
        if self.pattern != "normal" and self.rhythm not in SUPRAVENTRICULAR:
            return f"a pattern needs beats that come from above; {self.rhythm} has others"
        if self.pattern in _WITH_SINUS and self.rhythm != "sinus":
            return f"pattern={self.pattern} is drawn with sinus rhythm"
        if not 3.5 <= self.potassium <= 5.5 and (self.rhythm not in SINUS_BEATS or self.pattern != "normal"):
            return "a potassium outside 3.5 to 5.5 is drawn with sinus rhythm and pattern=normal"
        return ""

    def _interval_problem(self) -> str:
        if self.rhythm == "first-degree-block" and self.pr_ms < 210:
            return f"a PR of {self.pr_ms:g} ms is no first-degree block; give more than 210"
        if self.pattern == "wpw" and self.pr_ms > 120:
            return f"a PR of {self.pr_ms:g} ms is not that of pre-excitation; give 120 or less"
        if self.rhythm == "sinus" and self.pattern != "wpw" and not 110 <= self.pr_ms <= 210:
            return f"a PR of {self.pr_ms:g} ms is not that of sinus rhythm; see first-degree-block and pattern=wpw"
        if self.rhythm in SINUS_BEATS:
            rr_ms = 1000 * self.rr_s
            if self.qt_ms > LESS_QT * rr_ms:
                return (
                    f"at {self.ventricular_rate:g}/min a QTc of {self.qtc:g} ms would end in the next beat; lower one of them"
                )
            if self.rhythm == "first-degree-block" and self.pr_ms + self.qt_ms > rr_ms + 20:
                return f"at {self.ventricular_rate:g}/min a P wave {self.pr_ms:g} ms ahead would hide in the T wave; lower one"
            if self.pr_ms + self.qrs_ms + 60 > rr_ms:
                return f"at {self.ventricular_rate:g}/min a PR of {self.pr_ms:g} ms would start in the beat before; lower one"
        return ""
