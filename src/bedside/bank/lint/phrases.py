"""Phrases that an item should not use, each with what to write instead.

A phrase has triggers, plain strings that start as a word does; one of them must be in the text before the pattern is tried,
which keeps the reading of a whole bank fast.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern of lower-case text and the better wording."""

    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    better: str

    def is_in(self, lower: str) -> bool:
        """Does this lower-case text hold the phrase?"""
        return any(trigger in lower for trigger in self.triggers) and self.pattern.search(lower) is not None


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Phrases by the first letters of their triggers, so that only those that can occur in a text are tried."""

    by_opening: Mapping[str, tuple[Phrase, ...]]

    def likely(self, openings: Collection[str]) -> list[Phrase]:
        """The phrases of which a trigger starts as one of the words does."""
        found = (phrase for opening in self.by_opening.keys() & openings for phrase in self.by_opening[opening])
        return list(dict.fromkeys(found))


OPENING = 4  # letters


def _book(*phrases: Phrase) -> Phrasebook:
    by_opening: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for opening in {trigger.strip()[:OPENING].strip() for trigger in phrase.triggers}:
            by_opening.setdefault(opening, []).append(phrase)
    return Phrasebook({opening: tuple(found) for opening, found in by_opening.items()})


def _phrase(triggers: str, pattern: str, better: str) -> Phrase:
    return Phrase(tuple(triggers.split("|")), re.compile(pattern), better)


_WHO = r"(?= (?:who|is|was|with|comes|presents|patient)\b|[,.])"
_DIABETIC_THINGS = (
    r"(?! (?:\w+ )?(?:ketoacidosis|foot|nephropathy|retinopathy|neuropathy|diet|ulcer|gastroparesis|kidney|macular"
    r"|coma|control|"
    r"amyotrophy|cardiomyopathy|mononeuropathy|eye|medications?))"
)
_ALCOHOLIC_THINGS = (
    r"(?! (?:hepatitis|liver|cirrhosis|ketoacidosis|beverages?|drinks?|fatty|steato\w*|cardiomyopathy|pancreatitis|neuropathy|"
    r"hallucinosis|myopathy|intoxication|extract|polyneuropathy|dementia|encephalopathy|gastritis))"
)

STIGMATISING = _book(
    _phrase(
        "alcoholic",
        r"(?<![\w-])alcoholics\b(?! anonymous)|\b(?:an?|known|chronic|recovering|former|homeless|old|heavy) alcoholic\b"
        + _ALCOHOLIC_THINGS,
        "person with alcohol use disorder",
    ),
    _phrase(
        "drunkard|alcohol addict|alcohol abus|abuses alcohol|abused alcohol|abusing alcohol",
        r"\balcohol abus(?:e|ers?)\b|\babus(?:es|ed|ing) alcohol\b|\bdrunkards?\b|\balcohol addict\w*",
        "alcohol use disorder, or how much is drunk",
    ),
    _phrase(
        "addict|junkie|junky|drug user",
        r"(?<!alcohol )\baddicts?\b|\bjunk(?:ie|y)s?\b|\bdrug users?\b",
        "person with a substance use disorder, or who uses the named drug",
    ),
    _phrase(
        "abuse|abusing|habit",
        r"\b(?:drugs?|substance|opioid|opiate|heroin|cocaine|polysubstance|narcotic|methamphetamine|stimulant) "
        r"(?:abus(?:e|ers?)|habit)\b"
        r"|\babus(?:es|ed|ing) (?:drugs|substances|opioids|heroin|cocaine|narcotics)\b",
        "substance use disorder, or use of the named drug",
    ),
    _phrase(
        "complian|noncomplian|non-complian",
        r"\bnon-?complian(?:t|ce)\b|\b(?:poor|bad)(?:ly)? complian(?:t|ce)\b(?! of the)|\bnot (?:been )?compliant\b"
        r"|\bhis compliance\b|\bher compliance\b",
        "does not take the medication as prescribed, with the reason",
    ),
    _phrase(
        "drug-seeking|drug seeking|frequent fl|malinger",
        r"\bdrug[- ]seeking\b|\bfrequent fl[iy]ers?\b|\bmalingerers?\b",
        "what the patient asks for and how often",
    ),
    _phrase(
        "diabetic",
        r"\bdiabetics\b|\b(?:an?|known|old|brittle|insulin-dependent|elderly|poorly controlled) diabetic\b" + _DIABETIC_THINGS,
        "person with diabetes",
    ),
    _phrase(
        "epileptics|asthmatics|hemophiliacs|schizophrenics|hypertensives|anorexics|bulimics|paraplegics|quadriplegics"
        "|psychotics",
        r"\b(?:epileptics|asthmatics|hemophiliacs|schizophrenics|hypertensives|anorexics|bulimics|paraplegics"
        r"|quadriplegics|psychotics)\b",
        "people with the named condition",
    ),
    _phrase(
        "epileptic|asthmatic|hemophiliac|schizophrenic|anorexic|bulimic|paraplegic|quadriplegic|leper|manic|borderline",
        r"\b(?:an?|known|chronic|old) (?:known )?(?:epileptic|asthmatic|hemophiliac|schizophrenic|anorexic|bulimic"
        r"|paraplegic|quadriplegic|"
        rf"leper|manic|borderline){_WHO}|\b(?:epileptic|asthmatic|schizophrenic) (?:man|woman|boy|girl|patient|child"
        rf"|male|female)\b",
        "person with the named condition",
    ),
    _phrase(
        "suffer",
        r"\bsuffer(?:s|ed|ing|ers?)?\b(?! (?:(?:an?|multiple|severe|the) )?(?:injur|fall|blow|fracture|cardiac arrest"
        r"|concussion|trauma|burn|loss))(?: from)?",
        'has, had ("has asthma")',
    ),
    _phrase(
        "afflicted|stricken|victim",
        r"\bafflicted (?:with|by)\b|\bstricken (?:with|by)\b|\b(?:stroke|aids|cancer|polio|burn|heart attack) victims?\b"
        r"|\bvictims? of (?:a )?(?:stroke|cancer|aids|dementia|heart attack)\b",
        "person who has or had the condition",
    ),
    _phrase("diabetic p", r"\bdiabetic (?:patients?|persons?|people)\b", "person with diabetes"),
    _phrase(
        "poor historian|difficult patient|hateful",
        r"\bpoor historian\b|\bdifficult patient\b|\bhateful patient\b",
        "what is said and done",
    ),
    _phrase("retard", r"\bmental(?:ly)? retard(?:ed|ation)\b|\bretard(?:ed|s)\b(?! growth)", "intellectual disability"),
    _phrase(
        "wheelchair", r"\bwheelchair[- ]bound\b|\b(?:confined|bound) to (?:a|the|his|her) wheelchair\b", "uses a wheelchair"
    ),
    _phrase(
        "handicap|cripple|invalid",
        r"\bhandicap(?:ped|s)?\b|\bcripple[ds]?\b|\binvalids\b|\ban invalid\b(?! (?:test|result|trial|conclusion))",
        "person with a disability, or what the person can't do",
    ),
    _phrase("deaf", r"\bdeaf[- ](?:mutes?|and[- ]dumb|dumb)\b", "deaf"),
    _phrase(
        "mongol|midget|cretin|imbecile|idiot|moron|lunatic|spastics|hermaphrod|transvest|transsex",
        r"\b(?:mongol(?:oid|ism)?s?|midgets?|cretins?|imbeciles?|idiots?|morons?|lunatics?|spastics|hermaphrodit\w*"
        r"|transvestites?|transsexuals?)\b",
        "the condition's present name, person first",
    ),
    _phrase(
        "insane|crazy|psycho |deranged|demented",
        r"\b(?:insane|(?<!going )crazy|psycho|deranged|demented)\b",
        "the symptom itself, or person with the named condition",
    ),
    _phrase(
        "suicide",
        r"\b(?:commit(?:s|ted|ting)?|successful(?:ly)?|failed|unsuccessful|completed) suicid(?:e|al)(?: attempts?)?\b",
        "died by suicide, attempted suicide",
    ),
    _phrase("prostitut", r"\bprostitut(?:e|es|ion)\b", "sex worker, sex work"),
    _phrase("illegal", r"\billegal (?:alien|immigrant|migrant)s?\b", "immigrant without documents, where it bears on the case"),
    _phrase(
        "oriental|negro|mulatto|gypsy|gypsies|eskimo|colored ",
        r"\b(?:orientals?|oriental (?:man|woman|boy|girl)|negro(?:es|id)?|mulattos?|gyps(?:y|ies)|eskimos?|colored "
        r"(?:man|woman|person|people))\b",
        "the person's own name for the group, where it bears on the case",
    ),
    _phrase("caucasian", r"\bcaucasians?\b", "White, where it bears on the case"),
    _phrase(
        "obese|fat man|fat woman|fat boy|fat girl|fat lady|fat patient|overweight",
        r"\b(?:morbidly obese|(?:an?|old|the) obese|obese (?:man|woman|boy|girl|patient|person|child|male|female|adult)|"
        r"(?:fat|overweight) (?:man|woman|boy|girl|lady|patient))\b",
        "person with obesity, or the body mass index",
    ),
    _phrase(
        "elderly|senile",
        r"\b(?:the elderly|elderly (?:man|woman|patients?|gentleman|lady|people|person|male|female)|an elderly|senile "
        r"(?:man|woman|patient))\b",
        "older adult, or the age",
    ),
    _phrase(
        "elderly prim|geriatric preg|incompetent cerv|habitual abort|illegitimate|unwed|spinster|barren",
        r"\b(?:elderly primigravida|geriatric pregnancy|incompetent cervix|habitual abort(?:er|ion)|illegitimate child"
        r"|unwed mother|spinster|barren)\b",
        "the neutral term (pregnancy at 35 or older, cervical insufficiency, recurrent pregnancy loss)",
    ),
    _phrase(
        "crack bab|drug bab|addicted",
        r"\bcrack bab(?:y|ies)\b|\b(?:addicted|drug) bab(?:y|ies)\b|\bborn addicted\b|\baddicted (?:newborn|infant)s?\b",
        "newborn exposed to the drug before birth",
    ),
    _phrase(
        "dirty|clean urine|clean drug",
        r"\b(?:dirty|clean) (?:urine (?:drug|test|screen)|drug screen|drug test)\b|\bdirty needles?\b",
        "positive or negative result; used needle",
    ),
    _phrase(
        "sex change|biological|born a m|born a w|born as a",
        r"\bsex change\b|\bbiological(?:ly)? (?:man|woman|male|female)\b|\bborn (?:as )?a (?:man|woman)\b",
        "gender-affirming surgery; assigned male or female at birth",
    ),
    _phrase(
        "homeless|vagrant",
        r"\bhomeless (?:man|woman|person|people|patient|male|female)\b|\bthe homeless\b|\bvagrants?\b",
        "person without housing, where it bears on the case",
    ),
    _phrase("third world|third-world", r"\bthird[- ]world\b", "the country or region"),
    _phrase(
        "convict|inmate|felon|ex-con",
        r"\b(?:an? convict|inmates?|ex-cons?|felons?)\b",
        "person in prison, where it bears on the case",
    ),
)

OUTDATED = _book(
    _phrase("wegener", r"\bwegener['’]?s?(?: granulomatosis)?\b", "granulomatosis with polyangiitis"),
    _phrase("churg", r"\bchurg[-–]strauss(?: syndrome)?\b", "eosinophilic granulomatosis with polyangiitis"),
    _phrase("reiter", r"\breiter['’]?s?(?: syndrome| disease)?\b", "reactive arthritis"),
    _phrase("grand mal", r"\bgrand mal\b", "tonic-clonic seizure"),
    _phrase("petit mal", r"\bpetit mal\b", "absence seizure"),
    _phrase("manic dep|manic-dep", r"\bmanic[- ]depress(?:ion|ive)\w*", "bipolar disorder"),
    _phrase("multiple personality", r"\bmultiple personality(?: disorder)?\b", "dissociative identity disorder"),
    _phrase("asperger", r"\basperger['’]?s?(?: syndrome| disorder)?\b", "autism spectrum disorder"),
    _phrase("hypochondr", r"\bhypochondria(?:sis|cs?)?\b(?! regions?)", "illness anxiety disorder"),
    _phrase(
        "juvenile|insulin-dependent|iddm",
        r"\bjuvenile[- ](?:onset )?diabetes\b|(?<!non-)(?<!non)\binsulin-dependent diabetes\b|\biddm\b",
        "type 1 diabetes mellitus",
    ),
    _phrase(
        "adult-onset|non-insulin|noninsulin|niddm",
        r"\badult-onset diabetes\b|\bnon-?insulin-dependent diabetes\b|\bniddm\b",
        "type 2 diabetes mellitus",
    ),
    _phrase("acute renal", r"\bacute renal failure\b", "acute kidney injury"),
    _phrase("chronic renal", r"\bchronic renal (?:failure|insufficiency)\b", "chronic kidney disease"),
    _phrase("sgot|sgpt", r"\bsgot\b|\bsgpt\b", "aspartate or alanine aminotransferase"),
    _phrase("toxemia", r"\btoxemia(?: of pregnancy)?\b", "preeclampsia"),
    _phrase("senile|presenile", r"\b(?:pre)?senile dementia\b", "Alzheimer disease, or dementia of the named cause"),
    _phrase("primary biliary", r"\bprimary biliary cirrhosis\b", "primary biliary cholangitis"),
    _phrase("pneumocystis carinii", r"\bpneumocystis carinii\b", "Pneumocystis jirovecii"),
    _phrase(
        "cerebrovascular|cerebro-vascular|cerebral vascular",
        r"\bcerebro-?vascular accident\b|\bcerebral vascular accident\b",
        "stroke",
    ),
    _phrase("reflex symp", r"\breflex sympathetic dystrophy\b", "complex regional pain syndrome"),
    _phrase("growth retardation", r"\b(?:intrauterine|fetal) growth retardation\b", "fetal growth restriction"),
    _phrase("dropsy", r"\bdropsy\b", "edema, or heart failure"),
)

SHORTHAND_FORMS = _phrase(
    "c/o|s/p|h/o|w/o|y/o|b/l|f/u|r/o|n/v|hx|dx|tx|rx|sx| pt|\npt|abx|i.d.|q.d.|r.n.| yo",
    r"(?<![\w/])(?:c/o|s/p|h/o|w/o|y/o|b/l|f/u|r/o|n/v|[HhDdTtRrSs]x|[Pp]ts?|abx|b\.i\.d\.|t\.i\.d\.|q\.d\.|p\.r\.n\."
    r"|yo)(?![\w/])",
    "the words in full",
)
