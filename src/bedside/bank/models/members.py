"""From a model and a seed to an item: draw, compute, choose the options, fill in the texts.

A draw that breaks a requirement, or leaves too few options that differ, is drawn again, with the number of the attempt in
what is drawn; so the same seed ends at the same member.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bedside.bank.item import Item, Option
from bedside.bank.models.draws import Draw
from bedside.bank.models.functions import exact, rounded
from bedside.bank.models.model import Formula, Member, Model, OptionTemplate, Order, Range, Variable
from bedside.bank.models.template import Template
from bedside.errors import ConflictError, ExpressionError, NotFoundError
from bedside.expressions import Value
from bedside.reading import Path_

MAX_ATTEMPTS = 200
MAX_SEED = 999_999_999
_MEMBER = re.compile(r"(?P<model>[^:]+):(?P<seed>[1-9][0-9]{0,8})")


class MemberError(ConflictError):
    """The model makes no member of this seed: its rule, the place in its file, and why."""

    def __init__(self, model: Model, seed: int, rule: str, path: Path_, text: str) -> None:
        self.rule = rule
        self.path = path
        self.text = text
        super().__init__(f"{model.file}:{model.document.place(path).line}: seed {seed}: {text}")


def member_id(model: str, seed: int) -> str:
    """The id of a member: `renal-m001:17`."""
    return f"{model}:{seed}"


def split_member_id(item_id: str) -> tuple[str, int] | None:
    """Model and seed of a member's id; None for the id of an item."""
    found = _MEMBER.fullmatch(item_id)
    return (found["model"], int(found["seed"])) if found else None


def base_id(item_id: str) -> str:
    """The id under which statistics are kept and collections are known: a member's model, or the item itself."""
    named = split_member_id(item_id)
    return named[0] if named else item_id


