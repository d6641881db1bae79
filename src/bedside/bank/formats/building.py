"""From the raw texts of a row to a question: Markdown, lead-in, options and key, with every doubt a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bedside.bank.formats.escaping import guard_start
from bedside.bank.formats.markup import Block, Marked, to_blocks, to_line
from bedside.bank.formats.rows import Question, RowError, Taken
from bedside.bank.item import Kind
from bedside.findings import plural

MAX_TEXT = 50_000  # characters of one text; a long vignette has 2,000
MAX_OPTIONS = 26

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_SENTENCE_END = re.compile(r"[.?!][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
# what stands before a full stop that ends no sentence: a title, a short form, the number of the question
_NO_END = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|No|vs|Fig|approx|e\.g|i\.e|cf|Prof)|^\(?\d+)\.$")


@dataclass(frozen=True, slots=True)
class RawQuestion:
    """What a row says, unchanged; `lead_in` is empty where the row doesn't set it apart."""

    row: int
    id: str | None
    stem: str
    lead_in: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    rationale: str = ""
    explanations: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.ONE_BEST_ANSWER
    steps: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def build(raw: RawQuestion) -> Taken:
    """The question that a row makes. A rationale of the whole question becomes the explanation of its key.

    Raises:
        RowError: a text is missing, doubled, too long or not text; or there is no sentence that could be the lead-in.
    """
    if not 2 <= len(raw.options) <= MAX_OPTIONS:
        raise RowError(f"{plural(len(raw.options), 'option')}; an item has 2 to {MAX_OPTIONS}")
    marked = [to_line(checked(option, f"option {letter(n)}")) for n, option in enumerate(raw.options)]
    options = [option.text for option in marked]
    _check_options(options)
    stem = to_blocks(checked(raw.stem, "the stem"))
    lead_in = to_line(checked(raw.lead_in, "the lead-in"))
    if lead_in.text:
        blocks, asked = stem.blocks, guard_start(lead_in.text)
    else:
        blocks, asked = split_lead_in(stem.blocks)
    texts = {name: to_blocks(checked(text, f"the explanation of {name}")) for name, text in raw.explanations.items()}
    if raw.rationale and raw.key[0] not in texts:
        texts[raw.key[0]] = to_blocks(checked(raw.rationale, "the rationale"))
    question = Question(
        row=raw.row,
        id=raw.id,
        kind=raw.kind,
        stem="\n\n".join(block.text for block in blocks),
        lead_in=asked,
        options=tuple(options),
        key=raw.key,
        explanations={name: text.text for name, text in texts.items() if text.text},
        steps=raw.steps,
    )
    return Taken(question, _notes(raw.notes, [stem, lead_in, *marked, *texts.values()]))


def _notes(own: Sequence[str], marked: Sequence[Marked]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*own, *(note for part in marked for note in part.notes)]))


def _check_options(options: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for n, option in enumerate(options):
        if not option:
            raise RowError(f"option {letter(n)} is empty")
        twin = seen.setdefault(option.casefold(), letter(n))
        if twin != letter(n):
            raise RowError(f"option {letter(n)} has the text of option {twin}")


def letter(n: int) -> str:
    """The letter of the option at index `n`."""
    return chr(ord("A") + n)


def checked(text: str, what: str) -> str:
    """The text with stray control characters as spaces.

    Raises:
        RowError: too long, or signs that no text can hold.
    """
    if len(text) > MAX_TEXT:
        raise RowError(f"{what} has {len(text):,} characters; at most {MAX_TEXT:,}")
    if "\0" in text:
        raise RowError(f"{what} holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RowError(f"{what} holds half of a character (a lone surrogate)") from None
    return _CONTROL.sub(" ", text)


def split_lead_in(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], str]:
    """The last sentence of the last paragraph is the lead-in, what stands before it the stem.

    Raises:
        RowError: there is no paragraph.
    """
    last = max((n for n, block in enumerate(blocks) if block.is_paragraph), default=None)
    if last is None:
        raise RowError("no question text")
    before, sentence = _last_sentence(blocks[last].text)
    rest = [Block(before, is_paragraph=True)] if before else []
    return (*blocks[:last], *rest, *blocks[last + 1 :]), guard_start(sentence)


def _last_sentence(text: str) -> tuple[str, str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if not _NO_END.search(text, 0, end.start() + 1):
            start = end.end()
    return text[:start].rstrip(), text[start:].strip()


def key_by_letter_or_text(answer_letter: str, answer_text: str, options: Sequence[str]) -> str:
    """The letter of the key, where the row gives a letter, a text or both.

    Raises:
        RowError: neither, one that fits no option, or two that disagree.
    """
    letters = [letter(n) for n in range(len(options))]
    given, text = answer_letter.strip(), answer_text.strip()
    if not given and not text:
        raise RowError("no key")
    by_letter = given.upper() if given.upper() in letters else None
    if given and by_letter is None:
        raise RowError(f'the key "{given[:40]}" is no letter of an option')
    wanted = " ".join(text.split())
    matching = [name for name, option in zip(letters, options, strict=True) if text and " ".join(option.split()) == wanted]
    if not text:
        assert by_letter is not None
        return by_letter
    if by_letter is not None:
        if by_letter not in matching:
            raise RowError(f"the key letter {by_letter} and the key text disagree")
        return by_letter
    as_letter = text.upper() if text.upper() in letters else None
    if as_letter and not matching:
        return as_letter
    if len(matching) != 1 or (as_letter and as_letter != matching[0]):
        of_none = f'the key "{text[:40]}" is neither the letter nor the text of an option'
        raise RowError(of_none if not matching else "the key could mean two options")
    return matching[0]
