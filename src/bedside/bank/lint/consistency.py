"""A patient who can be one person: sex, age and story agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.bank.lint.passage import Passage
from bedside.bank.lint.people import (
    BEYOND_TWO_SEXES,
    CLINICIANS,
    FEMALE_PRONOUNS,
    MALE_PRONOUNS,
    OTHER_MEN,
    OTHER_PEOPLE,
    OTHER_WOMEN,
    Aged,
)
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import View
from bedside.bank.lint.word_list import word_set
from bedside.findings import Severity

CONTRADICTION = Rule(
    "contradictory-patient",
    "TC10",
    Severity.ERROR,
    "What the stem tells of the patient can't be true of one person.",
    on_imported=True,
)


def contradictory_patient(view: View) -> Iterator[Hit]:
    stem = view.stem
    ages = view.patient.ages
    for aged in ages:
        if reason := _noun_disagrees(aged):
            yield Hit(stem.spot(aged.offset), reason)
    if len({aged.years for aged in ages}) > 1 and len(ages) > 1 and _two_of_one_person(ages, stem):
        yield Hit(stem.spot(ages[1].offset), f'the patient is "{ages[0].text}" and "{ages[1].text}"')
    if len(ages) <= 1 or len({aged.noun for aged in ages}) == 1:
        yield from _of_the_other_sex(view)
        yield from _longer_than_life(view)
        yield from _too_old_or_young(view)
    yield from _pregnancies(stem)


_GROWN = {"man": 16, "woman": 16, "gentleman": 18, "lady": 18}  # years from which the noun fits; "boy" and "girl" end at 17
_YOUNG = {
    "boy": 20,
    "girl": 20,
    "child": 20,
    "toddler": 5,
    "infant": 3,
    "newborn": 0.3,
    "neonate": 0.3,
    "baby": 3,
    "adolescent": 22,
}


def _noun_disagrees(aged: Aged) -> str | None:
    noun = aged.noun or ""
    if noun in _GROWN and aged.years < _GROWN[noun]:
        return f'"{aged.text}" and "{noun}" contradict each other; write boy or girl, or mend the age'
    if noun in _YOUNG and aged.years >= _YOUNG[noun]:
        return f'"{aged.text}" and "{noun}" contradict each other; mend the age or the noun'
    return None


_OTHERS = OTHER_MEN | OTHER_WOMEN | OTHER_PEOPLE
_SAME_NOUN = {"man", "woman", "boy", "girl"}


def _two_of_one_person(ages: tuple[Aged, ...], stem: Passage) -> bool:
    """Two ages behind the same noun, where nobody else is spoken of and the second is introduced as the patient."""
    first, second = ages[0], ages[1]
    if abs(first.years - second.years) < 1 or not (_OTHERS - CLINICIANS).isdisjoint(stem.vocabulary):
        return False
    before = stem.lower[max(second.offset - 6, 0) : second.offset]
    return before.endswith(("this ", "the ")) or (
        first.noun == second.noun and first.noun in _SAME_NOUN and "at age" not in stem.lower
    )


_FEMALE_ONLY = re.compile(
    r"\b(?:pregnant|gravida|gravid|uterus|uterine|ovar(?:y|ies|ian)|menses|menstrua\w*|menarche|menopaus\w*"
    r"|postmenopausal|vagina\w*|"
    r"hysterectomy|pap smear|cesarean|primigravida|lactating|endometri\w*|fallopian|amenorrhea|weeks['’]? gestation)\b"
)
_MALE_ONLY = re.compile(
    r"\b(?:prostat(?:e|ic|itis|ectomy)|penis|penile|scrot(?:um|al)|testic(?:le|les|ular)|testes|testis|vasectomy|ejaculat\w*|"
    r"erectile dysfunction|epididym\w*|foreskin)\b"
)
# the first four letters of the words above
_SEXED_OPENINGS = word_set(
    "preg grav uter ovar mens mena meno post vagi hyst pap cesa prim lact endo fall amen week pros peni scro test "
    "vase ejac erec epid fore"
)
_BORN = re.compile(r"\b(?:born|birth|delivery|delivered|in utero|newborn|neonate|prenatal|breast-?fed|apgar)\b")
_DIFFERENT_DEVELOPMENT = re.compile(
    r"\b(?:karyotype|androgen insensitivity|intersex|ambiguous genitalia|disorders? of sex|46,? ?x[xy]|chromosom\w*"
    r"|congenital adrenal|reductase)\b"
)


def _of_the_other_sex(view: View) -> Iterator[Hit]:
    sex, stem = view.patient.sex, view.stem
    if sex is None or view.patient.is_newborn or not BEYOND_TWO_SEXES.isdisjoint(stem.vocabulary):
        return
    pattern, people, pronouns = (
        (_FEMALE_ONLY, OTHER_WOMEN, FEMALE_PRONOUNS) if sex == "male" else (_MALE_ONLY, OTHER_MEN, MALE_PRONOUNS)
    )
    yield from _pronouns(view, pronouns)
    if _SEXED_OPENINGS.isdisjoint(view.openings) or _DIFFERENT_DEVELOPMENT.search(stem.lower):
        return
    newborn = sex == "male" and bool(_BORN.search(stem.lower))
    has_others = not people.isdisjoint(stem.vocabulary)
    for offset, sentence in stem.sentences() if pattern.search(stem.lower) else ():
        lower = sentence.lower()
        match = pattern.search(lower)
        if match is None or newborn or _speaks_of_others(lower, people | (pronouns if has_others else frozenset())):
            continue
        text = f'"{match.group()}" can\'t be of this patient, whom the stem calls {sex}'
        yield Hit(stem.spot(offset + match.start()), text)
        return


_RELATIVES = re.compile(
    r"\b(?:famil(?:y|ial)|relatives?|parents?|partners?|siblings?|cousins?|spouse|relationship|no history"
    r"|sexual(?:ly)? (?:active|partners)|donor)\b"
)


def _speaks_of_others(sentence: str, people: frozenset[str]) -> bool:
    words = set(re.findall(r"[a-zé'’-]+", sentence))
    return not words.isdisjoint(people) or bool(_RELATIVES.search(sentence))


def _pronouns(view: View, wrong: frozenset[str]) -> Iterator[Hit]:
    """A pronoun of the other sex, where the stem names nobody else whom it could mean."""
    stem = view.stem
    if wrong.isdisjoint(stem.vocabulary) or not view.needs_patient or "“" in stem.text or '"' in stem.text:
        return
    vocabulary = {word.removesuffix("'s") for word in stem.vocabulary}
    if not ((OTHER_PEOPLE - CLINICIANS) | OTHER_MEN | OTHER_WOMEN).isdisjoint(vocabulary):
        return
    right = MALE_PRONOUNS if wrong is FEMALE_PRONOUNS else FEMALE_PRONOUNS
    if not CLINICIANS.isdisjoint(vocabulary) and not right.isdisjoint(vocabulary):
        return  # the other pronoun may be the physician's
    index = next(n for n, word in enumerate(stem.words) if word in wrong)
    text = f'"{stem.words[index]}" is said of a patient whom the stem calls {view.patient.sex}'
    yield Hit(stem.spot(stem.starts[index]), text)


_DURATION = re.compile(
    r"\b(?P<n>[0-9]{1,3})[- ]year[- ](?:history|smoking)\b|\bfor (?:the (?:past|last) |over |more than |about |at "
    r"least )?(?P<m>[0-9]{1,3}) years\b"
    r"|\b(?P<k>[0-9]{1,3}) years (?:ago|earlier)\b"
)
_HABIT = re.compile(r"\b(?:smok|drink|drank|cigarette|pack|alcohol|worked|work|married|job)")
_STARTS_HABITS = 8  # years of age; a habit that began earlier is a slip of the numbers


def _longer_than_life(view: View) -> Iterator[Hit]:
    stem, ages = view.stem, view.patient.ages
    if len(ages) != 1 or "year" not in stem.lower:
        return
    years = ages[0].years
    has_duration = " years" in stem.lower or "year history" in stem.lower or "year smoking" in stem.lower
    for match in _DURATION.finditer(stem.lower) if has_duration else ():
        n = float(match["n"] or match["m"] or match["k"])
        start = stem.lower.rfind(".", 0, match.start()) + 1
        end = stem.lower.find(".", match.end())
        sentence = stem.lower[start : end if end >= 0 else len(stem.lower)]
        if _speaks_of_others(sentence, _OTHERS - CLINICIANS):
            continue
        limit = years - _STARTS_HABITS if _HABIT.search(sentence) and years >= _STARTS_HABITS else years + 1
        if n > limit:
            yield Hit(stem.spot(match.start()), f'"{match.group()}" is longer than a life of "{ages[0].text}" allows')
            return


def _too_old_or_young(view: View) -> Iterator[Hit]:
    stem, ages = view.stem, view.patient.ages
    word = next((word for word in ("pregnant", "gestation") if word in stem.vocabulary), None)
    if word is None or view.patient.sex != "female" or len(ages) != 1 or view.patient.is_newborn or _BORN.search(stem.lower):
        return
    years = ages[0].years
    if not _YOUNGEST_PREGNANT <= years <= _OLDEST_PREGNANT and not _speaks_of_others(stem.lower, OTHER_WOMEN):
        offset = stem.starts[stem.words.index(word)]
        yield Hit(stem.spot(offset), f'a patient "{ages[0].text}" is not pregnant; mend the age')


_YOUNGEST_PREGNANT, _OLDEST_PREGNANT = 9, 60  # years; pregnancies outside are curiosities, not examination patients; assumed

_GRAVIDA = re.compile(
    r"\bgravida (?P<g>[0-9]{1,2}),? para (?P<p>[0-9]{1,2})\b|\bg(?P<g2>[0-9]{1,2}),? ?p(?P<p2>[0-9]{1,2})\b(?![0-9])"
)


def _pregnancies(stem: Passage) -> Iterator[Hit]:
    if "para" not in stem.lower and "gravida" not in stem.lower and "pregnan" not in stem.lower:
        return
    for match in _GRAVIDA.finditer(stem.lower):
        pregnancies, births = int(match["g"] or match["g2"]), int(match["p"] or match["p2"])
        if births > pregnancies:
            yield Hit(stem.spot(match.start()), f'"{match.group()}": more births than pregnancies')


CHECKS = (Check(CONTRADICTION, contradictory_patient),)