def make_member(model: Model, seed: int) -> Member:
    """The member of a seed.

    Raises:
        NotFoundError: a seed that is none (1 to 999,999,999).
        MemberError: the model has no such member: every draw breaks a requirement, a value can't be computed, or not exactly
            one option is right.
    """
    if not 1 <= seed <= MAX_SEED:
        raise NotFoundError(f"a seed is a number from 1 to {MAX_SEED:,}, not {seed}")
    making = _Making(model, seed)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        draw = Draw(model.id, model.version, seed, attempt)
        values = making.values(draw)
        chosen = making.options(values, draw) if values is not None else None
        if values is not None and chosen is not None:
            return Member(model, seed, _item(model, seed, values, chosen), values, attempt, [one.place for one in chosen])
    text = f"none of {MAX_ATTEMPTS} draws meets the requirements and leaves {model.n_offered} options that differ enough"
    raise MemberError(model, seed, "seed-without-member", ("require",), text)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An option with its place among those written, its text and number in this member."""

    place: int
    option: OptionTemplate
    is_right: bool
    text: str
    number: float | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """The options taken so far, the key first."""

    model: Model
    taken: list[_Chosen]

    @property
    def is_full(self) -> bool:
        return len(self.taken) == self.model.n_offered

    def take(self, one: _Chosen, n_below: int | None = None) -> bool:
        """Take an option if it differs enough from all that are taken; with `n_below`, not more than so many below the key."""
        if self.is_full or any(one.text.casefold() == known.text.casefold() for known in self.taken):
            return False
        apart, number, key = self.model.apart, one.number, self.taken[0].number
        numbers = [known.number for known in self.taken if known.number is not None]
        if number is not None and apart and not all(apart.holds(number, known) for known in numbers):
            return False
        if n_below is not None and number is not None and key is not None:
            n_same_side = sum((known < key) == (number < key) for known in numbers[1:])
            if n_same_side == (n_below if number < key else self.model.n_offered - 1 - n_below):
                return False
        self.taken.append(one)
        return True


@dataclass(frozen=True, slots=True)
class _Making:
    """The making of one member; what goes wrong is told with its place."""

    model: Model
    seed: int

    def values(self, draw: Draw) -> dict[str, Value] | None:
        """The values of all names; None where the draw has none, or breaks a requirement."""
        values: dict[str, Value] = {}
        for variable in self.model.variables:
            if not self._draw(variable, draw, values):
                return None
        for n in range(len(self.model.computed) + 1):
            # as soon as it can be asked, so that nothing is computed from values that are refused
            if not all(self.holds(required.formula, values) for required in self.model.require if required.after == n):
                return None
            if n < len(self.model.computed):
                name, formula = self.model.computed[n]
                value = self.result(formula, values)
                values[name] = float(exact(value)) if isinstance(value, float) else value
        return values

    def _draw(self, variable: Variable, draw: Draw, values: dict[str, Value]) -> bool:
        if not isinstance(variable, Range):
            values.update(variable.rows[draw.below(len(variable.rows), variable.name)])
            return True
        low, high = (self._bound(bound, variable, values) for bound in (variable.low, variable.high))
        if high < low:
            return False
        number = low + variable.step * draw.below(int((high - low) / variable.step) + 1, variable.name)
        values[variable.name] = float(number) if variable.decimals else int(number)
        return True

    def _bound(self, bound: Decimal | Formula, variable: Range, values: Mapping[str, Value]) -> Decimal:
        if isinstance(bound, Decimal):
            return bound
        return rounded(self.number(bound, values), variable.decimals)

    def options(self, values: Mapping[str, Value], draw: Draw) -> list[_Chosen] | None:
        """The options of the member in their order; None where too few differ."""
        model = self.model
        right = [place for place, option in enumerate(model.options) if self._is_right(option, values)]
        if len(right) != 1:
            how = "no option is right" if not right else f"options {', '.join(str(n + 1) for n in right)} are right"
            raise MemberError(model, self.seed, "not-one-right", ("options",), f"{how}; exactly one must be")
        others = [place for place, option in enumerate(model.options) if place != right[0] and self._may(option, values)]
        others.sort(key=lambda place: draw.number(f"option {place}"))
        choice = _Choice(model, [self._chosen(right[0], values, is_right=True)])
        waiting = [self._chosen(place, values) for place in others]
        if model.order in {Order.ASCENDING, Order.DESCENDING}:
            # where the key will stand is drawn first, so that it can be anywhere; mistakes may not allow it
            n_below = draw.below(model.n_offered, "options below the key")
            waiting = [one for one in waiting if not choice.take(one, n_below)]
        for one in waiting:
            choice.take(one)
        return self._in_order(choice.taken, draw) if choice.is_full else None

    def _chosen(self, place: int, values: Mapping[str, Value], *, is_right: bool = False) -> _Chosen:
        option = self.model.options[place]
        number = self.number(option.value, values) if option.value is not None else None
        return _Chosen(place, option, is_right, option.text.filled(values).strip(), number)

    def _is_right(self, option: OptionTemplate, values: Mapping[str, Value]) -> bool:
        return option.is_key or (option.right_if is not None and self.holds(option.right_if, values))

    def _may(self, option: OptionTemplate, values: Mapping[str, Value]) -> bool:
        return option.only_if is None or self.holds(option.only_if, values)

    def _in_order(self, chosen: list[_Chosen], draw: Draw) -> list[_Chosen]:
        match self.model.order:
            case Order.AS_WRITTEN:
                return sorted(chosen, key=lambda one: one.place)
            case Order.SHUFFLED:
                return sorted(chosen, key=lambda one: draw.number(f"place {one.place}"))
            case order:
                return sorted(chosen, key=lambda one: one.number or 0.0, reverse=order is Order.DESCENDING)

    def result(self, formula: Formula, values: Mapping[str, Value]) -> Value:
        try:
            return formula.expression.evaluate(values)
        except ExpressionError as error:
            raise MemberError(self.model, self.seed, "wrong-expression", formula.path, error.text) from error

    def number(self, formula: Formula, values: Mapping[str, Value]) -> float:
        value = self.result(formula, values)
        if isinstance(value, str):
            raise MemberError(self.model, self.seed, "wrong-expression", formula.path, f'"{value}" is text, not a number')
        return value

    def holds(self, formula: Formula, values: Mapping[str, Value]) -> bool:
        return self.result(formula, values) is True


def _item(model: Model, seed: int, values: Mapping[str, Value], chosen: Sequence[_Chosen]) -> Item:
    options = tuple(
        Option(chr(ord("A") + n), one.text, one.is_right, _reason(one).filled(values).strip(), one.option.line)
        for n, one in enumerate(chosen)
    )
    return replace(
        model.head,
        id=member_id(model.id, seed),
        stem=model.stem.filled(values).rstrip(),
        lead_in=" ".join(model.lead_in.filled(values).split()),
        options=options,
    )


def _reason(one: _Chosen) -> Template:
    option = one.option
    return option.because if one.is_right or option.wrong_because is None else option.wrong_because


def check_value(model: Model, values: Mapping[str, Value], formula: Formula, seed: int) -> Value:
    """The value of one of the model's formulas for a member's values.

    Raises:
        MemberError: it can't be computed.
    """
    return _Making(model, seed).result(formula, values)
