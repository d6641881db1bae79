"""Grammar between lead-in and options, and options of one form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bedside.bank.lint.kinds import kind_of
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import OptionView, View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity

GRAMMAR_CUE = Rule(
    "grammar-cue",
    "TW1",
    Severity.ERROR,
    "A distractor does not follow from the lead-in by grammar, and the key does.",
)

_ENDING = ' \t\n:?.…_*"”’-–—'
_OPEN_ARTICLE = re.compile(r"(?:^|\s)(an?)$")
_OPEN_VERB = re.compile(r"(?:^|\s)(is|are|was|were)$")
_OPEN_TO = re.compile(
    r"(?:^|\s)(?:is|are|was|would be|should|must|will|be|step|decision|best|need|needs|advised|wise|necessary) to$"
    r"|\bshould$|\bmust$"
)
_OPEN_BY = re.compile(r"(?:^|\s)(?:by|of|for|through|before|after|without)$")
_PLURAL_ASKED = re.compile(r"\b(?:which|what) of the following (?:[a-z]+s )?(?:are|were|have)\b|^what are\b")
_VOWEL_SOUND = re.compile(r"[aeiou]|h(?:our|onest|eir)|[fhlmnrsx](?=[A-Z0-9-])", re.IGNORECASE)
_CONSONANT_SOUND = re.compile(r"u(?:ni(?!n)|r[ei]|s[eu]|til|ter)|eu|o(?:ne|nce)\b", re.IGNORECASE)
_SINGULAR_S = re.compile(
    r"(?:ss|us|is|sis|itis|as|os|xs|ics|ens|ies)$|(?:diabetes|herpes|rabies|tabes|pyogenes|measles|mumps|series|species)$"
)
_TAIL = re.compile(
    r"\b(?:of|in|with|from|by|for|to|on|at|due|that|which|during|after|before|through|secondary|without|between|into)\b|[,;(]"
)


def grammar_cue(view: View) -> Iterator[Hit]:
    key = view.key
    if key is None or len(view.distractors) < 2:
        return
    lead_in = view.lead_in.lower.rstrip(_ENDING)
    if (match := _OPEN_ARTICLE.search(lead_in)) and not view.lead_in.lower.rstrip(_ENDING + ")").endswith("a(n"):
        yield from _disagree(view, f'the article "{match[1]}"', lambda option: _takes_an(option) == (match[1] == "an"))
    elif _OPEN_TO.search(lead_in):
        yield from _disagree(view, "the infinitive", lambda option: _verb_form(option) not in {"ing", "ed", "to"})
    elif _OPEN_BY.search(lead_in) and _verb_form(key) == "ing":
        yield from _disagree(view, "the verb form in -ing", lambda option: _verb_form(option) not in {"to", "ed"})
    elif match := _OPEN_VERB.search(lead_in):
        is_plural = match[1] in {"are", "were"}
        fits = lambda option: _number(option) in {None, is_plural}  # noqa: E731  (one line, used once)
        yield from _disagree(view, f'"{match[1]}"', fits, Severity.WARNING)
    elif _PLURAL_ASKED.search(lead_in) and _number(key) is True:
        yield from _disagree(view, "the plural", lambda option: _number(option) is not False, Severity.WARNING)


def _disagree(view: View, what: str, fits: object, severity: Severity | None = None) -> Iterator[Hit]:
    assert callable(fits)
    assert view.key is not None
    if not fits(view.key):
        # a cue all the same where it leaves some options out: the reader who trusts it is misled, and the others confused
        if any(fits(option) for option in view.distractors):
            text = f"{what} of the lead-in does not fit the key; end the lead-in with a full question"
            yield Hit(view.key.spot, text, severity)
        return
    for option in view.distractors:
        if not fits(option):
            text = f'{what} of the lead-in fits the key, but not "{option.plain[:40]}"; end the lead-in with a full question'
            yield Hit(option.spot, text, severity)
            return


def _takes_an(option: OptionView) -> bool:
    text = option.plain.lstrip("\"“'‘([")
    if _CONSONANT_SOUND.match(text):
        return False
    first = re.split(r"[\s,-]", text, maxsplit=1)[0]
    if len(first) > 1 and first.isupper():
        return first[0] in "AEFHILMNORSX"
    return text[:1].lower() in "aeiou" or bool(re.match(r"h(?:our|onest|eir)|8|11\b|18\b", text, re.IGNORECASE))


def _verb_form(option: OptionView) -> str | None:
    first = option.passage.words[0] if option.passage.words else ""
    if first == "to":
        return "to"
    if first.endswith("ing") and len(first) > 5 and "-" not in first and first not in _NOUNS_IN_ING:
        return "ing"
    return (
        "ed"
        if first.endswith("ed") and len(first) > 4 and first not in {"need", "speed", "proceed", "succeed", "feed"}
        else None
    )


def _number(option: OptionView) -> bool | None:
    """True where the head of the option is plural, False where singular, None where that can't be told."""
    head = _TAIL.split(option.plain, maxsplit=1)[0].strip(" .*")
    if " and " in option.plain:
        return True
    words = head.split()
    if not words or not words[-1][-1:].isalpha() or len(words[-1]) < 4:
        return None
    last = words[-1].lower()
    if last.endswith("s"):
        return None if _SINGULAR_S.search(last) else True
    if last.endswith(("ae", "cci", "lli", "ia", "a", "ata")) or (
        words[0][:1].isupper() and len(words) == 2 and last.endswith("i")
    ):
        return None
    return False


