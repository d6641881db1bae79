"""The question itself: positive, focused, closed, and one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity

_NEGATIONS = word_set(
    "not except least incorrect false unlikely inappropriate inaccurate untrue never cannot can't isn't aren't wasn't doesn't "
    "don't didn't wouldn't shouldn't exception wrong excluded invalid nor neither"
)
_NEGATION = re.compile(
    r"\b(?:(?:is|are) wrong\b|except(?:ion)?\b(?! for\b)|(?<!at )least\b(?![ -](?:invasive|restrictive|expensive"
    r"|costly|toxic|square|one"
    r"|amount|two|squares|common denominator))"
    r"|(?:not|incorrect|unlikely|inappropriate|inaccurate|untrue|never|cannot|excluded|invalid|neither)\b"
    r"|false\b(?![ -](?:positive|negative|alarm|reassurance|discovery|lumen|aneurysm|labor|memor))"
    r"|(?:can|is|are|was|does|do|did|would|should)n['’]t\b)"
)
_SHOUTED = re.compile(r"\b(?:NOT|EXCEPT|LEAST|FALSE|INCORRECT|NEVER|UNLIKELY|CANNOT|WRONG)\b")
_ASKS = re.compile(r"\b(?:which|what|all of the following|all the following|each of the following|how|where|when)\b")
# "not" behind one of these belongs to the patient's story, not to the task
_STORY = re.compile(
    r"\b(?:why|reason|reasons|explains?|explanation|accounts?|because|due|failure|if|who|whom|whose|when|since"
    r"|although|despite|"
    r"unless|whether|while|mechanism|after|before|statement to|say to|response to|probability|likelihood|chance|risk"
    r"|proportion|percentage)\b"
)
_NOT_NEGATIVE = re.compile(r"\b(?:not only|whether or not|or not|not yet|not been)\b")

NEGATIVE = Rule(
    "negative-lead-in",
    "ID3",
    Severity.ERROR,
    "The lead-in asks for what is not, or for the exception.",
)


def negative_lead_in(view: View) -> Iterator[Hit]:
    lead_in = view.lead_in
    if _NEGATIONS.isdisjoint(lead_in.vocabulary):
        return
    shouted = _SHOUTED.search(lead_in.prose)
    if shouted:
        yield _negative(view, shouted.start(), shouted.group())
        return
    for match in _NEGATION.finditer(lead_in.lower):
        if _is_the_task(lead_in.lower, match):
            yield _negative(view, match.start(), match.group())
            return


def _is_the_task(text: str, match: re.Match[str]) -> bool:
    if match.group().startswith("except") or text.startswith("least likely", match.start()):
        return True
    asks = [asked.end() for asked in _ASKS.finditer(text) if asked.start() < match.start()]
    if not asks:
        # nothing asked before it: an open completion such as "This drug is not" asks with it, a subordinate clause does not
        return not _ASKS.search(text, match.end()) and not _STORY.search(text, 0, match.start())
    between = text[asks[0] : match.start()]
    around = text[max(match.start() - 12, 0) : match.end() + 6]
    return not _STORY.search(between) and not _NOT_NEGATIVE.search(around)


def _negative(view: View, offset: int, word: str) -> Hit:
    text = f'the lead-in is negative ("{word.lower()}"); ask for what is true, likely or to be done'
    return Hit(view.lead_in.spot(offset), text)


_ANY_OF = r"(?:which|what)(?: one)?(?: of (?:the following|these|the options))?"
_UNFOCUSED = re.compile(
    rf"\b{_ANY_OF}(?: (?:statements?|assertions?|options?|answers?|facts?|choices?|sentences?|claims?))?"
    r"(?: (?:about|regarding|concerning|on|of|for|in|made|below|describing)\b[^?]{0,160}?)?,? (?:is|are|would be|holds?)"
    r"(?: (?:most|the most|best|likely|generally|also|all|both|always))*"
    r" (?:true|correct|accurate|right|valid|false|incorrect|untrue|inaccurate|not true|not correct)"
    r"(?! (?:diagnosis|dose|treatment|management|interpretation|order|sequence|step|next|response|value|amount|number"
    r"|ventricular"
    r"|atrial|coronary|heart|lung|lower|upper|kidney|side|sided|hemi\w*|positive|negative|therapy|technique|name|term|way))"
    r"|\b(?:true|correct|accurate|false|incorrect) (?:statements?|assertions?|facts?|options?|answers?|choices?)\b"
    r"|\b(?:all|each) of the following\b"
    r"|\bstatements? (?:best |most accurately )?(?:applies|apply|concerning|regarding|about)\b"
    r"|^\W*(?:regarding|concerning|about|with (?:regard|respect) to|as regards)\b"
    r"|^\W*(?:which|what)(?: one)? of the following(?: (?:applies|apply|options?|statements?|answers?))*\W*$"
    r"|^\W*(?:what|which) (?:is|are) (?:true|correct|the (?:best |right |correct )?answer)\b"
    r"|\b(?:choose|select|pick|mark|identify) (?:the )?(?:best|correct|right|true|one|most)\b[^?]{0,20}\b(?:answers?"
    r"|options?|statements?)\b"
)
_FOCUS_WORDS = word_set(
    "true correct accurate right valid false incorrect untrue inaccurate regarding concerning about regard respect regards "
    "following statement statements answer option"
)
_NAMED_THING = re.compile(r"\b(?:which|what) (?:of the following )?(?:interpretation|conclusion|inference)s?\b")

UNFOCUSED = Rule(
    "unfocused-lead-in",
    "ID10",
    Severity.ERROR,
    "The lead-in asks which statement is true, and can't be answered with the options covered.",
)


def unfocused_lead_in(view: View) -> Iterator[Hit]:
    lead_in = view.lead_in
    if _FOCUS_WORDS.isdisjoint(lead_in.vocabulary):
        return
    match = _UNFOCUSED.search(lead_in.lower)
    if match and not _NAMED_THING.search(match.group()):
        text = (
            f'"{_short(match.group())}" asks for true and false statements; ask one thing that can be answered '
            f"without the options"
        )
        yield Hit(lead_in.spot(match.start()), text)


ABSOLUTE = Rule(
    "absolute-lead-in",
    "TW3",
    Severity.WARNING,
    "The lead-in asks for what is always, never or only so.",
)
_ABSOLUTE = word_set("always never invariably absolutely certainly definitely only exclusively impossible every")
_ABSOLUTELY = re.compile(
    r"\b(?:always|never|invariably|absolutely|certainly|definitely|exclusively|impossible|(?<!not )(?<!if )only(?! "
    r"(?:once|after|if|when|child|one of))"
    r"|(?:in|for) (?:all|every) (?:cases?|patients?|instances?|persons?|people))\b"
)


def absolute_lead_in(view: View) -> Iterator[Hit]:
    lead_in = view.lead_in
    if _ABSOLUTE.isdisjoint(lead_in.vocabulary) and "all" not in lead_in.vocabulary:
        return
    if match := _ABSOLUTELY.search(lead_in.lower):
        text = (
            f'"{match.group()}" is absolute; hardly anything in medicine is so. Ask for what is most likely or most appropriate'
        )
        yield Hit(lead_in.spot(match.start()), text)


NOT_A_QUESTION = Rule(
    "lead-in-not-a-question",
    "TC4",
    Severity.ERROR,
    "The lead-in is not a full question ending in a question mark.",
)
_CLOSING = " \t\n*_\"'”’)`"


def lead_in_not_a_question(view: View) -> Iterator[Hit]:
    text = view.item.lead_in.rstrip(_CLOSING)
    if not text.endswith("?"):
        offset = max(len(text) - 1, 0)
        yield Hit(view.lead_in.spot(offset), 'the lead-in does not end in "?"; write a full question, not an open sentence')


TWO_QUESTIONS = Rule(
    "double-lead-in",
    "TC4",
    Severity.WARNING,
    "The lead-in asks two things at once.",
)
_TWICE = re.compile(
    r"\?[\s*_]+(?=\S)|\b(?:and|as well as)(?: also)? (?:what|which|how|why|when|where) (?:is|are|would|should|of the "
    r"following|does|do)\b"
)


def double_lead_in(view: View) -> Iterator[Hit]:
    match = _TWICE.search(view.lead_in.lower.rstrip())
    if match and match.end() < len(view.lead_in.lower.rstrip()):
        text = "the lead-in asks two questions; ask one, and put what leads to it into the stem"
        yield Hit(view.lead_in.spot(match.start()), text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:28]} … {text[-28:]}"


CHECKS = (
    Check(NEGATIVE, negative_lead_in),
    Check(UNFOCUSED, unfocused_lead_in),
    Check(ABSOLUTE, absolute_lead_in),
    Check(NOT_A_QUESTION, lead_in_not_a_question),
    Check(TWO_QUESTIONS, double_lead_in),
)
