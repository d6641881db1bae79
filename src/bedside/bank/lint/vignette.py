"""The vignette: a patient with age, sex and setting, needed for the answer, and readable in the time given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.rule import Check, Hit, Rule, Spot
from bedside.bank.lint.view import View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity, plural

_STUDY = word_set(
    "investigator investigators researcher researchers scientist scientists experiment experiments experimental mice "
    "mouse rat rats "
    "vitro cohort randomized participants volunteers epidemiologist epidemiologists outbreak"
)
_IN_CARE = word_set(
    "patient patient's comes presents brought admitted hospital hospitalized clinic office emergency physician examination "
    "delivered undergoes"
)

DEMOGRAPHICS = Rule(
    "missing-demographics",
    "TC3",
    Severity.WARNING,
    "A clinical vignette does not tell the patient's age, or sex.",
    needs_vignette=True,
)


def missing_demographics(view: View) -> Iterator[Hit]:
    if not _is_clinical(view):
        return
    lacks = []
    if not view.patient.has_age:
        lacks.append("age")
    if not view.patient.has_sex and not view.patient.is_newborn:
        lacks.append("sex")
    if lacks:
        yield Hit(
            view.spot, f'the vignette does not tell the patient\'s {" and ".join(lacks)}; begin as "A 58-year-old man ..."'
        )


def _is_clinical(view: View) -> bool:
    """Is the stem about a patient in care, and not about a study or a conversation?"""
    vocabulary = view.stem.vocabulary
    if not view.needs_patient or not view.patient.is_present:
        return False
    is_study = not _STUDY.isdisjoint(vocabulary)
    return not is_study or (bool(view.patient.ages) and not _IN_CARE.isdisjoint(vocabulary))


SETTING = Rule(
    "missing-setting",
    "TC3",
    Severity.WARNING,
    "A clinical vignette does not tell where the patient is seen.",
    needs_vignette=True,
)
_PLACES = word_set(
    "office clinic hospital hospitalized hospitalization ward emergency icu unit nursery physician physician's "
    "doctor doctor's admitted "
    "admission ambulance paramedics paramedic telehealth telemedicine center facility hospice inpatient outpatient "
    "infirmary bedside "
    "rehabilitation postoperative postoperatively preoperative obstetrician pediatrician psychiatrist neurologist "
    "dermatologist surgeon "
    "cardiologist gastroenterologist midwife dentist ophthalmologist urologist gynecologist oncologist nephrologist "
    "endocrinologist "
    "er nurse pharmacist prison jail shelter resuscitation endoscopy catheterization anesthesia radiology dialysis"
)
_PLACE_PHRASE = re.compile(
    r"\b(?:home visit|primary care (?:provider|practitioner)|general practitioner|(?:seen|visited|examined|evaluated) "
    r"at (?:his |her |their )?home|nursing home|labor and delivery|(?:delivery|operating"
    r"|recovery|trauma|examination) (?:room|suite|bay)|(?:video|telephone|phone|virtual) (?:visit|call|consultation)"
    r"|(?:routine|follow-up"
    r"|well-child|well-baby|prenatal|postpartum|annual|preoperative) (?:visit|appointment|examination|checkup|check-up))\b"
)


def missing_setting(view: View) -> Iterator[Hit]:
    if not _is_clinical(view) or len(view.stem.words) < SHORT_STEM:
        return
    if _PLACES.isdisjoint(view.stem.vocabulary) and not _PLACE_PHRASE.search(view.stem.lower):
        severity = None if view.item.setting is None else Severity.NOTE
        text = "the vignette does not tell where the patient is seen (office, emergency department, ward ...)"
        yield Hit(view.spot, text, severity)


STEM_TOO_SHORT = Rule(
    "stem-too-short",
    "TC5",
    Severity.WARNING,
    "The stem is too short to hold a patient whose findings are needed.",
    needs_vignette=True,
)
SHORT_STEM = 20  # words; authors are asked for 60 to 150


def stem_too_short(view: View) -> Iterator[Hit]:
    if not view.needs_patient or "|" in view.stem.text or "](" in view.stem.text:
        return
    n = len(view.stem.prose.split())
    if n < SHORT_STEM:
        yield Hit(view.spot, f"the stem has {n} words; give the findings that the answer needs (60 to 150 words are usual)")


WINDOW_DRESSING = Rule(
    "window-dressing",
    "TC5",
    Severity.WARNING,
    "The lead-in can be answered without the vignette: it asks for a bare fact.",
    needs_vignette=True,
)
_POINTS_AT_STEM = word_set(
    "this that these those his her their he she they him them patient patient's patients mother mother's father "
    "infant newborn child "
    "boy girl man woman physician described above shown such here following's drug medication given prescribed "
    "husband couple family "
    "fetus parents trial study investigators researchers affected"
) - {
    "patients",
    "drug",
    "medication",
    "that",
    "child",
    "physician",
    "newborn",
    "infant",
    "such",
    "shown",
    "given",
    "following's",
}
_BARE_FACT = re.compile(
    r"\b(?:mechanisms? of action|function|role|definition|half-life|blood supply|innervation|action|characteristic|hallmark|"
    r"(?:most )?common (?:cause|site|type|complication|symptom|presentation|organism|location|side effect|adverse "
    r"effect|form|tumor|manifestation)|"
    r"(?:drug|treatment|test|investigation|imaging) of choice|gold standard|first-line (?:treatment|therapy|drug)(?! "
    r"to)|side effects?|adverse effects?|"
    r"risk factors?|causative (?:agent|organism)|vector|antidote|inheritance pattern|mode of inheritance|normal "
    r"(?:value|range)|features?)"
    r" (?:of|for|in|with|to) (?!the (?:following|(?:[a-z]+ ){0,2}(?:drugs?|medications?|agents?|treatment|therapy"
    r"|organism|pathogen|condition|disease|disorder|lesion|tumor|murmur|finding)\b))(?!(?:an? )?(?:patients? (?:with "
    r"this|like)))[a-z0-9]"
    r"|\b(?:is|are) (?:defined as|characterized by|characteristic of|caused by|produced by|secreted by|innervated by"
    r"|supplied by|derived from|"
    r"deficient in|defective in|mutated in|associated with|seen in|found in|elevated in|increased in|decreased in"
    r"|transmitted by|indicated in|"
    r"contraindicated in|used to treat|used for|diagnostic of|pathognomonic of|pathognomonic for|an? example of|part of)\b"
    r"|\b(?:enzyme|gene|organism|hormone|vitamin|nerve|muscle|artery|drug|cytokine|antibody)s?\b[^?]{0,40}\b(?:causes|inhibits"
    r"|supplies|innervates|produces|secretes|treats|activates|blocks|deficient in|mutated in)\b"
    r"|^\W*(?:what|which) (?:drug|enzyme|organism|nerve|artery|vitamin|hormone)\b(?![^?]*\b(?:likely|appropriate|next"
    r"|best|would|should|explain)\b)"
)


def window_dressing(view: View) -> Iterator[Hit]:
    lead_in = view.lead_in
    if not view.needs_patient:
        return
    points_back = not _POINTS_AT_STEM.isdisjoint(lead_in.vocabulary) or bool(_LIKELY_ONE.search(lead_in.lower))
    if not points_back and (match := _BARE_FACT.search(lead_in.lower)):
        text = "the lead-in asks for a fact that needs no patient; ask what this patient's findings mean or call for"
        yield Hit(lead_in.spot(match.start()), text)
    elif not view.patient.is_present and _is_bare(view):
        yield Hit(view.spot, "there is no patient in the stem; ask for the use of the fact in one")


def _is_bare(view: View) -> bool:
    """A short stem without table, figure or study."""
    stem = view.stem
    is_short = len(stem.words) < _BARE_STEM and "|" not in stem.text and "](" not in stem.text
    return is_short and _STUDY.isdisjoint(stem.vocabulary)


_BARE_STEM = 40  # words
_LIKELY_ONE = re.compile(
    r"\bmost likely (?:diagnosis|cause|condition|organism|pathogen|etiology|responsible|to have|explanation|mechanism)\b"
)

READING_TIME = Rule(
    "reading-time",
    "ID2",
    Severity.WARNING,
    "Stem, lead-in and options take more reading than the item's seconds allow.",
)
WORDS_A_SECOND = 4.0  # 240 words a minute, silent reading of English non-fiction (Brysbaert, J Mem Lang 2019;109:104047)
READING_SHARE = 0.75  # of the time; the rest is for deciding; assumed


def reading_time(view: View) -> Iterator[Hit]:
    texts = (view.item.stem, view.item.lead_in, *(option.plain for option in view.options))
    words = sum(_count_words(text) if "|" in text else len(text.split()) for text in texts)
    most = view.item.seconds * WORDS_A_SECOND * READING_SHARE
    if words > most:
        text = f"{words} words are too many for {view.item.seconds} seconds (at most {most:.0f}); shorten, or give more time"
        yield Hit(view.spot, text)


def _count_words(text: str) -> int:
    return sum(1 for word in text.split() if word.strip("|-:*"))


LONG_SENTENCE = Rule(
    "long-sentence",
    "ID2",
    Severity.NOTE,
    "A sentence of the stem or the lead-in has more than 45 words.",
)
_SENTENCE_WORDS = 45
_SENTENCE_LETTERS = 135  # no sentence of so many words has fewer


def long_sentence(view: View) -> Iterator[Hit]:
    for passage in (view.stem, view.lead_in):
        if len(passage.words) <= _SENTENCE_WORDS or max(map(len, passage.lower.split(". "))) < _SENTENCE_LETTERS:
            continue
        for offset, sentence in passage.sentences():
            n = len(sentence.split())
            if n > _SENTENCE_WORDS:
                yield Hit(passage.spot(offset), f"this sentence has {n} words; divide it (at most {_SENTENCE_WORDS})")


TEACHING = Rule(
    "teaching-in-stem",
    "TC9",
    Severity.WARNING,
    "The stem states a fact of textbook kind instead of telling about the patient.",
)
_TEACHES = re.compile(
    r"\b(?:is|are) (?:an? |the )?(?:\w+ ){0,2}(?:disease|disorder|condition|syndrome|enzyme|virus|bacteri(?:um|a)"
    r"|hormone|infection|disorders|diseases)"
    r" (?:characterized|defined|caused|that|which|in which|due to|marked|transmitted|used|produced)\b"
    r"|\b(?:is|are) (?:characterized by|defined as|pathognomonic|the (?:most|second most) common|known to (?:cause|be"
    r"|increase|decrease|inhibit)|"
    r"(?:typically|usually|commonly|classically|often|most commonly) (?:caused|seen|associated|found|characterized|due"
    r"|treated|transmitted))\b"
    r"|\b(?:this|which) (?:is|finding is|sign is) (?:the hallmark|a classic (?:sign|finding|triad)|characteristic of"
    r"|indicative of|diagnostic of)\b"
    r"|(?:^|[.] )(?:recall|remember|note|keep in mind) that\b"
)
_TEACHES_TRIGGERS = word_set(
    "characterized defined pathognomonic common known typically usually commonly classically often recall remember "
    "note keep hallmark "
    "disease disorder condition syndrome enzyme characteristic classic indicative diagnostic virus hormone drug bacterium"
)


def teaching_in_stem(view: View) -> Iterator[Hit]:
    if _TEACHES_TRIGGERS.isdisjoint(view.stem.vocabulary):
        return
    for match in _TEACHES.finditer(view.stem.lower):
        text = (
            f'"{" ".join(match.group().split())}" teaches; tell only what was found in the patient, and keep the '
            f"fact for the explanation"
        )
        yield Hit(view.stem.spot(match.start()), text)
        return


DIFFICULTY = Rule(
    "difficulty-out-of-range",
    "IA1",
    Severity.NOTE,
    "The judged difficulty is outside what a useful item can have.",
)
EASIEST, HARDEST = 0.95, 0.30  # IA1 of the list of flaws


def difficulty_out_of_range(view: View) -> Iterator[Hit]:
    difficulty = view.item.difficulty
    if difficulty is None:
        return
    if difficulty > EASIEST or difficulty < HARDEST:
        text = f"a difficulty of {difficulty:g} leaves little to measure; between {HARDEST:g} and {EASIEST:g} is usual"
        yield Hit(_front(view, "difficulty"), text)


SECONDS = Rule(
    "seconds-out-of-range",
    "IA5",
    Severity.NOTE,
    "The time the item is written for is outside 30 to 240 seconds.",
)
SHORTEST_S, LONGEST_S = 30, 240  # around the 90 seconds an item of the USMLE has; assumed


def seconds_out_of_range(view: View) -> Iterator[Hit]:
    seconds = view.item.seconds
    if not SHORTEST_S <= seconds <= LONGEST_S:
        text = f"{plural(seconds, 'second')} for one item is an unusual time; {SHORTEST_S} to {LONGEST_S} is usual"
        yield Hit(_front(view, "seconds"), text)


def _front(view: View, key: str) -> Spot:
    place = view.item.document.place((key,))
    return Spot(place.line, place.column)


CHECKS = (
    Check(DEMOGRAPHICS, missing_demographics),
    Check(SETTING, missing_setting),
    Check(STEM_TOO_SHORT, stem_too_short),
    Check(WINDOW_DRESSING, window_dressing),
    Check(READING_TIME, reading_time),
    Check(LONG_SENTENCE, long_sentence),
    Check(TEACHING, teaching_in_stem),
    Check(DIFFICULTY, difficulty_out_of_range),
    Check(SECONDS, seconds_out_of_range),
)
