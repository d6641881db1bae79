"""What is said in several ways: `reference/abbreviations.yaml`, one record a meaning, with its short and its long forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.records import error_at, read_record
from bedside.bank.search.words import raw_words, term_of
from bedside.findings import Finding
from bedside.reading import parse_yaml, read_text

Phrase = tuple[str, ...]  # terms, one after the other

MAX_PHRASE = 6  # words of a form


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to say it. `is_capital` says that it is only meant where it is typed in capitals: ALL, AS, OR."""

    phrase: Phrase
    meaning: int
    is_capital: bool


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The ways to say the same. `findings` are what is wrong with the file; a record with an error is left out."""

    forms: Mapping[str, tuple[_Form, ...]] = field(default_factory=dict)  # by their first term, the longest first
    meanings: tuple[tuple[Phrase, ...], ...] = ()
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.meanings)

    def at(self, raws: Sequence[str], terms: Sequence[str], start: int) -> tuple[int, tuple[Phrase, ...]]:
        """The longest form that begins at a typed word: of how many words it is, and its other forms; 1 and none for none."""
        for form in self.forms.get(terms[start], ()):
            size = len(form.phrase)
            if tuple(terms[start : start + size]) != form.phrase:
                continue
            if form.is_capital and not raws[start].isupper():
                continue
            others = [
                phrase
                for one in self.forms[terms[start]]
                if one.phrase == form.phrase and (raws[start].isupper() or not one.is_capital)
                for phrase in self.meanings[one.meaning]
                if phrase != form.phrase and self._has_one_meaning(phrase)
            ]
            return size, tuple(dict.fromkeys(others))
        return 1, ()

    def _has_one_meaning(self, phrase: Phrase) -> bool:
        """Does it stand in one record only? RR in a text may be the relative risk where the respiratory rate is looked for."""
        return sum(form.phrase == phrase for form in self.forms[phrase[0]]) == 1


NO_SYNONYMS = Synonyms()

_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Meaning(BaseModel):
    model_config = _STRICT
    short: list[_Text] = []
    capital: list[_Text] = []
    long: Annotated[list[_Text], Field(min_length=1)]
    source: _Text


class _Source(BaseModel):
    model_config = _STRICT
    title: _Text
    url: _Text
    kind: _Text


class _File(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["abbreviations/1"], Field(alias="schema")]
    about: Annotated[str, Field(min_length=1, max_length=2000)]
    sources: dict[str, _Source]
    meanings: list[Any]


def read_synonyms(path: Path) -> Synonyms:
    """Read the ways to say the same.

    Raises:
        ReadError: the file can't be read at all.
        OSError: as the system says.
    """
    document = parse_yaml(read_text(path))
    record, findings = read_record(_File, document, (), document.value)
    findings += document.findings
    read: list[_Meaning] = []
    for n, value in enumerate(record.meanings if record else ()):
        place = ("meanings", n)
        entry, problems = read_record(_Meaning, document, place, value)
        if entry is not None and record is not None:
            if entry.source not in record.sources:
                problems.append(error_at(document, place, "no-source", f'"{entry.source}" is none of the sources'))
            if len(entry.short) + len(entry.capital) + len(entry.long) < 2:
                problems.append(error_at(document, place, "wrong-value", "a meaning needs two forms"))
            for text in (*entry.short, *entry.capital, *entry.long):
                if not 1 <= len(raw_words(text)) <= MAX_PHRASE:
                    problems.append(error_at(document, place, "wrong-value", f'"{text}" must have 1 to {MAX_PHRASE} words'))
        findings += problems
        if entry is not None and not problems:
            read.append(entry)
    forms, meanings = _arranged(read)
    return Synonyms(forms, meanings, tuple(findings))


def _arranged(read: Sequence[_Meaning]) -> tuple[dict[str, tuple[_Form, ...]], tuple[tuple[Phrase, ...], ...]]:
    forms: dict[str, list[_Form]] = {}
    meanings: list[tuple[Phrase, ...]] = []
    for number, entry in enumerate(read):
        capital = {phrase_of(text) for text in entry.capital}
        phrases = tuple(dict.fromkeys(phrase_of(text) for text in (*entry.long, *entry.short, *entry.capital)))
        meanings.append(phrases)
        for phrase in phrases:
            forms.setdefault(phrase[0], []).append(_Form(phrase, number, phrase in capital))
    ordered = {first: tuple(sorted(some, key=lambda form: (-len(form.phrase), form.meaning))) for first, some in forms.items()}
    return ordered, tuple(meanings)


def phrase_of(text: str) -> Phrase:
    """The terms of a text, one after the other."""
    return tuple(term_of(raw) for raw in raw_words(text))
