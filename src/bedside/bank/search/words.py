"""Words as they are compared: without case, accents, British or American spelling, or the ending of a plural."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

MAX_LETTERS = 64  # of a word; what is longer is compared by its beginning

GREEK = "\u00b5\u0370-\u03ff"
# a Greek letter is a word, so that "TNF-α" and "TNF alpha" are the same; one letter after an apostrophe belongs to the word
LETTER = rf"[^\W_{GREEK}]"
_WORD = re.compile(rf"[{GREEK}]|{LETTER}(?:{LETTER}|[\u0300-\u036f])*(?:['’]{LETTER}(?!{LETTER}))?")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9](?![A-Za-z0-9]))?")  # the same, and three times as fast
_OWNED = re.compile(r"['’].$")  # Winter's

_GREEK_NAMES: Mapping[str, str] = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "ς": "sigma",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}

# British spelling → American, in this order; both the text and the query are written so
_SPELLINGS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"[ao]e", "e"),  # haemorrhage, oedema, paediatric, oestrogen
        (r"(?<=..)our(?=$|s$|ed$|ing$|al$|able$|less$)", "or"),  # tumour, behavioural; not hours
        (r"(?<=...)is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz"),  # hospitalised
        (r"(?<=...)ys(?=(?:e|ed|er|ing)$)", "yz"),  # dialysed
        (r"(?<=..)([bt])re(?=s?$)", r"\1er"),  # fibre, litres
        (r"(?<=...)ll(?=(?:ed|ing|er|ers)$)", "l"),  # labelled
        (r"sulph", "sulf"),
        (r"^leuc", "leuk"),
        (r"^aluminium$", "aluminum"),
        (r"^programme(?=s?$)", "program"),
        (r"^grey(?=s?$)", "gray"),
        (r"^ageing$", "aging"),
    )
)

# plurals that end otherwise, as they are after the spelling was made American; "lens" and "bias" are none
# fmt: off
_IRREGULAR: Mapping[str, str] = {
    "ampulle": "ampulla", "apices": "apex", "appendices": "appendix", "bacilli": "bacillus", "bacteria": "bacterium",
    "bias": "bias", "biases": "bias", "bronchi": "bronchus", "bulle": "bulla", "burse": "bursa", "calices": "calix",
    "calyces": "calyx", "children": "child", "cocci": "coccus", "cortices": "cortex", "criteria": "criterion",
    "diverticula": "diverticulum", "emboli": "embolus", "feet": "foot", "fistule": "fistula", "foci": "focus",
    "foramina": "foramen", "fungi": "fungus", "ganglia": "ganglion", "indices": "index", "lens": "lens", "lenses": "lens",
    "lumina": "lumen", "matrices": "matrix", "media": "medium", "men": "man", "nuclei": "nucleus", "ova": "ovum",
    "papille": "papilla", "petechie": "petechia", "phenomena": "phenomenon", "rhonchi": "rhonchus", "septa": "septum",
    "sera": "serum", "stimuli": "stimulus", "teeth": "tooth", "thrombi": "thrombus", "varices": "varix",
    "vertebre": "vertebra", "villi": "villus", "women": "woman",
}
# fmt: on

IRREGULAR_FORMS: Mapping[str, tuple[str, ...]] = {
    one: tuple(form for form, other in _IRREGULAR.items() if other == one) for one in sorted(set(_IRREGULAR.values()))
}

# fmt: off
SMALL_WORDS = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "what",
    "which", "with", "without",
})
# fmt: on


def raw_words(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return pattern_for(text).findall(text)


def pattern_for(text: str) -> re.Pattern[str]:
    """What finds the words of this text."""
    return _ASCII_WORD if text.isascii() else _WORD


def folded(raw: str) -> str:
    """A word without case and accents, in American spelling; a Greek letter by its name."""
    raw = _OWNED.sub("", raw[: 4 * MAX_LETTERS])
    text = raw.lower() if raw.isascii() else unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", raw).casefold())
    named = "".join(_GREEK_NAMES.get(sign, sign) for sign in text if sign.isalnum())[:MAX_LETTERS]
    if not named.isalpha():
        return named
    for pattern, new in _SPELLINGS:
        named = pattern.sub(new, named)
    return named


def stem(word: str) -> str:
    """A folded word without the ending of a plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("sis", "ses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    if word.endswith(("se", "che", "ze")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=50_000)
def term_of(raw: str) -> str:
    """What a written word is compared by."""
    return stem(folded(raw))
