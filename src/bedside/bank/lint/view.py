"""An item prepared for reading once, so that every rule need not do it again."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.bank.item import Item, Kind, Option
from bedside.bank.lint.passage import Passage, passage, plain
from bedside.bank.lint.people import Patient, find_patient
from bedside.bank.lint.phrases import OPENING
from bedside.bank.lint.reference import Reference
from bedside.bank.lint.rule import Spot
from bedside.bank.lint.values import Value, find_values
from bedside.bank.lint.vitals import Vital, find_vitals

_PUNCTUATION = str.maketrans('()[]"“”‘*_,;:/', "              ")
_OPTION_COLUMN = 7  # an option's text starts behind "- [x] "
# codes whose items need no patient: the subject is a population, a study or a conversation
_WITHOUT_PATIENT = frozenset(
    {"biostatistics", "social", "practice_based", "communication", "professionalism", "systems_safety"}
)


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option with its prepared text; `plain` is what a candidate reads."""

    option: Option
    passage: Passage
    plain: str

    @property
    def letter(self) -> str:
        return self.option.letter

    @property
    def is_key(self) -> bool:
        return self.option.is_key

    @property
    def spot(self) -> Spot:
        return self.passage.spot()


@dataclass(frozen=True, slots=True)
class View:
    """What the rules look at. `key` is None unless exactly one option is right."""

    item: Item
    stem: Passage
    lead_in: Passage
    options: tuple[OptionView, ...]
    key: OptionView | None
    distractors: tuple[OptionView, ...]
    patient: Patient
    needs_patient: bool
    reference: Reference
    values: tuple[Value, ...]
    vitals: tuple[Vital, ...]
    asked: str  # stem, lead-in and options in lower case, one under the other
    told: str  # the explanations likewise
    openings: frozenset[str]  # the first four letters of every word of both

    @property
    def spot(self) -> Spot:
        """The place of the item as a whole: where its stem starts."""
        return Spot(self.item.stem_line)


def view(item: Item, reference: Reference) -> View:
    """Prepare an item."""
    stem = passage(item.stem, line=item.stem_line)
    options = tuple(
        OptionView(option, passage(option.text, line=option.line, column=_OPTION_COLUMN), plain(option.text))
        for option in item.options
    )
    lead_in = passage(item.lead_in, line=item.lead_in_line)
    keys = [option for option in options if option.is_key]
    key = keys[0] if len(keys) == 1 and item.kind is Kind.ONE_BEST_ANSWER else None
    codes = {code for entry in item.blueprint for axis in entry.codes.values() for code in axis}
    told = "\n".join((item.answer.explanation if item.answer else "", *(option.explanation for option in item.options))).lower()
    words = (*stem.vocabulary, *lead_in.vocabulary, *(word for option in options for word in option.passage.words))
    return View(
        item=item,
        stem=stem,
        lead_in=lead_in,
        options=options,
        key=key,
        distractors=tuple(option for option in options if not option.is_key),
        patient=find_patient(stem),
        needs_patient=_WITHOUT_PATIENT.isdisjoint(codes),
        reference=reference,
        values=tuple(find_values(stem, reference)),
        vitals=tuple(find_vitals(stem)),
        asked="\n".join((stem.lower, lead_in.lower, *(option.passage.lower for option in options))),
        told=told,
        openings=frozenset([word[:OPENING] for word in (*words, *told.translate(_PUNCTUATION).split())]),
    )
