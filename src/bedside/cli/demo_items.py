"""Items that mean nothing, of every kind. The answer to each stands in its stem, so that an answer can be right on purpose."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bedside.bank import (
    BlueprintEntry,
    Item,
    Kind,
    NumericAnswer,
    Option,
    Origin,
    SetKind,
    SetPart,
    Status,
    Stimulus,
    StimulusKind,
)
from bedside.cli.demo_media import FIGURES, PICTURES, SOUNDS
from bedside.cli.demo_plan import SETS, Cell, StepPlan
from bedside.cli.demo_words import Words
from bedside.programme import ItemForm, ItemKind
from bedside.reading import Document

PREFIX = "demo-"  # of every id
FORMAT = "demo"  # of the origin
MARK = "Made up to try the system; it means nothing."
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SENTENCES = 6  # of a stem: about 80 words, as an exam's
# how many options, where the exam has no one number: mostly five, and each length up to the alphabet's now and then
_N_OPTIONS = (3, 5, 26, 5, 4, 5, 5, 6, 5, 5, 4, 5, 5, 8, 5, 5, 3, 5, 5, 12, 5, 5, 4, 5, 5)
_PARTS = (2, 3, 2, 4)  # items of a set, in turn
_FILES = {  # by the name that programmes give to what an item may carry
    "image": PICTURES,
    "chart": FIGURES,
    "audio": SOUNDS,
}
_ONE_IN = {"image": 20, "chart": 20, "audio": 40}  # items with an exhibit


@dataclass(slots=True)
class Made:
    """The items and stimuli of a step."""

    items: list[Item] = field(default_factory=list)
    stimuli: list[Stimulus] = field(default_factory=list)


@dataclass(slots=True)
class _Maker:
    plan: StepPlan
    seed: int
    rng: random.Random
    words: Words
    made: Made = field(default_factory=Made)

    @property
    def number(self) -> int:
        """Of the item that comes next, from 1."""
        return len(self.made.items) + 1

    @property
    def name(self) -> str:
        """What the ids start with. Another seed or size gives other texts, and so other ids: an id is never used again."""
        plan = self.plan
        return f"{PREFIX}{plan.programme}-{plan.step}".replace("_", "-") + f"-{self.seed}x{plan.n_items}"


def make_items(plan: StepPlan, *, seed: int, rng: random.Random) -> Iterator[Made]:
    """Make a step's items; yields after each item or set what there is so far, always the same object."""
    maker = _Maker(plan, seed, rng, Words(rng))
    for cell in plan.cells:
        left = cell.n_items
        while left:
            n_parts = _n_parts(maker, cell, left)
            if cell.kind.form in SETS and n_parts > 1:
                _make_set(maker, cell, n_parts)
            else:
                _make_single(maker, cell.kind)
            left -= n_parts
            yield maker.made


def _n_parts(maker: _Maker, cell: Cell, left: int) -> int:
    if cell.kind.form not in SETS:
        return 1
    n = min(_PARTS[maker.number % len(_PARTS)], left)
    return left if left - n == 1 else n  # no part stays alone


def _make_single(maker: _Maker, kind: ItemKind) -> None:
    stem = f"{MARK} {maker.words.passage(SENTENCES)}"
    _add(maker, kind, f"{stem}{_exhibit(maker, kind)}", None)


def _make_set(maker: _Maker, cell: Cell, n_parts: int) -> None:
    name = f"{maker.name}-set-{maker.number:05d}"
    is_sequential = cell.kind.form is ItemForm.SEQUENTIAL_SET
    if not is_sequential:
        maker.made.stimuli.append(_stimulus(maker, name, cell.kind.code))
    for part in range(1, n_parts + 1):
        kind = SetKind.SEQUENTIAL if is_sequential else SetKind.SHARED
        if not is_sequential:
            stem = MARK
        elif part == 1:
            stem = f"{MARK} {maker.words.passage(SENTENCES)}"
        else:
            stem = f"Later the {maker.words.word()} is found to be {maker.words.word()}ish. {maker.words.passage(2)}"
        _add(maker, cell.kind, stem, SetPart(name, kind, part))


def _stimulus(maker: _Maker, name: str, code: str) -> Stimulus:
    words = maker.words
    title = " ".join(words.word() for _ in range(4)).capitalize()
    kind: StimulusKind
    parts: tuple[str, ...]
    if "advert" in code:
        kind, parts = StimulusKind.ADVERTISEMENT, ("What it is", "What it does", "Who should not take it")
    elif "abstract" in code:
        kind, parts = StimulusKind.ABSTRACT, ("Background", "Methods", "Results", "Conclusions")
    else:
        kind, parts = StimulusKind.PASSAGE, ("What happened", "What was said")
    text = "\n\n".join([MARK, *(f"**{part}.** {words.passage(3)}" for part in parts), _table(words)])
    return Stimulus(name, kind, f"Made up: {title}", text, 0, (), "")


