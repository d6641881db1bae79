"""The Match, understood: matching by rank lists, and what a simulated market says about chances."""

from bedside.matching.calibrating import Parameters, fit, groups_of, markets_of, shape_of
from bedside.matching.chances import (
    MOST_RANKS,
    Chance,
    FitLine,
    Simulations,
    answerable,
    chance_by_ranks,
    chances_of,
    covered,
    fit_of,
    published,
    simulations_from,
    simulations_of,
)
from bedside.matching.clearing import Step, StepKind
from bedside.matching.deferred import match_singles
from bedside.matching.example import COUPLE, N_SINGLES, PROGRAMMES, YOU, Trial, holders, standings, trial
from bedside.matching.facts import FACTS_FILE, NON_US_IMG, MatchFacts, Specialty, parse_facts, read_facts
from bedside.matching.folder import SIMULATED_FILE, read_match
from bedside.matching.market import Market, Matching, Option, market_of
from bedside.matching.market_file import NamedMarket, read_market
from bedside.matching.roth_peranson import Cleared, clear, clear_step_by_step
from bedside.matching.simulating import Group, Shape, Simulated, simulate
from bedside.matching.stability import Blocking, blocking, filled

__all__ = [
    "COUPLE",
    "FACTS_FILE",
    "MOST_RANKS",
    "NON_US_IMG",
    "N_SINGLES",
    "PROGRAMMES",
    "SIMULATED_FILE",
    "YOU",
    "Blocking",
    "Chance",
    "Cleared",
    "FitLine",
    "Group",
    "Market",
    "MatchFacts",
    "Matching",
    "NamedMarket",
    "Option",
    "Parameters",
    "Shape",
    "Simulated",
    "Simulations",
    "Specialty",
    "Step",
    "StepKind",
    "Trial",
    "answerable",
    "blocking",
    "chance_by_ranks",
    "chances_of",
    "clear",
    "clear_step_by_step",
    "covered",
    "filled",
    "fit",
    "fit_of",
    "groups_of",
    "holders",
    "market_of",
    "markets_of",
    "match_singles",
    "parse_facts",
    "published",
    "read_facts",
    "read_market",
    "read_match",
    "shape_of",
    "simulate",
    "simulations_from",
    "simulations_of",
    "standings",
    "trial",
]
