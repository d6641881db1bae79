"""`content/match`: the facts, and the simulated Match that was made from them."""

from __future__ import annotations

from pathlib import Path

from bedside.errors import UsageError
from bedside.matching.chances import Simulations, simulations_from
from bedside.matching.facts import FACTS_FILE, MatchFacts, read_facts

SIMULATED_FILE = "simulated2026.json"


def read_match(folder: Path) -> tuple[MatchFacts, Simulations]:
    """The facts and the simulations of a content folder.

    Raises:
        UsageError: one of them is not there or has an error, or the simulations were made from other facts.
    """
    try:
        facts, findings = read_facts(folder)
        simulated = simulations_from((folder / SIMULATED_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the Match can't be read: {error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder / SIMULATED_FILE} is damaged: {error}; make it with `bedside match calibrate`") from None
    if facts is None:
        raise UsageError(f"{folder / FACTS_FILE}: {findings[0].text}")
    if simulated.facts != facts.fingerprint:
        raise UsageError(f"{folder / SIMULATED_FILE} was made from other facts; make it again with `bedside match calibrate`")
    return facts, simulated
