"""Numbers of the stem with the name and the unit they stand with: in sentences and in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.bank.lint.passage import Passage
from bedside.bank.lint.reference import Named, Reference, words_of
from bedside.bank.lint.word_list import word_set

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,9}(?:\.[0-9]{1,6})?"
# what may stand between a name and its number
_LINK = re.compile(
    r"(?:\s*\([^)|\n]{1,40}\))?(?:\s*(?:,|:|=|\||concentrations?|levels?|counts?|activity|values?|percentage|titer"
    r"|measurements?|results?|is|was|are|were|of|at|"
    r"has|had|been|now|again|today|still|only|about|approximately|near|nearly|increased|decreased|risen|fallen|rises"
    r"|rose|falls|fell|"
    r"dropped|drops|declined|measures|measured|to|from|above|below|over|under|between|greater than|less than|more than|"
    r"increases|decreases|stable|elevated|high|low|normal|and|that|which)(?![a-z0-9])){0,6}?\s*(?P<sign>[<>≤≥~])?\s*"
    rf"(?P<number>{NUMBER})(?![0-9.,]*[0-9])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*(?P<unit>%|percent\b|°\s?[CF]|/\s?(?:[µμu]?[Ll]|mm\s?(?:3|³|\^3)|cu mm|hpf|HPF|lpf|min|h\b|m2)"
    r"|(?:[x×*]\s?)?10\s?(?:\^|\*\*)?\s?[0-9⁰-⁹]{1,2}\s?/\s?[µμu]?[A-Za-z0-9³]+"
    r"|(?:million|thousand|cells|copies|units?|international units)\b(?:\s?/\s?(?:[µμu]?[A-Za-z0-9³]+(?:\s3)?)"
    r"|\s?per\s[a-z ]{2,20})?"
    r"|[µμumnpfkdc]?(?:g|mol|Eq|Osm|Osmol|[Uu]nits|U|IU|katal|kat|Pa)\b(?:\s?/\s?(?:kg H2O|24\s?h(?:ours)?|mmol Cr"
    r"|[A-Za-z0-9.µμ³²]+)){0,3}"
    r"|m[lL]\b(?:/[A-Za-z0-9.]+(?:\s?m2|\s?m²)?)*|dL|L\b|fL\b|[µμu]m(?:3|³)|mm\s?(?:Hg|H2O|/h(?:r|our)?)|cm\s?H2?O|mm3|mm³"
    r"|s(?:ec(?:onds?)?)?\b(?!')|seconds\b|minutes?\b|hours?\b|kg/m(?:2|²|\^2)|pg\b|g/d[lL]|mg/d[lL]|m[eE]q/[lL]"
    r"|ng/m[lL]|ratio\b|fraction\b|kPa\b|times\b|fold\b|copies\b)",
)
_PLAIN_END = re.compile(
    r"\s*(?:$|[;)\]|]|[.](?![0-9])|,|\n|(?:and|with|but|while|on|after|before|at|in|\(|for|which|is|was|were|are"
    r"|compared|from|to"
    r"|today|now|by|this|one|two|three|six)\b|\()"
)
_TO_NUMBER = re.compile(rf"\s*(?:-|–|to|and|→)\s*(?:{NUMBER})")
_OF_ANOTHER_FLUID = re.compile(
    r"\b(?:urin\w*|csf|cerebrospinal|pleural|synovial|ascitic|peritoneal|stool|fecal|sweat|fluid|joint|dialysate"
    r"|fractional|vagina\w*|gastric|"
    r"stomach|esophageal|saliva|breast milk|semen|amniotic|cord|lumbar|gap|difference|change|ratio|gradient)\b"
)
_NOT_THE_ANALYTE = word_set(
    "chloride carbonate gluconate citrate supplement supplements supplementation infusion bolus antibody antibodies "
    "receptor tablet "
    "tablets intake diet dietary sulfate bicarbonate phosphate polystyrene channel channels gap binding ratio"
)
_BEFORE_A_DRUG = word_set("of take takes taking receives received given oral intravenous infuse daily iv")


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the stem that belongs to an analyte; `unit` is "" where none stands with it."""

    named: Named
    number: float
    unit: str
    offset: int
    sign: str
    in_table: bool
    other_fluid: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, with its offset in the stem."""

    text: str
    offset: int


def find_values(stem: Passage, reference: Reference) -> Iterator[Value]:
    """All values of known analytes."""
    if not reference.by_first_word:
        return
    yield from _in_sentences(stem, reference)
    for table in tables(stem):
        yield from _in_table(table, reference)


def _in_sentences(stem: Passage, reference: Reference) -> Iterator[Value]:
    words = stem.words
    known = reference.by_first_word
    if known.keys().isdisjoint(stem.vocabulary):
        return
    starts = stem.starts
    index = 0
    while index < len(words):
        found = reference.name_at(words, index) if words[index] in known else None
        if found is None:
            index += 1
            continue
        length, named = found
        end = starts[index + length - 1] + len(words[index + length - 1])
        after = words[index + length] if index + length < len(words) else ""
        if after not in _NOT_THE_ANALYTE and (match := _LINK.match(stem.prose, end)):
            value = _value(stem, named, match, starts[index])
            if value is not None:
                yield value
        index += length


def _value(stem: Passage, named: Named, match: re.Match[str], name_start: int) -> Value | None:
    text = stem.prose
    end = match.end()
    unit = _UNIT.match(text, end)
    if unit is None and (more := _TO_NUMBER.match(text, end)):
        unit = _UNIT.match(text, more.end())
        end = more.end()
    if unit is None and not _PLAIN_END.match(text, end):
        return None  # "3 days", "2nd": not a value of the analyte
    before = stem.lower[max(0, name_start - 150) : name_start].rpartition(". ")[2]
    return Value(
        named,
        _number(match["number"]),
        unit["unit"].rstrip(".") if unit else "",
        match.start("number"),
        match["sign"] or "",
        in_table=False,
        other_fluid=bool(_OF_ANOTHER_FLUID.search(before)),
    )


def tables(stem: Passage) -> list[list[list[Cell]]]:
    """The tables of the stem as rows of cells, without the line of dashes."""
    if "|" not in stem.text:
        return []
    found: list[list[list[Cell]]] = []
    is_open = False
    offset = 0
    for line in stem.text.split("\n"):
        if line.lstrip().startswith("|"):
            cells = _cells(line, offset)
            if not is_open:
                found.append([])
            is_open = True
            if not all(set(cell.text) <= set("-: ") for cell in cells) or not any("-" in cell.text for cell in cells):
                found[-1].append(cells)
        else:
            is_open = False
        offset += len(line) + 1
    return [table for table in found if table]


def _cells(line: str, offset: int) -> list[Cell]:
    cells: list[Cell] = []
    position = line.index("|") + 1
    for piece in line[position:].rstrip().removesuffix("|").split("|"):
        lead = len(piece) - len(piece.lstrip())
        cells.append(Cell(piece.strip(), offset + position + lead))
        position += len(piece) + 1
    return cells


_CELL_NUMBER = re.compile(rf"^[*_]*\s*(?P<sign>[<>≤≥~])?\s*(?P<number>{NUMBER})(?![0-9])")


def _in_table(table: Sequence[Sequence[Cell]], reference: Reference) -> Iterator[Value]:
    header = table[0]
    for row in table:
        if not row or not (named := resolve(row[0].text, reference)):
            continue
        row_unit = any(_carries_unit(cell.text) for cell in row if not _CELL_NUMBER.match(cell.text))
        for column, cell in enumerate(row[1:], start=1):
            match = _CELL_NUMBER.match(cell.text)
            if not match:
                continue
            head = header[column].text if column < len(header) and header is not row else ""
            unit = _UNIT.match(cell.text, match.end())
            shown = unit["unit"].rstrip(".") if unit else "?" if row_unit or _carries_unit(head) else ""
            if not shown and _is_reference_column(head):
                continue
            other = bool(_OF_ANOTHER_FLUID.search(f"{row[0].text} {head} {header[0].text}".lower()))
            yield Value(
                named, _number(match["number"]), shown, cell.offset, match["sign"] or "", in_table=True, other_fluid=other
            )
            if _is_reference_column(head):
                break


_UNIT_IN_TEXT = re.compile(
    r"[\w%]/(?:[µμu]?[dmL]?L|mm|kg|24|min|h)\b|%|\bmm ?Hg\b|/mm|/[µμ]L|\b(?:mg|mEq|mmol|g|U|IU|fL|pg|s|sec|seconds|ng"
    r"|mL|kPa|percent|units?|mOsmol|µm3|cells)\b(?=[/ )\],.]|$)"
)


def _carries_unit(text: str) -> bool:
    return bool(_UNIT_IN_TEXT.search(text))


def _is_reference_column(head: str) -> bool:
    return bool(re.search(r"\b(?:reference|normal|interval|range)\b", head, re.IGNORECASE))


_SPECIMENS = word_set(
    "serum plasma arterial venous blood whole capillary fasting random urine urinary spot total patient's level "
    "concentration count "
    "csf cerebrospinal fluid the"
)


def resolve(name: str, reference: Reference) -> Named | None:
    """The analyte that a row of a table names, with or without its specimen and what stands in brackets."""
    for text in (name, re.sub(r"\([^)]*\)|,.*$", " ", name)):
        words = tuple(text_word for text_word in words_of(text))
        for candidate in (words, tuple(word for word in words if word not in _SPECIMENS)):
            if candidate and (found := reference.name_at(candidate, 0)) and found[0] == len(candidate):
                return found[1]
    return None


def _number(text: str) -> float:
    return float(text.replace(",", ""))
