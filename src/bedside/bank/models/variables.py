"""The variables of a model file: ranges, choices and rows, in the order in which they are drawn."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from pydantic import BaseModel

from bedside.bank.models.desk import Desk
from bedside.bank.models.functions import MOST_DECIMALS, exact
from bedside.bank.models.model import Formula, Range, Rows, Variable
from bedside.bank.models.records import ChooseRecord, RangeRecord, RowsRecord
from bedside.bank.models.shapes import NUMBER, Shape, ShapeError, Sort, decimals_of, shape_of_values
from bedside.bank.records import read_record
from bedside.expressions import Value
from bedside.reading import Path_

LARGEST = Decimal(10) ** 12  # of a bound; with ten decimals it is still counted without loss

_KINDS: dict[str, type[BaseModel]] = {"from": RangeRecord, "choose": ChooseRecord, "rows": RowsRecord}


def read_variables(given: dict[str, Any], desk: Desk) -> tuple[Variable, ...]:
    """The sound variables; their names are then known on the desk, those of broken ones too."""
    read = [_variable(name, value, desk) for name, value in given.items()]
    return tuple(variable for variable in read if variable is not None)


def _variable(name: str, value: Any, desk: Desk) -> Variable | None:
    path: Path_ = ("variables", name)
    kind = next((kind for kind in _KINDS if isinstance(value, dict) and kind in value), None)
    if kind is None:
        text = f"{name}: write {{from: 20, to: 60, step: 1}}, {{choose: [one, another]}} or {{rows: [{{…}}, {{…}}]}}"
        desk.error(path, "wrong-value", text)
        desk.call(name, NUMBER, path)
        return None
    record, problems = read_record(_KINDS[kind], desk.document, path, value)
    desk.findings += problems
    match record:
        case RangeRecord():
            return _range(name, record, desk)
        case ChooseRecord():
            return _choice(name, record, desk)
        case RowsRecord():
            return _rows(name, record, desk)
        case _:
            desk.call(name, NUMBER, path)
            return None


def _range(name: str, record: RangeRecord, desk: Desk) -> Range | None:
    path: Path_ = ("variables", name)
    step = exact(record.step)
    bounds = [_bound(bound, (*path, key), desk) for key, bound in (("from", record.from_), ("to", record.to))]
    low, high = bounds
    decimals = max(decimals_of(number) for number in (step, low, high) if isinstance(number, Decimal))
    desk.call(name, Shape(Sort.NUMBER, decimals), path)
    if low is None or high is None:
        return None
    problem = _problem_of(low, high, step, decimals)
    if problem:
        desk.error((*path, problem[0]), "wrong-value", f"{name}: {problem[1]}")
        return None
    return Range(name, low, high, step, decimals)


def _bound(value: float | str, path: Path_, desk: Desk) -> Decimal | Formula | None:
    if not isinstance(value, str):
        return exact(value)
    return desk.formula(value, path, wanted=Sort.NUMBER)[0]


def _problem_of(low: Decimal | Formula, high: Decimal | Formula, step: Decimal, decimals: int) -> tuple[str, str] | None:
    """The key at which a range is wrong, and what is wrong."""
    if not all(number.is_finite() and abs(number) <= LARGEST for number in (step, low, high) if isinstance(number, Decimal)):
        return "from", f"numbers of a range are at most {LARGEST:,f}"
    if step <= 0:
        return "step", "the step must be over 0"
    if decimals > MOST_DECIMALS:
        return "step", f"at most {MOST_DECIMALS} decimals"
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if high <= low:
            return "to", f"{high} is not over {low}; write a value that never changes into the text"
        if (high - low) % step:
            return "to", f"steps of {step} from {low} never reach {high}; both ends are among the values"
    return None


def _choice(name: str, record: ChooseRecord, desk: Desk) -> Rows | None:
    path: Path_ = ("variables", name)
    shape = _shape(record.choose, [(*path, "choose", n) for n in range(len(record.choose))], desk)
    desk.call(name, shape or NUMBER, path)
    if shape is None:
        return None
    for n, value in enumerate(record.choose):
        if value in record.choose[:n]:
            desk.error((*path, "choose", n), "wrong-value", f'"{value}" stands there twice')
    return Rows(name, tuple(((name, value),) for value in record.choose))


def _rows(name: str, record: RowsRecord, desk: Desk) -> Rows | None:
    path: Path_ = ("variables", name)
    columns = list(record.rows[0])
    is_sound = bool(columns)
    for n, row in enumerate(record.rows):
        if set(row) != set(columns):
            is_sound = False
            text = f"{name}: each row has the same keys: {', '.join(map(str, columns))}"
            desk.error((*path, "rows", n), "wrong-value", text)
    for column in columns:
        values = [row[column] for row in record.rows if column in row]
        places: list[Path_] = [(*path, "rows", n, column) for n in range(len(record.rows))]
        shape = _shape(values, places, desk)
        desk.call(f"{name}_{column}", shape or NUMBER, (*path, "rows", 0, column))
        is_sound = is_sound and shape is not None
    if not is_sound:
        return None
    return Rows(name, tuple(tuple((f"{name}_{column}", row[column]) for column in columns) for row in record.rows))


def _shape(values: list[Any], places: list[Path_], desk: Desk) -> Shape | None:
    """What the values are; None, and findings, where one is neither a number nor text, or they are mixed."""
    sound: list[Value] = []
    for value, place in zip(values, places, strict=False):
        is_one = isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))
        if isinstance(value, bool) or not is_one:
            desk.error(place, "wrong-value", "a value is a number or text (in quotes where it looks like something else)")
        else:
            sound.append(value)
    if len(sound) < len(values):
        return None
    try:
        return shape_of_values(sound)
    except ShapeError as error:
        desk.error(places[0], "wrong-value", str(error))
        return None
