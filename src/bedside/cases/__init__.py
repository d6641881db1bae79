"""Patient cases: one reviewed file each, an exact engine that runs it in virtual time, and the score of a run."""

from bedside.cases.attribution import PARSIMONY, Change, Loss, losses_of
from bedside.cases.case_file import CaseFile
from bedside.cases.case_folder import Cases, parse_case, read_case, read_cases
from bedside.cases.catalogue import Catalogue, Place, load_catalogue
from bedside.cases.commands import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Command,
    End,
    Examine,
    History,
    Move,
    Order,
)
from bedside.cases.compiled import compile_case
from bedside.cases.counterfactual import Act, Add, Drop, Edit, Played, Replayed, Retime, acts_of, play_again, window_s
from bedside.cases.courses import Following, Planned, course_of, follow
from bedside.cases.durations import format_duration, parse_duration
from bedside.cases.emitted import (
    Collected,
    Emitted,
    Ended,
    EventReached,
    Examined,
    Moved,
    Note,
    Placed,
    Refused,
    Resulted,
    Started,
    StateEntered,
    Stopped,
)
from bedside.cases.engine import Run
from bedside.cases.evidence import Answer as JobAnswer
from bedside.cases.evidence import Bench, Evidence, Job, evidence_of
from bedside.cases.fuzzing import Failure, Tally, added_up, candidate_run, failure_of, shrunk
from bedside.cases.graph import graph_svg
from bedside.cases.json_schema import case_schema, case_schema_text
from bedside.cases.lint import CODES, DYNAMIC, Code, check_case, check_evidence, code_table
from bedside.cases.motion import Anchor, value_at
from bedside.cases.normal_reports import Line, Report, normal_report
from bedside.cases.panel import Panel, panel_of
from bedside.cases.plans import Case
from bedside.cases.policies import references
from bedside.cases.proof import Proof, check_proof, is_stale, proof_path, proof_text, prove, read_proof, stale
from bedside.cases.record import ActionTaken, Record
from bedside.cases.scoring import Cost, Limit, Score, ScoreLine, score
from bedside.cases.scripts import Anchored, Fixed, Script, Step, everything, kitchen_sink, nothing, parse_script, run_script
from bedside.cases.search import Answer, Hit, OrderSearch, Tier
from bedside.cases.timeline import Mark, Series, Wait, Window, marks_of, series_of, waits_of, windows_of
from bedside.cases.transcript import (
    SEMANTICS,
    Aside,
    Transcript,
    digest_of,
    read_transcript,
    replay,
    transcript_of,
    write_transcript,
)
from bedside.cases.treatment import SCALES
from bedside.cases.usable import orders_digest, own_orders, usable_orders
from bedside.cases.world import Placement

__all__ = [
    "CODES",
    "DYNAMIC",
    "PARSIMONY",
    "SCALES",
    "SEMANTICS",
    "Act",
    "ActionTaken",
    "Add",
    "Advance",
    "AdvanceToResult",
    "AdvanceUntilCalled",
    "Anchor",
    "Anchored",
    "Answer",
    "Aside",
    "Bench",
    "Cancel",
    "Case",
    "CaseFile",
    "Cases",
    "Catalogue",
    "Change",
    "Code",
    "Collected",
    "Command",
    "Cost",
    "Drop",
    "Edit",
    "Emitted",
    "End",
    "Ended",
    "EventReached",
    "Evidence",
    "Examine",
    "Examined",
    "Failure",
    "Fixed",
    "Following",
    "History",
    "Hit",
    "Job",
    "JobAnswer",
    "Limit",
    "Line",
    "Loss",
    "Mark",
    "Move",
    "Moved",
    "Note",
    "Order",
    "OrderSearch",
    "Panel",
    "Place",
    "Placed",
    "Placement",
    "Planned",
    "Played",
    "Proof",
    "Record",
    "Refused",
    "Replayed",
    "Report",
    "Resulted",
    "Retime",
    "Run",
    "Score",
    "ScoreLine",
    "Script",
    "Series",
    "Started",
    "StateEntered",
    "Step",
    "Stopped",
    "Tally",
    "Tier",
    "Transcript",
    "Wait",
    "Window",
    "acts_of",
    "added_up",
    "candidate_run",
    "case_schema",
    "case_schema_text",
    "check_case",
    "check_evidence",
    "check_proof",
    "code_table",
    "compile_case",
    "course_of",
    "digest_of",
    "everything",
    "evidence_of",
    "failure_of",
    "follow",
    "format_duration",
    "graph_svg",
    "is_stale",
    "kitchen_sink",
    "load_catalogue",
    "losses_of",
    "marks_of",
    "normal_report",
    "nothing",
    "orders_digest",
    "own_orders",
    "panel_of",
    "parse_case",
    "parse_duration",
    "parse_script",
    "play_again",
    "proof_path",
    "proof_text",
    "prove",
    "read_case",
    "read_cases",
    "read_proof",
    "read_transcript",
    "references",
    "replay",
    "run_script",
    "score",
    "series_of",
    "shrunk",
    "stale",
    "transcript_of",
    "usable_orders",
    "value_at",
    "waits_of",
    "window_s",
    "windows_of",
    "write_transcript",
]
