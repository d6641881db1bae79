"""Who is the patient: age and sex as the stem tells them, and which other people are spoken of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.bank.lint.passage import Passage
from bedside.bank.lint.word_list import word_list, word_set

MALE_NOUNS = frozenset({"man", "boy", "male", "gentleman", "men", "males"})
FEMALE_NOUNS = frozenset(
    {"woman", "girl", "female", "lady", "women", "females", "primigravida", "multigravida", "primigravid", "multigravid"}
)
CHILD_NOUNS = frozenset({"boy", "girl", "child", "infant", "newborn", "neonate", "toddler", "baby"})
MALE_PRONOUNS = frozenset({"he", "him", "his", "himself"})
FEMALE_PRONOUNS = frozenset({"she", "her", "hers", "herself"})
NEWBORNS = frozenset({"newborn", "newborns", "neonate", "infant", "baby", "stillborn", "fetus", "premature"})
BEYOND_TWO_SEXES = frozenset(
    {"transgender", "trans", "nonbinary", "non-binary", "intersex", "cisgender", "transmasculine", "transfeminine", "assigned"}
)

OTHER_WOMEN = word_set(
    "mother mothers wife daughter daughters sister sisters grandmother aunt aunts girlfriend niece granddaughter stepmother "
    "fiancée fiancee maternal mother's wife's sister's daughter's roommate women woman's"
)
OTHER_MEN = word_set(
    "father fathers husband son sons brother brothers grandfather uncle uncles boyfriend nephew grandson stepfather fiancé "
    "paternal father's husband's brother's son's men man's"
)
CLINICIANS = word_set("physician physicians doctor nurse surgeon obstetrician pediatrician psychiatrist clinician")
OTHER_PEOPLE = CLINICIANS | word_set(
    "parent parents family families partner partners spouse cousin cousins sibling siblings relative relatives "
    "nurses resident residents student students intern colleague colleagues friend friends teacher "
    "neighbor caregiver caretaker guardian pharmacist interpreter therapist coworker co-worker roommate donor "
    "paramedic attending midwife child children son's twin supervisor "
    "specialist technician passenger driver patients investigator researcher scientist volunteer volunteers"
)
PATIENT_WORDS = word_set(
    "patient patient's he she his her him man woman boy girl male female newborn infant neonate child toddler gravida "
    "primigravida gentleman lady adolescent"
)

_OLD = re.compile(r"[-– ]{1,2}(?P<unit>year|month|week|day|hour|yr)s?[-– ]{1,2}old\b")
_COUNT = re.compile(
    r"\b(?:(?P<n>[0-9]{1,3}(?:\.[0-9])?)|(?P<word>[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?))$"
)
_AGED = re.compile(
    r"\baged (?P<n>[0-9]{1,3})\b(?!\s*(?:to|-|–)\s*[0-9])"
    r"|(?<!at )(?<!by )(?<!since )(?<!from )(?<!until )(?<!before )(?<!after )(?<!the )\bage(?: is |: ?|, | "
    r")(?P<is>[0-9]{1,3})\b(?! ?(?:to|-|–) ?[0-9])"
    r"|\b(?:man|woman|patient|person|male|female) in (?:his|her|their) (?P<decade>[1-9]0)(?:'?s)\b"
    r"|\b(?P<y>[0-9]{1,3})(?:\s*|-)(?:yo|y/o|y\.o\.)(?![a-z])|\bwho is (?P<who>[0-9]{1,3})(?: years)?\b"
    r"|(?<=[a-z]), (?P<comma>[0-9]{2}), "
)
_LONGEST_COUNT = 16  # letters of the longest number in words, "seventy-seven"
_YEARS = {"year": 1.0, "yr": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766}
_UNITS = word_list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_NUMBERS = {word: n for n, word in enumerate([*_UNITS, "eighteen", "nineteen"])} | {
    word: 10 * n for n, word in enumerate(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
# between the age and the noun stand adjectives; one of these ends the noun phrase
_ENDS_PHRASE = word_set(
    "of with who whose whom is was are has had comes presents brought and mother father son daughter brother sister by in on "
    "at because for to from that which husband wife known undergoes develops goes seeks reports visits calls sees"
)
SEXED = MALE_NOUNS | FEMALE_NOUNS
_NOUNS = SEXED | CHILD_NOUNS | {"patient", "person", "adolescent", "adult", "student", "worker"}


@dataclass(frozen=True, slots=True)
class Aged:
    """One age of the text: in years, where it stands, and the noun that carries it ("man", "girl", None)."""

    years: float
    offset: int
    noun: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Patient:
    """What the stem says of the patient. `sex` is "male", "female" or None; `ages` are all ages found, in order."""

    is_present: bool
    ages: tuple[Aged, ...]
    sex: str | None
    has_sex: bool
    is_newborn: bool

    @property
    def has_age(self) -> bool:
        return bool(self.ages) or self.is_newborn


def find_patient(stem: Passage) -> Patient:
    """Read the patient from the prose of a stem."""
    vocabulary = stem.vocabulary
    is_newborn = not NEWBORNS.isdisjoint(vocabulary)
    ages = tuple(_ages(stem))
    is_present = bool(ages) or not PATIENT_WORDS.isdisjoint(vocabulary)
    sex = _sex_of(ages, stem)
    nouns = SEXED | MALE_PRONOUNS | FEMALE_PRONOUNS | BEYOND_TWO_SEXES | {"gravida", "pregnant"}
    has_sex = sex is not None or not nouns.isdisjoint(vocabulary)
    return Patient(is_present, ages, sex, has_sex, is_newborn)


def _ages(stem: Passage) -> list[Aged]:
    found: list[Aged] = []
    if "old" in stem.lower:
        for match in _OLD.finditer(stem.lower):
            start = max(match.start() - _LONGEST_COUNT, 0)
            count = _COUNT.search(stem.lower[start : match.start()])
            years = _count(count["n"], count["word"]) if count else None
            if count and years is not None:
                noun = _noun_after(stem.lower[match.end() : match.end() + 90])
                offset = start + count.start()
                found.append(Aged(years * _YEARS[match["unit"]], offset, noun, stem.lower[offset : match.end()]))
    if not found:
        for match in _AGED.finditer(stem.lower):
            digits = match["n"] or match["decade"] or match["y"] or match["is"] or match["who"] or match["comma"]
            found.append(Aged(float(digits), match.start(), None, match.group().strip(" ,")))
    return found


def _count(digits: str | None, word: str | None) -> float | None:
    if digits is not None:
        return float(digits)
    parts = re.split(r"[- ]", word or "")
    values = [_NUMBERS.get(part) for part in parts]
    known = [value for value in values if value is not None]
    if not known or values[-1] is None:
        return None
    return float(sum(known[-2:]) if len(known) > 1 and known[-2] >= 20 > known[-1] else known[-1])


def _noun_after(text: str) -> str | None:
    for word in re.findall(r"[a-z][a-z0-9'’-]*|[.;:]", text)[:7]:
        if word in _NOUNS:
            return str(word)
        if word in _ENDS_PHRASE or word in ".;:":
            return None
    return None


def _sex_of(ages: tuple[Aged, ...], stem: Passage) -> str | None:
    if not BEYOND_TWO_SEXES.isdisjoint(stem.vocabulary):
        return None
    for aged in ages[:1]:
        if aged.noun in MALE_NOUNS:
            return "male"
        if aged.noun in FEMALE_NOUNS:
            return "female"
    for word in stem.words[:12]:
        if word in MALE_NOUNS:
            return "male"
        if word in FEMALE_NOUNS:
            return "female"
    return None
