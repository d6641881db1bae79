"""The catalogue's files as they are written: orders, analytes, places, turn-around times and look-alike names."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, Strict, model_validator

from bedside.cases.case_values import Dimension, Location, Model, Number
from bedside.cases.durations import Duration, Span

Route = Literal["EP", "IA", "IM", "IN", "IV", "OP", "OT", "PO", "RE", "SL", "SQ", "TP", "VA"]
ROUTES: tuple[str, ...] = get_args(Route)
Mode = Literal["once", "continuous"]
Sex = Literal["F", "M"]

_DIAGNOSIS, _THERAPY, _MONITORING = "diagnosis", "therapy", "monitoring"

# Every category and the part of the score that feedback counts it to; a drug's group after `drug.` is free.
CATEGORIES = MappingProxyType(
    dict.fromkeys(
        [
            *(f"lab.{part}" for part in ("chemistry", "hematology", "coagulation", "endocrine", "immunology", "toxicology")),
            *(f"lab.{part}" for part in ("drug_level", "urine", "fluid", "genetics", "pathology", "blood_bank")),
            "lab.tumor_marker",
            *(f"micro.{part}" for part in ("culture", "serology", "molecular", "stain")),
            *(f"imaging.{part}" for part in ("xray", "ct", "mri", "ultrasound", "nuclear", "fluoroscopy", "angiography")),
            *(f"test.{part}" for part in ("cardiac", "pulmonary", "neuro", "eye_ear", "endoscopic", "functional", "screening")),
            "exam",
        ],
        _DIAGNOSIS,
    )
    | dict.fromkeys(
        [
            *(f"procedure.{part}" for part in ("bedside", "airway", "access", "endoscopy", "surgery", "obstetric", "cardiac")),
            "procedure.other",
            *(f"fluid.{part}" for part in ("crystalloid", "colloid", "blood", "nutrition")),
            *("vaccine", "nursing.care", "nursing.precaution", "diet", "activity"),
        ],
        _THERAPY,
    )
    | {"nursing.monitoring": _MONITORING, "consult": "communication", "counsel": "communication", "disposition": "location"}
)
_WITH_REPORT = ("lab.", "micro.", "imaging.", "test.", "exam")  # a report is what these are ordered for
_BY_ROUTE = ("drug.", "fluid.")  # an order of its own for each route


def dimension_of(category: str) -> str:
    """The part of the score to which feedback counts a category."""
    return _THERAPY if category.startswith("drug.") else CATEGORIES[category]


def _category(name: str) -> str:
    is_drug = name.startswith("drug.") and name.removeprefix("drug.").replace("_", "a").isalnum()
    if not is_drug and name not in CATEGORIES:
        raise ValueError(f'"{name}" is no category')
    return name


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Key = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, Strict(), Field(min_length=1, max_length=200)]
Report = Annotated[str, Strict(), Field(min_length=1, max_length=2000)]
Grade = Annotated[int, Strict(), Field(ge=0)]
Category = Annotated[str, Strict(), AfterValidator(_category)]


class Branch(Model):
    """A condition on the patient: sex, and age from (included) to (left out)."""

    sex: Sex | None = None
    from_s: Duration = Field(default=0, alias="from")
    to_s: Span | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _is_not_empty(self) -> Branch:
        if self.to_s is not None and self.to_s <= self.from_s:
            raise ValueError("`to` must be after `from`")
        return self

    @property
    def is_unconditional(self) -> bool:
        """Does it hold for everybody?"""
        return self.sex is None and self.from_s == 0 and self.to_s is None

    def holds(self, *, age_s: int, sex: str) -> bool:
        """Does it hold for this patient?"""
        return self.sex in {None, sex} and self.from_s <= age_s and (self.to_s is None or age_s < self.to_s)


class NormalText(Branch):
    """A normal report in words."""

    text: Report


class NormalInterval(Branch):
    """A reference interval; a bound that is absent is open."""

    low: Number | None = None
    high: Number | None = None
    typical: Number | None = None

    @model_validator(mode="after")
    def _is_an_interval(self) -> NormalInterval:
        if self.low is None and self.high is None:
            raise ValueError("an interval needs a bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low must not be above high")
        return self


def _with_last_for_all(branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
    if not branches or not branches[-1].is_unconditional:
        raise ValueError("the last branch must hold for everybody: no sex, from or to")
    if any(branch.is_unconditional for branch in branches[:-1]):
        raise ValueError("only the last branch may hold for everybody")
    return branches


def _as_branches(value: Any) -> Any:
    return [{"text": value}] if isinstance(value, str) else value


NormalTexts = Annotated[tuple[NormalText, ...], BeforeValidator(_as_branches), AfterValidator(_with_last_for_all)]
NormalIntervals = Annotated[tuple[NormalInterval, ...], AfterValidator(_with_last_for_all)]


class Turnaround(Model):
    """Time from order to report by place; `stat` is the factor with which an urgent order takes."""

    office: Duration | None = None
    home: Duration | None = None
    ed: Duration | None = None
    ward: Duration | None = None
    icu: Duration | None = None
    or_: Duration | None = Field(default=None, alias="or")
    labor: Duration | None = None
    stat: Annotated[float, Field(gt=0, le=1)] | None = None

    def at(self, place: str) -> int | None:
        """Seconds as the file says them for that place, or None."""
        seconds: int | None = getattr(self, "or_" if place == "or" else place)
        return seconds


class OrderEntry(Model):
    """One entry of the catalogue."""

    name: Words
    terms: tuple[Words, ...] = ()
    cat: Category
    class_: Words | None = Field(default=None, alias="class")
    classes: tuple[Words, ...] = ()
    routes: tuple[Route, ...] = ()
    mode: Annotated[tuple[Mode, ...], BeforeValidator(_several)] = ("once",)
    at: tuple[Location, ...] = ("office", "ed", "ward", "icu", "labor")
    tat: Turnaround = Turnaround()
    start: Duration = 300
    takes: Duration = 0
    bolus: Span | None = None
    watches: Annotated[bool, Strict()] = False
    inv: Annotated[Grade, Field(le=3)] = 0
    risk: Annotated[Grade, Field(le=3)] = 0
    cost: Annotated[Grade, Field(le=4)] = 0
    contra: tuple[Key, ...] = ()
    analytes: tuple[Key, ...] = ()
    normal: NormalTexts | None = None
    freq: Annotated[Grade, Field(ge=1, le=5)] = 3
    dim: Dimension | None = None
    id_stem: Key | None = None
    alike: Annotated[tuple[Key, ...], BeforeValidator(_several)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> OrderEntry:
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterable[str]:
        if self.is_by_route and not self.routes:
            yield "a drug or fluid needs `routes`"
        if self.cat == "vaccine" and len(self.routes) != 1:
            yield "a vaccine needs one route"
        if self.routes and not self.is_by_route and self.cat != "vaccine":
            yield "only drugs, fluids and vaccines have `routes`"
        if self.id_stem and not self.is_by_route:
            yield "only drugs and fluids have an `id_stem`"
        if not self.at:
            yield "it can be ordered nowhere: `at` is empty"
        if self.bolus is not None and "once" not in self.mode:
            yield "`bolus` is of what can be given once"
        if self.watches and not self.analytes and not self.normal:
            yield "what `watches` reports something: it needs `analytes` or `normal`"
        if self.analytes and self.normal:
            yield "it has either `analytes` or `normal`"
        if self.cat.startswith(_WITH_REPORT) and not self.analytes and not self.normal:
            yield "a test without a report: it needs `analytes` or `normal`"
        for name, given in (("routes", self.routes), ("at", self.at), ("mode", self.mode), ("analytes", self.analytes)):
            if len(set(given)) < len(given):
                yield f"`{name}` names something twice"

    @property
    def is_by_route(self) -> bool:
        """Is it an order of its own for each route?"""
        return self.cat.startswith(_BY_ROUTE)

    @property
    def all_classes(self) -> tuple[str, ...]:
        """Its classes, each once."""
        return tuple(dict.fromkeys([*([self.class_] if self.class_ else []), *self.classes]))


class AnalyteEntry(Model):
    """A number that a test reports: `ref` names a reference value of the bank, `normal` gives the interval here."""

    name: Words
    unit: Annotated[str, Strict(), Field(max_length=40)]
    digits: Annotated[int, Strict(), Field(ge=0, le=4)] = 0
    ref: Words | None = None
    normal: NormalIntervals | None = None
    typical: Number | None = None
    source: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _has_an_interval(self) -> AnalyteEntry:
        if self.ref is None and self.normal is None:
            raise ValueError("it needs `ref` or `normal`")
        if self.normal is not None and self.source is None:
            raise ValueError("an interval needs its `source`")
        return self


class OrdersFile(Model):
    """`orders/1`: entries by key, checked one by one."""

    schema_: Annotated[Literal["orders/1"], Field(alias="schema")]
    orders: dict[str, Any]


class AnalytesFile(Model):
    """`case-analytes/1`: analytes by short name, checked one by one."""

    schema_: Annotated[Literal["case-analytes/1"], Field(alias="schema")]
    sources: dict[str, Any]
    analytes: dict[str, Any]


class PlaceEntry(Model):
    """What a place is called: alone, and after a verb."""

    name: Words
    at: Words


class PlacesFile(Model):
    """`order-places/1`: the places and the time to move between them."""

    schema_: Annotated[Literal["order-places/1"], Field(alias="schema")]
    usual: Span
    places: dict[Location, PlaceEntry]
    moves: dict[Location, dict[Location, Span]]


class TurnaroundFile(Model):
    """`order-turnaround/1`: default times by category."""

    schema_: Annotated[Literal["order-turnaround/1"], Field(alias="schema")]
    categories: dict[str, Turnaround]


class ClassesFile(Model):
    """`order-classes/1`: other words for classes of drugs, each with the class it means."""

    schema_: Annotated[Literal["order-classes/1"], Field(alias="schema")]
    words: dict[Words, Words]


class LookAlikeFile(Model):
    """`look-alike/1`: groups of names, each in the spelling that tells them apart."""

    schema_: Annotated[Literal["look-alike/1"], Field(alias="schema")]
    sources: Annotated[tuple[Words, ...], Field(min_length=1)]
    groups: tuple[Annotated[tuple[Words, ...], Field(min_length=2)], ...]
