"""MedQA-like JSON: `question`, `options` by letter, `answer` (text) and `answer_idx` (letter).

Variants: MediQ sets the sentences of the vignette apart in `context`; the MMLU and MedAgents sets call the id `realidx`.
MedQA is a set of questions for the USMLE, and `meta_info` says for which of its steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from bedside.bank.formats.building import RawQuestion, key_by_letter_or_text, letter
from bedside.bank.formats.json_rows import Row, id_of, read_rows, text_of
from bedside.bank.formats.rows import RowError, Skipped, SourceFile, Taken

USED = frozenset({"id", "realidx", "question_id", "question", "context", "options", "answer", "answer_idx", "meta_info"}) | {
    "explanation",
    "rationale",
}
# what the data set's own field says, as programme and step
_STEPS = {
    "step1": (("usmle", "step1"),),
    "step2&3": (("usmle", "step2ck"), ("usmle", "step3")),
}


def fits(row: Row) -> bool:
    """Does a row look like this format?"""
    return "question" in row and "options" in row


def read(source: SourceFile) -> Iterator[Taken | Skipped]:
    """The rows, each taken or refused with its line."""
    return read_rows(source, _raw)


def _raw(number: int, row: Row) -> RawQuestion:
    options = _options(row.get("options"))
    question = text_of(row, "question")
    if not question:
        raise RowError("no question")
    context = row.get("context")
    if context is not None:
        question = f"{_context(context)} {question}".strip()
    key = key_by_letter_or_text(text_of(row, "answer_idx"), text_of(row, "answer"), options)
    return RawQuestion(
        row=number,
        id=id_of(row, "id", "realidx", "question_id"),
        stem=question,
        lead_in="",
        options=options,
        key=(key,),
        rationale=text_of(row, "explanation") or text_of(row, "rationale"),
        steps=_STEPS.get(text_of(row, "meta_info"), ()),
    )


def _context(context: object) -> str:
    if isinstance(context, str):
        return context.strip()
    if isinstance(context, list) and all(isinstance(sentence, str) for sentence in context):
        return " ".join(sentence.strip() for sentence in context)
    raise RowError('"context" is neither a text nor a list of texts')


def _options(options: object) -> tuple[str, ...]:
    """The options in the order of their letters, which run from A without a gap."""
    if isinstance(options, list) and all(isinstance(entry, dict) and {"key", "value"} <= set(entry) for entry in options):
        pairs = [(str(entry["key"]), entry["value"]) for entry in options]
        if len(dict(pairs)) < len(pairs):
            raise RowError("a letter of an option is given twice")
        options = dict(pairs)
    if not isinstance(options, dict):
        raise RowError("no options by letter")
    letters = sorted(options)
    if letters != [letter(n) for n in range(len(letters))]:
        raise RowError(f"the letters of the options are {', '.join(letters)[:60] or 'missing'}; they run from A without a gap")
    texts = [options[name] for name in letters]
    if not all(isinstance(text, str | int | float) and not isinstance(text, bool) for text in texts):
        raise RowError("an option is no text")
    return tuple(str(text).strip() for text in texts)