def _table(words: Words) -> str:
    groups = [words.word() for _ in range(2)]
    rows = [f"| {words.word()} | {words.rng.randint(1, 99)} | {words.rng.randint(1, 99)} |" for _ in range(3)]
    return "\n".join([f"| | {groups[0]} | {groups[1]} |", "|---|---|---|", *rows])


def _exhibit(maker: _Maker, kind: ItemKind) -> str:
    offered = [name for name in _ONE_IN if name in kind.media] or ["image", "chart"]
    for place, name in enumerate(offered):
        if maker.number % _ONE_IN[name] == place + 3:
            files = _FILES[name]
            file = list(files)[maker.number // _ONE_IN[name] % len(files)]
            return f"\n\n![{files[file]}](media:{file})"
    return ""


# --- one item -----------------------------------------------------------------------------------------------------------


def _add(maker: _Maker, kind: ItemKind, stem: str, place: SetPart | None) -> None:
    if kind.form is ItemForm.NUMERIC:
        made = _numeric(maker.words)
    elif kind.form is ItemForm.MULTIPLE_SELECT:
        made = _select(maker, kind)
    else:
        made = _one_best(maker, kind)
    number = maker.number
    plan = maker.plan
    file = f"{maker.name}-{number:05d}.md"
    maker.made.items.append(
        Item(
            id=file.removesuffix(".md"),
            version=1,
            kind=made.kind,
            blueprint=(BlueprintEntry(plan.programme, plan.step, plan.codes[number - 1]),),
            takeaways=(),
            setting=None,
            difficulty=None,
            seconds=90,
            authors=(),
            status=Status.DRAFT,
            sources=(),
            waivers=(),
            origin=Origin(FORMAT, "bedside demo bank", number, licence="CC0-1.0"),
            stem=_with_hint(stem, made.hint),
            stem_line=0,
            lead_in=made.lead_in,
            lead_in_line=0,
            options=made.options,
            file=file,
            document=Document(file, {}, {}, {}),
            answer=made.answer,
            set=place,
        )
    )


@dataclass(frozen=True, slots=True)
class _Question:
    kind: Kind
    hint: str
    lead_in: str
    options: tuple[Option, ...] = ()
    answer: NumericAnswer | None = None


def _with_hint(stem: str, hint: str) -> str:
    text, break_, exhibit = stem.partition("\n\n")
    return f"{text} {hint}{break_}{exhibit}"


def _n_options(maker: _Maker, kind: ItemKind) -> int:
    return kind.options if isinstance(kind.options, int) else _N_OPTIONS[maker.number % len(_N_OPTIONS)]


def _one_best(maker: _Maker, kind: ItemKind) -> _Question:
    names = maker.words.names(_n_options(maker, kind))
    key, thing = maker.rng.choice(names), maker.words.word()
    return _Question(
        Kind.ONE_BEST_ANSWER,
        f"Its {thing} is called {key}.",
        f"Which of the following is its {thing}?",
        _options({name: name == key for name in names}, thing),
    )


def _select(maker: _Maker, kind: ItemKind) -> _Question:
    names = maker.words.names(max(4, _n_options(maker, kind)))
    keys = set(maker.rng.sample(names, kind.choose or maker.rng.randint(2, 3)))
    thing = maker.words.word()
    listed = " and ".join(name for name in names if name in keys)
    count = {2: "two", 3: "three"}.get(len(keys), str(len(keys)))
    return _Question(
        Kind.MULTIPLE_SELECT,
        f"Its {thing}s are called {listed}.",
        f"Which {count} of the following are its {thing}s?",
        _options({name: name in keys for name in names}, thing),
    )


def _options(names: Mapping[str, bool], thing: str) -> tuple[Option, ...]:
    return tuple(
        Option(letter, name, is_key, f"Made up: the stem {'calls' if is_key else 'does not call'} its {thing} so.", 0)
        for letter, (name, is_key) in zip(LETTERS, names.items(), strict=False)
    )


def _numeric(words: Words) -> _Question:
    n, tenths, unit = words.rng.randint(2, 20), words.rng.randint(11, 99), f"{words.word()}s"
    thing = words.word()
    product = n * tenths
    value = f"{product // 10}.{product % 10}"
    return _Question(
        Kind.NUMERIC,
        f"It has {n} {thing}s, each of {tenths // 10}.{tenths % 10} {unit}.",
        f"How many {unit} are its {thing}s together?",
        answer=NumericAnswer(value, "0.1", unit, f"Made up: {n} times {tenths // 10}.{tenths % 10} are {value}.", 0),
    )
