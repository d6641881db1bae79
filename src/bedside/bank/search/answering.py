"""Which written words of a text answer the words that were typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bedside.bank.search.words import GREEK, IRREGULAR_FORMS, LETTER, term_of


class Answers(dict[str, int | None]):
    """Written word → which of the typed words it answers, None where none; what was asked once is known for all texts.

    A text is read for words with the first letters of what is looked for alone, so that most of it is passed over.
    """

    def __init__(self, wanted: Mapping[str, int]) -> None:
        """`wanted`: the terms that are looked for, each with the number of the typed word that it answers."""
        super().__init__()
        self._wanted = wanted
        self._beginnings = frozenset(begun for term in wanted for begun in beginnings(term))
        initials = {term[0] for term in wanted if term and term[0].isascii()}
        if "e" in initials:
            initials |= {"a", "o"}  # aetiology, oedema: in American spelling they begin with e
        signs = "".join(sorted(initials | {sign.upper() for sign in initials}))
        # a letter after another belongs to its word, and so does a single one after an apostrophe
        beyond_ascii = rf"[^\W_{GREEK}\x00-\x7f]"
        self._ascii = _ascii_words(f"[{signs}]") if signs else _NOTHING
        self._any = _any_words(rf"(?:[{signs}]|{beyond_ascii})" if signs else beyond_ascii)

    def __missing__(self, raw: str) -> int | None:
        begun = raw[:2].lower()
        can = begun in self._beginnings or not begun.isascii()
        unit = self[raw] = self._wanted.get(term_of(raw)) if can else None
        return unit

    def pattern_for(self, text: str) -> re.Pattern[str]:
        """What finds in this text all words that can answer."""
        return self._ascii if text.isascii() else self._any

    def units_in(self, text: str) -> set[int | None]:
        """Which of the typed words this text answers; None is among them where it has other words."""
        return set(map(self.__getitem__, set(self.pattern_for(text).findall(text))))


_NOTHING = re.compile(r"(?!)")


def beginnings(term: str) -> set[str]:
    """The first two letters that a written ASCII word of this term can have, in small letters."""
    found: set[str] = set()
    for word in (term, *IRREGULAR_FORMS.get(term, ())):
        found |= {word[:2], f"{word}'"[:2]}
        if word[:1] == "e":
            found |= {"ae", "oe"}  # aetiology, oedema
        if word[1:2] == "e":
            found |= {f"{word[0]}a", f"{word[0]}o"}  # haemorrhage, foetus
    return found


def _ascii_words(first: str) -> re.Pattern[str]:
    """Words of an ASCII text, as `raw_words` finds them, that begin with `first`."""
    letter = "[A-Za-z0-9]"
    return re.compile(rf"(?<!{letter})(?:(?<!{letter}')|(?={letter}{{2}})){first}{letter}*(?:'{letter}(?!{letter}))?")


def _any_words(first: str) -> re.Pattern[str]:
    """The same of any text: accents may be marks of their own, and each Greek letter is a word."""
    letter, mark = LETTER, "[\u0300-\u036f]"
    before = rf"(?<!{letter})(?<!{letter}{mark})(?:(?<!{letter}['’])(?<!{letter}{mark}['’])|(?={letter}{{2}}))"
    return re.compile(rf"[{GREEK}]|{before}{first}(?:{letter}|{mark})*(?:['’]{letter}(?!{letter}))?")
