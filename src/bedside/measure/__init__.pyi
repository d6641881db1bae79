from .adapting.exposure import ExposureControl, control_exposure
from .adapting.reporting import AbilityBin, DecisionAccuracy, SimulationReport, report_tests
from .adapting.rules import AdaptiveTest, ContentBalance, SequentialDecision, ShadowConstraints
from .adapting.simulation import SimulatedTests, StopReason, simulate_tests
from .calibrating.calibration import CalibratedGroup, Calibration, calibrate, prepare_calibration
from .calibrating.fingerprints import data_fingerprint
from .calibrating.fit import ItemFit, item_fit
from .calibrating.partitions import Partitions
from .calibrating.priors import FIVE_OPTIONS, NO_PRIORS, Beta, LogNormal, Normal, Priors
from .data.item_files import items_text, parse_items, read_items, write_items
from .data.responses import NoVariance, Responses
from .data.side_files import in_order, read_side_table, two_groups
from .fairness.items_at_odds import Dif, DifItem, DifMethod, dif
from .fairness.logistic import LogisticDif, logistic_dif
from .fairness.mantel import MantelHaenszel, mantel_haenszel
from .information import item_information, test_information
from .integrity.aberrance import PersonFit, person_fit
from .integrity.dossier import Dossier, Origin, Source, dossiers
from .integrity.dossier_check import dossier_differences
from .integrity.dossier_html import dossier_page
from .integrity.groups import CentreCluster
from .integrity.leaks import Preknowledge, preknowledge
from .integrity.made import MadeExam, made_exam
from .integrity.nominal import Nominal, fit_nominal, turned
from .integrity.search import NOT_PROOF, Misconduct, PersonIndex, misconduct
from .integrity.similarity import SimilarPairs, similar_pairs
from .integrity.times import FastRight, TimeModel, fast_right, fit_times, log_seconds, shift_z, time_residuals
from .items import Items, Model
from .multiplicity import benjamini_hochberg
from .passing.calibration import Reliability, ReliabilityBin, ToldChances, reliability, told_chances
from .passing.chances import (
    Against,
    AreaAbility,
    Evidence,
    EvidenceFloor,
    EvidenceNeed,
    MissingEvidence,
    Readiness,
    ScoreForecast,
    TooLittle,
    evidence_of,
    readiness,
    readiness_of,
    warm_readiness,
)
from .passing.filter import Ability, ability_after, ability_on, first_ability
from .passing.fit import AnswerGroup, MotionFit, answers_log_likelihood, fit_motion, learned_items
from .passing.form import (
    FormOutcome,
    FreshForm,
    at_abilities,
    form_outcome,
    fresh_form,
    narrowing,
    score_chances,
)
from .passing.model import AbilityMotion, AnswerHistory, AreaItems, OutsideScore, judged_items
from .passing.simulation import (
    CandidateTruth,
    SimulatedCandidate,
    SimulatedWorld,
    WorldTwist,
    simulated_candidates,
    simulated_world,
)
from .predicting.log import LearnerLog, read_learner_log
from .predicting.prediction import NextAnswerModel, fit_next_answer, predict_next_answers
from .predicting.quality import PredictionQuality, prediction_quality
from .problems import (
    ClusterError,
    ClusterMissingError,
    CodesError,
    DuplicatesError,
    MeasureError,
    NotIdentifiedError,
    ResponsesError,
    TooFewResponsesError,
)
from .reporting.misconduct_page import likeness_picture, misconduct_page
from .reporting.page import Made, report_page
from .reporting.report import Report, analyse
from .scores.classification import Classification, lee, rudner, rudner_in
from .scores.equating import (
    Equating,
    equipercentile,
    observed_score_equating,
    theta_of_score,
    true_score_equating,
    with_standard_errors,
)
from .scores.linking import (
    LINK_METHODS,
    SIDES,
    Drift,
    Grid,
    Link,
    Linking,
    LinkMethod,
    Sides,
    chain,
    link_scales,
)
from .scores.reporting_scale import ReportingScale
from .scores.scoring import SCORE_METHODS, ScoreMethod, Scores, score
from .scores.standards import (
    Angoff,
    Booklet,
    Bookmark,
    Hofstee,
    Impact,
    angoff,
    bookmark,
    hofstee,
    impact,
    ordered_booklet,
)
from .sum_scores import Population, SumScores, expected_score, score_distribution, sum_scores

