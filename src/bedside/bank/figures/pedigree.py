"""The figure `pedigree`: a family by the standard symbols, as written by the author or made by chance for an inheritance.

Symbols after Bennett RL, et al. Recommendations for standardized human pedigree nomenclature. J Genet Couns 1995;4:267-79, and
its update, J Genet Couns 2008;17:424-33: square male, circle female, diamond unspecified; affected filled, a carrier with a
dot, deceased with a slash, the proband with an arrow, relatives who marry by a double line.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bedside.bank.figures.family import ROMAN, Family, Person, Place, Union, read_family
from bedside.bank.figures.family_layout import middle, places
from bedside.bank.figures.family_making import made
from bedside.bank.figures.inheritance import Inheritance
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters, Seed
from bedside.bank.figures.sheet import Sheet

STEP, ROW = 46.0, 92.0  # between neighbours and between generations
SIZE = 22.0  # of a symbol
LEFT, TOP, KEY = 64.0, 30.0, 34.0
MAX_PEOPLE = 40

Word = Annotated[str, Field(max_length=60)]


class PedigreeParameters(Parameters):
    """A family by chance for an `inheritance`, or as written in `people` and `unions`."""

    inheritance: Inheritance | None = None
    seed: Seed = 1
    generations: int = Field(default=3, ge=2, le=4)
    only: bool = True
    cousins: bool = False
    carriers: bool = False
    proband: bool = False
    key: bool = True
    people: tuple[Word, ...] = Field(default=(), max_length=MAX_PEOPLE)
    unions: tuple[Word, ...] = Field(default=(), max_length=MAX_PEOPLE)
    identical: tuple[Word, ...] = Field(default=(), max_length=8)
    fraternal: tuple[Word, ...] = Field(default=(), max_length=8)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        written = (self.people, self.unions, self.identical, self.fraternal)
        if self.inheritance is not None and any(written):
            raise ValueError("a family is made by inheritance or written as people and unions, not both")
        if self.inheritance is None and not self.people:
            raise ValueError("give either an inheritance, as in inheritance=ad, or people and unions")
        if self.cousins and self.generations < 4:
            raise ValueError("cousins who marry need generations=4")
        places(family_of(self))
        return self


def family_of(given: PedigreeParameters) -> Family:
    """The family that the parameters name.

    Raises:
        ValueError: the words name none.
    """
    if given.inheritance is None:
        return read_family(given.people, given.unions, given.identical, given.fraternal)
    family = made(given.inheritance, given.seed, given.generations, given.only, given.cousins)
    if family is None:
        raise ValueError("no such family was found with this seed; take another seed, more generations or only=false")
    return family


def draw_pedigree(given: PedigreeParameters) -> Drawing:
    """The family as a sheet, with a key of the signs that it uses."""
    family = family_of(given)
    across = {place: LEFT + SIZE / 2 + STEP * x for place, x in places(family).items()}
    generations = max(place[0] for place in across)
    shown = _signs(family, given)
    bottom = TOP + ROW * (generations - 1) + 52
    width = max(max(across.values()) + SIZE / 2 + 24, 420.0)
    sheet = Sheet(width, bottom + (KEY if given.key else 0))
    for generation in range(1, generations + 1):
        sheet.text(ROMAN[generation - 1], 14, _y(generation) + 5)
    for union in family.unions:
        _lines(sheet, family, union, across)
    proband = _proband(family) if given.proband else None
    for person in family.people:
        _person(sheet, person, across[person.place], with_dot=given.carriers or not given.inheritance)
        if person.is_proband or person.place == proband:
            _arrow(sheet, across[person.place], _y(person.place[0]))
    if given.key:
        _key(sheet, shown, bottom + 12)
    return sheet.drawing()


def _y(generation: int) -> float:
    return TOP + ROW * (generation - 1)


def _lines(sheet: Sheet, family: Family, union: Union, across: dict[Place, float]) -> None:
    y = _y(union.partners[0][0])
    left, right = sorted(across[place] for place in union.partners)
    offsets = (-2.0, 2.0) if family.is_consanguineous(union) else (0.0,)
    sheet.lines(((left + SIZE / 2, y + offset), (right - SIZE / 2, y + offset)) for offset in offsets)
    if not union.children:
        return
    centre, over = middle(union, across), y + ROW * 0.55
    pairs = {place: twins for twins in family.twins for place in twins.places if place in union.children}
    tops = {
        child: sum(across[one] for one in pairs[child].places) / 2 if child in pairs else across[child]
        for child in union.children
    }
    start, end = min(*tops.values(), centre), max(*tops.values(), centre)
    sheet.lines([((centre, y + offsets[-1]), (centre, over)), ((start, over), (end, over))])
    below = y + ROW - SIZE / 2
    sheet.lines(((tops[child], over), (across[child], below)) for child in union.children)
    for twins in {id(one): one for one in pairs.values()}.values():
        if twins.is_identical:
            first, second = (across[one] for one in twins.places)
            level = (over + below) / 2
            sheet.lines([(((first + tops[twins.places[0]]) / 2, level), ((second + tops[twins.places[0]]) / 2, level))])


def _person(sheet: Sheet, person: Person, x: float, *, with_dot: bool) -> None:
    y = _y(person.place[0])
    _symbol(sheet, person.sex, x, y, is_affected=person.is_affected)
    if person.is_carrier and with_dot:
        sheet.circle(x, y, 3.5, "dot")
    if person.is_asked:
        sheet.text("?", x, y + 4.5, anchor="middle")
    if person.is_deceased:
        sheet.lines([((x - SIZE * 0.75, y + SIZE * 0.75), (x + SIZE * 0.75, y - SIZE * 0.75))])
    sheet.text(str(person.place[1]), x, y + SIZE / 2 + 16, anchor="middle")


def _symbol(sheet: Sheet, sex: str, x: float, y: float, *, is_affected: bool) -> None:
    kind, half = "dot" if is_affected else "hollow", SIZE / 2
    if sex == "m":
        sheet.box(x, y, SIZE, SIZE, kind)
    elif sex == "f":
        sheet.circle(x, y, half, kind)
    else:
        reach = half * 1.2
        sheet.path([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], kind, is_closed=True)


def _arrow(sheet: Sheet, x: float, y: float) -> None:
    """From below on the left, to the corner of the symbol."""
    tip, tail = (x - SIZE * 0.62, y + SIZE * 0.5), (x - SIZE * 1.15, y + SIZE * 1.1)
    sheet.lines([(tail, tip), (tip, (tip[0] - 8, tip[1] + 2)), (tip, (tip[0] - 1, tip[1] + 8))])
    sheet.text("P", tail[0] - 5, tail[1] + 9, anchor="middle")


def _proband(family: Family) -> Place | None:
    """The first affected of the last generation that has one."""
    affected = [person.place for person in family.people if person.is_affected]
    last = max((place[0] for place in affected), default=0)
    return next((place for place in affected if place[0] == last), None)


def _signs(family: Family, given: PedigreeParameters) -> list[str]:
    people = family.people
    with_dot = given.carriers or not given.inheritance
    signs = ["male", "female"] if any(person.sex != "u" for person in people) else []
    signs += ["sex not stated"] if any(person.sex == "u" for person in people) else []
    signs += ["affected"] if any(person.is_affected for person in people) else []
    signs += ["carrier"] if with_dot and any(person.is_carrier for person in people) else []
    return signs + (["deceased"] if any(person.is_deceased for person in people) else [])


def _key(sheet: Sheet, signs: list[str], y: float) -> None:
    x = 24.0
    for sign in signs:
        if x + 40 + 7 * len(sign) > sheet.width and x > 24:
            x, y = 24.0, y + 30
            sheet.height += 30
        _symbol(
            sheet,
            {"male": "m", "female": "f"}.get(sign, "u" if sign == "sex not stated" else "m"),
            x,
            y,
            is_affected=sign == "affected",
        )
        if sign == "carrier":
            sheet.circle(x, y, 3.5, "dot")
        if sign == "deceased":
            sheet.lines([((x - SIZE * 0.75, y + SIZE * 0.75), (x + SIZE * 0.75, y - SIZE * 0.75))])
        sheet.text(sign, x + 20, y + 4.5)
        x += 48 + 7 * len(sign)


KIND = FigureKind(
    "pedigree",
    PedigreeParameters,
    draw_pedigree,
    "A family by the standard symbols, made by chance for an inheritance (autosomal dominant or recessive, X-linked recessive "
    "or dominant, mitochondrial; with `only` the other four together explain it 19 times worse, if the disease is rare), "
    "or as written: `people=I-1:m,I-2:fa` with m, f or u and then a affected, c carrier, d deceased, p proband, q asked about; "
    "`unions=I-1+I-2=II-1+II-2`.",
    "pedigree inheritance=ar seed=3",
)