_NOUNS_IN_ING = word_set(
    "imaging screening swelling bleeding testing counseling monitoring nursing stenting clubbing wheezing vomiting "
    "staining ring "
    "string spring coughing hearing sibling clotting banding splinting casting grouping lining feeding training "
    "cooling warming "
    "scarring flushing itching sequencing splicing signaling binding genotyping phenotyping debriefing tapering "
    "suturing scanning "
    "reading meaning warning beginning morning evening during offspring darling being well-being thing nothing "
    "anything something "
    "crossmatching typing gene-sequencing mentoring shopping smoking drinking drooling fasting tilting pacing "
    "blotting stripping"
)
_IMPERATIVES = word_set(
    "administer begin start initiate stop discontinue order obtain perform refer reassure schedule repeat recommend prescribe "
    "advise ask tell encourage explain discuss arrange admit discharge transfer consult call contact switch "
    "substitute add give "
    "continue withhold taper intubate measure check inform notify offer provide request wait proceed review counsel apologize "
    "disclose document acknowledge suggest decline refuse honor seek treat insert remove replace stabilize locate "
    "resume reduce allow avoid hold apply place deliver elevate restrict "
    "report respect involve exchange petition increase decrease educate instruct assure warn confront defer delay "
    "leave keep hospitalize"
)
NOT_PARALLEL = Rule(
    "option-not-parallel",
    "ID8",
    Severity.WARNING,
    "One option has another grammatical form, or far more words, than the rest.",
)


def option_not_parallel(view: View) -> Iterator[Hit]:
    if len(view.options) < 3:
        return
    yield from _odd_form(view)
    yield from _odd_length(view)


def _odd_form(view: View) -> Iterator[Hit]:
    forms = [_form(option) for option in view.options]
    counts = Counter(forms)
    if len(counts) < 2:
        return
    usual, times = counts.most_common(1)[0]
    odd = [index for index, form in enumerate(forms) if form != usual]
    for index in odd[:1]:
        pair = {usual, forms[index]}
        if times < len(forms) - 2 or times < 2 or (len(pair & _LOOSE) == 2 and not _is_clear(view, index, usual)):
            continue
        name = _FORM_NAMES[forms[index]]
        text = f"this option is {name}, the others are {_FORM_NAMES[usual]}; give all one grammatical form"
        yield Hit(view.options[index].spot, text)


_LOOSE = frozenset({"noun", "ing", "imperative", "sentence"})
_SHORT_NOUN = 4  # words; a longer phrase without a known verb may well be a sentence
_AMBIGUOUS = frozenset(
    {"repeat", "measure", "review", "contact", "check", "request", "counsel", "order", "transfer", "offer", "call", "test"}
)


def _is_clear(view: View, index: int, usual: str) -> bool:
    """Nouns, verbs in -ing and instructions are hard to tell apart ("Repeat endoscopy"): only the plain cases count."""
    option = view.options[index]
    others = [other for other in view.options if other is not option]
    if usual == "noun":
        first = option.passage.words[0] if option.passage.words else ""
        form = _form(option)
        if form == "sentence":
            return True
        is_verb = form == "imperative" and first not in _AMBIGUOUS
        return is_verb and all(kind_of(other.plain) is not None for other in others)
    if usual == "sentence":
        return len(option.passage.words) <= _SHORT_NOUN and all(_form(other) == usual for other in others)
    return kind_of(option.plain) is not None and all(_form(other) == usual for other in others)


_FORM_NAMES = {
    "noun": "a noun phrase",
    "ing": "a verb in -ing",
    "imperative": "an instruction",
    "to": "an infinitive",
    "quote": "a quotation",
    "sentence": "a sentence",
}
_SUBJECT = re.compile(
    r"(?:he|she|it|they|i|we|you|the \w+|this \w+|these \w+|that)\s+(?:\w+ly\s+)?(?:is|are|was|were|has|have|had|does"
    r"|do|did|will|"
    r"would|should|can|cannot|could|may|might|must|need|needs)\b"
)


_FINITE = re.compile(
    r"^(?:(?!\b(?:that|which|who|whose|when|where|if|as|because|until|whether|for)\b)[^.;:]){2,80}?"
    r"\b(?:is|are|was|were|has|have|had|will|would|should|cannot)\b(?! (?:not )?\W*$)"
)


def _form(option: OptionView) -> str:
    text = option.plain
    if text.startswith(('"', "“")):
        return "quote"
    words = option.passage.words
    first = words[0] if words else ""
    if first == "to":
        return "to"
    if _SUBJECT.match(option.passage.lower) or first in {"if", "there"}:
        return "sentence"
    if (first in _IMPERATIVES or first.endswith("ize")) and len(words) > 1 and words[1] not in {"of", "for", "in"}:
        return "imperative"
    if _FINITE.search(option.passage.lower) or (text.endswith(".") and len(words) > 3):
        return "sentence"
    return "ing" if _verb_form(option) == "ing" else "noun"


LONG_BESIDE_SHORT = 3.0  # words of the longest option to the mean of the others
_LONG_WORDS = 9


def _odd_length(view: View) -> Iterator[Hit]:
    counts = [len(option.plain.split()) for option in view.options]
    longest = max(counts)
    index = counts.index(longest)
    others = (sum(counts) - longest) / (len(counts) - 1)
    if view.options[index].is_key or longest < _LONG_WORDS or longest < LONG_BESIDE_SHORT * others:
        return
    text = f"this option has {longest} words, the others {others:.0f} on average; even them out"
    yield Hit(view.options[index].spot, text)


CHECKS = (
    Check(GRAMMAR_CUE, grammar_cue),
    Check(NOT_PARALLEL, option_not_parallel),
)
