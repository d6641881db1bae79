"""What a question model is, once read: the definition from which a seed makes an item, always the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bedside.bank.item import BlueprintEntry, Item, MediaFile, Status, Waiver
from bedside.bank.models.shapes import Shape
from bedside.bank.models.template import Template
from bedside.expressions import Expression, Value
from bedside.reading import Document, Path_


class Order(StrEnum):
    """How the options of a member stand."""

    ASCENDING = "ascending"
    DESCENDING = "descending"
    SHUFFLED = "shuffled"
    AS_WRITTEN = "as_written"


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression, and the place in the file where it stands."""

    expression: Expression
    path: Path_


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a draw must meet, asked as soon as `after` so many values are computed."""

    formula: Formula
    after: int


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `low` in steps to `high`, both among them. A bound that is computed is rounded to the decimals."""

    name: str
    low: Decimal | Formula
    high: Decimal | Formula
    step: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Rows:
    """One of several rows of words and numbers that move together, under the names by which expressions know them."""

    name: str
    rows: tuple[tuple[tuple[str, Value], ...], ...]


Variable = Range | Rows


@dataclass(frozen=True, slots=True)
class OptionTemplate:
    """One option as written.

    `right_if` is that of a model whose options can each be right; in any other `is_key` marks the one that always is.
    `because` is its explanation, `wrong_because` that of an option with `right_if` where it is wrong. A distractor is offered
    only where `only_if` holds.
    """

    text: Template
    is_key: bool
    right_if: Formula | None
    only_if: Formula | None
    value: Formula | None
    decimals: int | None  # of the value, where they are known
    because: Template
    wrong_because: Template | None
    mistake: str  # what somebody did who comes to it
    name: str  # by which `check` tells which is right
    line: int
    path: Path_


@dataclass(frozen=True, slots=True)
class Apart:
    """How far numeric options are from each other, at least: a share of the larger one, or a difference."""

    amount: float
    is_relative: bool

    def holds(self, one: float, other: float) -> bool:
        """Are the two far enough apart?"""
        least = self.amount * max(abs(one), abs(other)) if self.is_relative else self.amount
        return abs(one - other) >= least - 1e-9 and one != other


@dataclass(frozen=True, slots=True)
class Check:
    """The key computed a second way: a number within `tolerance` of the key's value, or the name of the right option."""

    formula: Formula
    tolerance: float | None  # None: half a unit of the last decimal of the value


@dataclass(frozen=True, slots=True)
class Model:
    """One question model in one version.

    `head` carries what every member has: blueprint, takeaways, sources, status and the like, under the model's own id; its
    stem and lead-in are the templates as written, and it has no options. `content_hash` is SHA-256 of all that members come
    from: id, variables, computed values, requirements, texts, options and their order. Status, sources and the check may
    change without a new version.
    """

    head: Item
    variables: tuple[Variable, ...]
    computed: tuple[tuple[str, Formula], ...]
    require: tuple[Requirement, ...]
    stem: Template
    lead_in: Template
    options: tuple[OptionTemplate, ...]
    n_offered: int  # options of a member, the key among them
    order: Order
    apart: Apart | None
    check: Check | None
    content_hash: str
    shapes: dict[str, Shape] = field(repr=False, compare=False)  # of every name

    @property
    def id(self) -> str:
        return self.head.id

    @property
    def version(self) -> int:
        return self.head.version

    @property
    def blueprint(self) -> tuple[BlueprintEntry, ...]:
        return self.head.blueprint

    @property
    def takeaways(self) -> tuple[str, ...]:
        return self.head.takeaways

    @property
    def setting(self) -> str | None:
        return self.head.setting

    @property
    def difficulty(self) -> float | None:
        return self.head.difficulty

    @property
    def seconds(self) -> int:
        return self.head.seconds

    @property
    def authors(self) -> tuple[str, ...]:
        return self.head.authors

    @property
    def status(self) -> Status:
        return self.head.status

    @property
    def sources(self) -> tuple[str, ...]:
        return self.head.sources

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        return self.head.waivers

    @property
    def media(self) -> tuple[MediaFile, ...]:
        return self.head.media

    @property
    def file(self) -> str:
        return self.head.file

    @property
    def document(self) -> Document:
        return self.head.document

    @property
    def is_categorical(self) -> bool:
        """Does it depend on the member which option is right?"""
        return any(option.right_if for option in self.options)


@dataclass(frozen=True, slots=True)
class Member:
    """What a seed made: the item, and how.

    `values` are those of all names, `attempts` the draws it took, `places` of each option offered, in the order of the
    letters, its place among the options as written.
    """

    model: Model
    seed: int
    item: Item
    values: dict[str, Value]
    attempts: int
    places: Sequence[int]