__all__ = [
    "FIVE_OPTIONS",
    "LINK_METHODS",
    "NOT_PROOF",
    "NO_PRIORS",
    "SCORE_METHODS",
    "SIDES",
    "Ability",
    "AbilityBin",
    "AbilityMotion",
    "AdaptiveTest",
    "Against",
    "Angoff",
    "AnswerGroup",
    "AnswerHistory",
    "AreaAbility",
    "AreaItems",
    "Beta",
    "Booklet",
    "Bookmark",
    "CalibratedGroup",
    "Calibration",
    "CandidateTruth",
    "CentreCluster",
    "Classification",
    "ClusterError",
    "ClusterMissingError",
    "CodesError",
    "ContentBalance",
    "DecisionAccuracy",
    "Dif",
    "DifItem",
    "DifMethod",
    "Dossier",
    "Drift",
    "DuplicatesError",
    "Equating",
    "Evidence",
    "EvidenceFloor",
    "EvidenceNeed",
    "ExposureControl",
    "FastRight",
    "FormOutcome",
    "FreshForm",
    "Grid",
    "Hofstee",
    "Impact",
    "ItemFit",
    "Items",
    "LearnerLog",
    "Link",
    "LinkMethod",
    "Linking",
    "LogNormal",
    "LogisticDif",
    "Made",
    "MadeExam",
    "MantelHaenszel",
    "MeasureError",
    "Misconduct",
    "MissingEvidence",
    "Model",
    "MotionFit",
    "NextAnswerModel",
    "NoVariance",
    "Nominal",
    "Normal",
    "NotIdentifiedError",
    "Origin",
    "OutsideScore",
    "Partitions",
    "PersonFit",
    "PersonIndex",
    "Population",
    "PredictionQuality",
    "Preknowledge",
    "Priors",
    "Readiness",
    "Reliability",
    "ReliabilityBin",
    "Report",
    "ReportingScale",
    "Responses",
    "ResponsesError",
    "ScoreForecast",
    "ScoreMethod",
    "Scores",
    "SequentialDecision",
    "ShadowConstraints",
    "Sides",
    "SimilarPairs",
    "SimulatedCandidate",
    "SimulatedTests",
    "SimulatedWorld",
    "SimulationReport",
    "Source",
    "StopReason",
    "SumScores",
    "TimeModel",
    "ToldChances",
    "TooFewResponsesError",
    "TooLittle",
    "WorldTwist",
    "ability_after",
    "ability_on",
    "analyse",
    "angoff",
    "answers_log_likelihood",
    "at_abilities",
    "benjamini_hochberg",
    "bookmark",
    "calibrate",
    "chain",
    "control_exposure",
    "data_fingerprint",
    "dif",
    "dossier_differences",
    "dossier_page",
    "dossiers",
    "equipercentile",
    "evidence_of",
    "expected_score",
    "fast_right",
    "first_ability",
    "fit_motion",
    "fit_next_answer",
    "fit_nominal",
    "fit_times",
    "form_outcome",
    "fresh_form",
    "hofstee",
    "impact",
    "in_order",
    "item_fit",
    "item_information",
    "items_text",
    "judged_items",
    "learned_items",
    "lee",
    "likeness_picture",
    "link_scales",
    "log_seconds",
    "logistic_dif",
    "made_exam",
    "mantel_haenszel",
    "misconduct",
    "misconduct_page",
    "narrowing",
    "observed_score_equating",
    "ordered_booklet",
    "parse_items",
    "person_fit",
    "predict_next_answers",
    "prediction_quality",
    "preknowledge",
    "prepare_calibration",
    "read_items",
    "read_learner_log",
    "read_side_table",
    "readiness",
    "readiness_of",
    "reliability",
    "report_page",
    "report_tests",
    "rudner",
    "rudner_in",
    "score",
    "score_chances",
    "score_distribution",
    "shift_z",
    "similar_pairs",
    "simulate_tests",
    "simulated_candidates",
    "simulated_world",
    "sum_scores",
    "test_information",
    "theta_of_score",
    "time_residuals",
    "told_chances",
    "true_score_equating",
    "turned",
    "two_groups",
    "warm_readiness",
    "with_standard_errors",
    "write_items",
]
