"""One exam as the tables that the search for misconduct works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.data.responses import Responses
from bedside.measure.integrity.nominal import Nominal
from bedside.measure.integrity.times import log_seconds
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError, named


@dataclass(frozen=True, slots=True)
class Exam:
    """Answers as dense tables (n_persons, n_items): for one form, or forms that overlap.

    `options` is the place in `choices` of the option taken (-1: none), and `key` (n_items,) of the right one; without choices
    they are 1 for right and 0 for wrong, and `by_choice` is false. `table` has 1, 0 and NaN. `log_time` is in log seconds, NaN
    where there is none, or None where no answer has a time. `leaked` (n_items,) says which items are named as compromised.
    """

    persons: tuple[str, ...]
    items: tuple[str, ...]
    choices: tuple[str, ...]
    by_choice: bool
    options: NDArray[np.int16]
    key: NDArray[np.int16]
    table: NDArray[np.float32]
    log_time: NDArray[np.float64] | None
    leaked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Answers:
    options: NDArray[np.int16]
    key: NDArray[np.int16]
    table: NDArray[np.float32]
    choices: tuple[str, ...]
    by_choice: bool


def exam_of(responses: Responses, *, key: Mapping[str, str] | None = None, leaked: Iterable[str] = ()) -> Exam:
    """The tables of these responses.

    `key` names the right option of each item, and is needed only where `correct` does not follow it; without one the right
    option is that which the answers scored as right have. `leaked` names items that are known to be compromised.

    Raises:
        MeasureError: the key or the leaked items name what is not there, the key is given and answers have no choices, or every
            item has leaked.
    """
    names = tuple(str(item) for item in responses.items)
    table = responses.matrix()
    options = _options(responses)
    if key is not None and options is None:
        raise MeasureError("there is a key, but the answers have no choices")
    if options is None:
        right = np.where(np.isnan(table), -1, table).astype(np.int16)
        known = _Answers(right, np.ones(len(names), dtype=np.int16), table, ("wrong", "right"), by_choice=False)
    elif key is None:
        places = _seen_key(options, table, len(responses.choices))
        known = _Answers(options, places, table, responses.choices, by_choice=True)
    else:
        places = _given_key(responses, names, key)
        rescored = np.where(np.isnan(table), np.nan, (options == places) & (options >= 0)).astype(np.float32)
        known = _Answers(options, places, rescored, responses.choices, by_choice=True)
    return Exam(
        tuple(str(person) for person in responses.persons),
        names,
        known.choices,
        known.by_choice,
        known.options,
        known.key,
        known.table,
        _times(responses),
        _named(names, leaked),
    )


def two_parameter_items(fit: Nominal, names: tuple[str, ...]) -> Items:
    """The items of a nominal fit of wrong (0) and right (1) as those of a 2PL model; without standard errors."""
    slope = fit.slope[:, 1] - fit.slope[:, 0]
    slope = np.where(np.abs(slope) < 1e-6, 1e-6, slope)
    intercept = fit.intercept[:, 1] - fit.intercept[:, 0]
    none = np.full(len(slope), np.nan)
    return Items(names, slope, -intercept / slope, np.zeros(len(slope)), none, none, none)


def _options(responses: Responses) -> NDArray[np.int16] | None:
    if responses.choice is None or not responses.choices or np.all(responses.choice < 0):
        return None
    options = np.full((responses.n_persons, responses.n_items), -1, dtype=np.int16)
    options[responses.person(), responses.item] = responses.choice
    return options


def _times(responses: Responses) -> NDArray[np.float64] | None:
    if responses.ms is None or not np.any(responses.ms > 0):
        return None
    log_time = np.full((responses.n_persons, responses.n_items), np.nan)
    log_time[responses.person(), responses.item] = log_seconds(responses.ms)
    return log_time


def _seen_key(options: NDArray[np.int16], table: NDArray[np.float32], n_options: int) -> NDArray[np.int16]:
    """The option that most right answers to an item have; -1 where nobody was right."""
    right = np.where((table == 1) & (options >= 0), options, -1)
    count = np.stack([(right == option).sum(axis=0) for option in range(n_options)], axis=1)
    return np.where(count.max(axis=1) > 0, count.argmax(axis=1), -1).astype(np.int16)


def _given_key(responses: Responses, names: tuple[str, ...], key: Mapping[str, str]) -> NDArray[np.int16]:
    missing = [name for name in names if name not in key]
    if missing:
        raise MeasureError(f"the key lacks items: {named(missing)}")
    place = {choice: n for n, choice in enumerate(responses.choices)}
    strange = [name for name in names if key[name] not in place]
    if len(strange) == len(names):
        raise MeasureError("nobody took any of the options that the key names; are they written as in the answers?")
    return np.array([place.get(key[name], -1) for name in names], dtype=np.int16)


def _named(names: tuple[str, ...], leaked: Iterable[str]) -> NDArray[np.bool_]:
    wanted = set(leaked)
    strange = sorted(wanted - set(names))
    if strange:
        raise MeasureError(f"nobody answered the compromised items {named(strange)}")
    if wanted and len(wanted) == len(names):
        raise MeasureError("every item is named as compromised, and none is left to compare with")
    return np.array([name in wanted for name in names])
