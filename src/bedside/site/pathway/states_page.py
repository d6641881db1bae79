"""The page of the states: the map, and every state ranked by what is known, with each reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bedside.errors import UsageError
from bedside.pathway import StateAnswer, StateStatus
from bedside.site.pathway.reasons import Telling
from bedside.site.pathway.showing import Block, facts_words, state_block
from bedside.site.pathway.tile_map import SIGNS, tile_map
from bedside.site.pathway.words import day_words, state_status_meaning, state_status_words

AIMED = "aimed"


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state in the list."""

    block: Block
    ask: str
    is_aimed_at: bool
    unknown: int


@dataclass(frozen=True, slots=True)
class Group:
    """The states that stand alike."""

    status: str
    title: str
    meaning: str
    rows: tuple[StateRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to look at the list; with its sign on the map, where it is of a status."""

    name: str
    text: str
    n: int
    sign: str
    is_here: bool


def states_page(states: Sequence[StateAnswer], telling: Telling, chosen: str) -> dict[str, Any]:
    """The page of all states, or of those of one status, or of those aimed at.

    Raises:
        UsageError: there is no such status.
    """
    if chosen and chosen != AIMED and chosen not in {one.value for one in StateStatus}:
        raise UsageError(_("there is no such status of a state"))
    shown = [one for one in states if _is_shown(one, chosen)]
    return {
        "map": tile_map(states),
        "choices": _choices(states, chosen),
        "chosen": chosen,
        "groups": _groups(shown, telling),
        "table": [_table_row(one) for one in shown],
        "n": len(states),
    }


def _is_shown(state: StateAnswer, chosen: str) -> bool:
    return not chosen or (state.is_aimed_at if chosen == AIMED else state.status.value == chosen)


def _choices(states: Sequence[StateAnswer], chosen: str) -> list[Choice]:
    aimed = sum(one.is_aimed_at for one in states)
    found = [Choice("", _("all"), len(states), "", not chosen), Choice(AIMED, _("yours"), aimed, "", chosen == AIMED)]
    for status in StateStatus:
        n = sum(one.status is status for one in states)
        if n:
            found.append(Choice(status.value, state_status_words(status), n, SIGNS[status], chosen == status.value))
    return found


def _groups(states: Sequence[StateAnswer], telling: Telling) -> list[Group]:
    found = []
    for status in StateStatus:
        rows = tuple(
            StateRow(state_block(one, telling), one.ask, one.is_aimed_at, len(one.unknown))
            for one in states
            if one.status is status
        )
        if rows:
            found.append(Group(status.value, state_status_words(status), state_status_meaning(status), rows))
    return found


def _table_row(state: StateAnswer) -> dict[str, Any]:
    return {
        "name": state.name,
        "status": state_status_words(state.status),
        "earliest": day_words(state.earliest) if state.earliest else "–",
        "facts": facts_words(state),
        "against": sum(one.is_met is False for one in state.reasons),
        "unknown": len(state.unknown),
        "ask": state.ask,
    }
