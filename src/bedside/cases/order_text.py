"""How names and typed words are made comparable: lower case, no accents, American spelling, tokens without punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# British spellings by their stems, longest first where one holds another; both sides of a comparison are changed alike.
_AMERICAN = (
    ("gynaec", "gynec"),
    ("diarrhoea", "diarrhea"),
    ("orthopaed", "orthoped"),
    ("oedema", "edema"),
    ("oesoph", "esoph"),
    ("oestr", "estr"),
    ("coeliac", "celiac"),
    ("caesar", "cesar"),
    ("anaesth", "anesth"),
    ("paed", "ped"),
    ("haem", "hem"),
    ("aemia", "emia"),
    ("faec", "fec"),
    ("foet", "fet"),
    ("tumour", "tumor"),
    ("sulph", "sulf"),
    ("litre", "liter"),
    ("fibre", "fiber"),
)
_SPELLINGS = (
    (re.compile(r"\bx[\s-]+r(?=(ays?|a)?\b)"), "xr"),  # also while it is being typed
    (re.compile(r"\bxrays\b"), "xray"),
    (re.compile(r"\busg\b"), "us"),  # ultrasonography, and how radiology is asked for elsewhere
    (re.compile(r"\bncct\b"), "ct without contrast"),
    (re.compile(r"\bcect\b"), "ct with contrast"),
    (re.compile(r"\bc/s\b"), "culture"),
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=\s|$)"), "with"),
    (re.compile(r"(?<=[a-z])['’](?=s\b)"), ""),
)
_TOKEN = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=16_384)  # the catalogue's own words come again and again
def folded(text: str) -> str:
    """Lower case, without accents, in American spelling, `x-ray` as one word."""
    lowered = text.casefold()
    if not lowered.isascii():
        lowered = lowered.replace("β", "beta ").replace("α", "alpha ").replace("µ", "u").replace("μ", "u")
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    for british, american in _AMERICAN:
        if british in lowered:
            lowered = lowered.replace(british, american)
    for pattern, plain in _SPELLINGS:
        lowered = pattern.sub(plain, lowered)
    return lowered


def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text: runs of letters and digits."""
    return tuple(_TOKEN.findall(folded(text)))


def squashed(text: str) -> str:
    """The text without anything but letters and digits, so that `chem 7`, `Chem-7` and `chem7` are one."""
    return "".join(tokens_of(text))
