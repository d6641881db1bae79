"""The codes of the case linter: stable names, what each says, and how much it weighs.

An error keeps a case out; a warning needs a waiver with its reason in the file, or is shown on the page of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bedside.findings import Severity

_E, _W = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Code:
    """One way in which a case goes wrong. `name` is a contract: waivers and the documentation use it."""

    name: str
    severity: Severity
    summary: str


_ALL = (
    Code("C100", _E, "The file can't be read as a case: not YAML, an unknown or missing key, a wrong value."),
    Code("C101", _E, "An order that is neither in the catalogue nor a group of the case."),
    Code("C102", _E, "A name that is no variable, and where they are allowed no derived name."),
    Code("C103", _E, "A state that no region has."),
    Code("C104", _E, "An event that the case does not define."),
    Code("C105", _E, "An analyte that the list of analytes does not have."),
    Code("C106", _E, "A state's name used twice, or `dead` given a definition."),
    Code("C107", _E, "A duration is malformed."),
    Code("C108", _E, "A unit is missing or malformed."),
    Code("C109", _E, "An anchor (`from`, `until`, or @ in a script) that names no event."),
    Code("C110", _E, "A guard or an expression can't be read, or uses what the language does not have."),
    Code("C111", _E, "A guard is not one that can be solved: it compares something else than one variable with a number."),
    Code("C112", _E, "One name for two things: a group like an order, a derived name like a variable."),
    Code("C113", _E, "A place that does not exist."),
    Code("C114", _E, "A script has a step that can't be read."),
    Code("C115", _E, "The id differs from the name of the file."),
    Code("C116", _E, "Scripts and `expect` do not fit: a script without a range, a range without a script, no `expert`."),
    Code("C117", _E, "Derived names that need each other."),
    Code("C118", _E, "A takeaway that the bank does not have."),
    Code("C119", _E, "A waiver for a code that is no warning."),
    Code("C120", _W, "A waiver that waives nothing."),
    Code("C201", _E, "A state to which no path leads from `initial`."),
    Code("C202", _E, "A threshold at or outside the bounds of its variable: always true, or never."),
    Code("C203", _E, "An event that no guard, rubric item or script uses."),
    Code("C204", _E, "The expert never meets the end condition."),
    Code("C205", _E, "Transitions that go round in no time."),
    Code("C206", _W, "A state that no script and no fuzz run visits."),
    Code("C207", _E, "A guard that can never hold: its parts contradict each other."),
    Code("C208", _E, "A value at the start outside the bounds of its variable."),
    Code("C301", _E, "The last branch of a finding has a guard, so that there may be no answer."),
    Code("C302", _E, "An analyte without a unit or a reference interval."),
    Code("C303", _E, "Two orders give one analyte by different expressions."),
    Code("C304", _E, "The title names the diagnosis or a synonym of it."),
    Code("C305", _E, "A branch below one without a guard; it is never reached."),
    Code("C306", _W, "Orders that `results` does not list would report normal values of what the case tells in words."),
    Code("C307", _E, "Noise of an analyte that no result reports, or of a vital sign, which the monitor shows as it is."),
    Code("C401", _E, "A critical or capped item without a `why` in the debrief."),
    Code("C402", _E, "A window that opens after the end of the case."),
    Code("C403", _E, "A credit that the expert does not earn in full."),
    Code("C404", _E, "A harm that nothing can trigger."),
    Code("C405", _E, "An allergy, pregnancy or other contraindication that no `avoid` item speaks of."),
    Code("C406", _E, "An item gives credit for what this patient must not have."),
    Code("C407", _E, "Two rubric items with one id."),
    Code("C408", _E, "A `why` for an item that does not exist."),
    Code("C501", _E, "Without one of the expert's actions the case ends otherwise, but no item credits the action."),
    Code("C502", _W, "An order of the expert that changes neither the score nor the patient, and is not neutral."),
    Code("C601", _E, "A script scores outside its range in `expect`."),
    Code("C602", _E, "The expert scores below 95."),
    Code("C603", _E, "Doing nothing scores above 10."),
    Code("C604", _E, "Ordering everything at once scores above 35."),
    Code("C605", _E, "Ordering all that earns credit at once scores above 60."),
    Code("C606", _E, "The expert with a harmful action more does not score lower."),
    Code("C607", _E, "The expert with a neutral order more does not score the same."),
    Code("C608", _E, "The expert scores higher when everything is done later."),
    Code("C700", _E, "A run of a script fails, so that nothing can be proved."),
    Code("C701", _E, "A fuzz run fails, or breaks what must hold of every run."),
    Code("C702", _E, "A candidate who acts by chance scores above 70."),
    Code("C703", _E, "In the graded panel the rank correlation of ability and score is below 0.7."),
    Code("C704", _E, "In the graded panel the medians of the five bands of ability are not in strict order."),
    Code("C705", _E, "In the graded panel more than a tenth of the candidates have one and the same score."),
    Code("C706", _E, "A credit that in the graded panel does not rise with the rest of the points."),
    Code("C707", _W, "A harm that in the graded panel falls on those who earn more of the rest."),
    Code("C708", _W, "A variable stays at a bound for over 30% of the time."),
    Code("C709", _W, "A free point: over 60% of the candidates who act by chance earn it."),
    Code("C710", _W, "Effects, transitions or items that may be left out, and no script notices."),
    Code("C711", _W, "The end condition is met by none but the expert."),
    Code("C801", _W, "Fewer than two clinicians have reviewed it."),
    Code("C802", _W, "A critical item, and no source of the last five years."),
    Code("C803", _W, "The month by which it was to be reviewed again has passed, or none is set."),
    Code("C804", _W, "No license."),
    Code("C901", _E, "No proof: nobody has run `bedside case check --prove` on it."),
    Code("C902", _E, "The proof is stale: the case, the orders it can use, the engine or the rules have changed since."),
    Code("C903", _E, "The file of the proof can't be read."),
)
CODES: Mapping[str, Code] = MappingProxyType({code.name: code for code in _ALL})

# codes that need runs, and those of the proof; the others are found in the file alone
_NEED_RUNS = ("C204", "C206", "C403")
DYNAMIC = frozenset(name for name in CODES if name in _NEED_RUNS or name[:2] in {"C5", "C6", "C7", "C9"})


def code_table() -> str:
    """All codes as a Markdown table."""
    lines = ["| code | weight | what is wrong |", "|---|---|---|"]
    lines += [f"| {code.name} | {code.severity.value} | {code.summary} |" for code in CODES.values()]
    return "\n".join(lines)
