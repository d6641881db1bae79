"""The papers in sentences: how many are here, what was asked for and has not come, how long drafts are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.pathway import LimitUnit, PaperLimit
from bedside.site.papers.drafts import n_words
from bedside.site.papers.models import Experience, Letter, Paper, State


def day_words(day: date) -> str:
    """A day as people write it."""
    return date_format(day, "j F Y")


def number_words(n: int) -> str:
    """Small numbers in words, others in figures."""
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[n] if 0 <= n < len(words) else f"{n:,}"


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def papers_told(n_done: int, n_all: int) -> str:
    """How many are there."""
    if not n_all:
        return _("Nothing is on the list.")
    return _("%(done)s of %(all)d papers are done or not needed.") % {"done": sentence(number_words(n_done)), "all": n_all}


def letters_told(letters: Sequence[Letter], on: date) -> str:
    """How many letters are here, and which were asked for and have not come."""
    if not letters:
        return _("No letter is written down yet.")
    here = [one for one in letters if one.arrived_on is not None and one.arrived_on <= on]
    asked = sorted((one.asked_on, one.promised_on) for one in letters if one not in here and one.asked_on is not None)
    open_ = len(letters) - len(here) - len(asked)
    parts = [ngettext("%(n)s letter here", "%(n)s letters here", len(here)) % {"n": number_words(len(here))}]
    if not here:
        parts = [_("no letter here")]
    if len(asked) == 1:
        parts.append(_("one asked for on %(day)s and not arrived") % {"day": day_words(asked[0][0])})
    elif asked:
        words = {"n": number_words(len(asked)), "day": day_words(asked[0][0])}
        parts.append(_("%(n)s asked for and not arrived, the first on %(day)s") % words)
    if open_:
        parts.append(ngettext("%(n)s not asked for", "%(n)s not asked for", open_) % {"n": number_words(open_)})
    return sentence(", ".join(parts)) + "."


def letter_told(letter: Letter, on: date) -> str:
    """How one letter stands."""
    if letter.arrived_on is not None:
        return _("Here since %(day)s.") % {"day": day_words(letter.arrived_on)}
    if letter.asked_on is None:
        return _("Not asked for.")
    said = _("Asked for on %(day)s, not arrived.") % {"day": day_words(letter.asked_on)}
    if letter.promised_on is None:
        return said
    words = {"day": day_words(letter.promised_on)}
    promised = _("Promised by %(day)s.") if letter.promised_on >= on else _("It was promised by %(day)s.")
    return f"{said} {promised % words}"


def waived_told(letter: Letter) -> str:
    """What was said about seeing it."""
    if letter.waived is None:
        return _("Whether you waive the right to see it is not said.")
    return _("You waive the right to see it.") if letter.waived else _("You keep the right to see it.")


def paper_told(row: Paper | None, *, is_shown: bool, state: str) -> str:
    """How a paper stands, with the day of its state where it was said."""
    if is_shown and (row is None or row.state == State.TO_DO):
        return _("Your record of the pathway shows it.")
    if row is None:
        return ""
    day = {State.ASKED: row.asked_on, State.HERE: row.received_on, State.SENT: row.sent_on}.get(State(state))
    if day is None:
        return ""
    words = {
        State.ASKED: _("Asked for on %(day)s, not here yet."),
        State.HERE: _("Here since %(day)s."),
        State.SENT: _("Sent on %(day)s."),
    }[State(state)]
    return words % {"day": day_words(day)}


def expires_told(day: date, on: date) -> str:
    """When something runs out."""
    if day < on:
        return _("Ran out on %(day)s.") % {"day": day_words(day)}
    left = (day - on).days
    words = ngettext("Runs out on %(day)s, in %(n)d day.", "Runs out on %(day)s, in %(n)d days.", left)
    return words % {"day": day_words(day), "n": left}


def experience_days(experience: Experience) -> str:
    """From when to when."""
    begun, ended = experience.begun_on, experience.ended_on
    if begun and ended:
        return _("%(first)s to %(last)s") % {"first": day_words(begun), "last": day_words(ended)}
    if begun:
        return _("since %(first)s") % {"first": day_words(begun)}
    return _("until %(last)s") % {"last": day_words(ended)} if ended else ""


def counted(text: str, limit: PaperLimit | None) -> str:
    """How long a text is, against its limit where one is known."""
    words = ngettext("%(n)s word", "%(n)s words", n_words(text)) % {"n": f"{n_words(text):,}"}
    if limit is None:
        signs = ngettext("%(n)s character", "%(n)s characters", len(text)) % {"n": f"{len(text):,}"}
        return f"{signs}, {words}"
    told = _("%(n)s of %(most)s characters, %(words)s") % {"n": f"{len(text):,}", "most": f"{limit.most:,}", "words": words}
    over = len(text) - limit.most
    if over <= 0:
        return told
    return told + "; " + ngettext("%(n)s too many", "%(n)s too many", over) % {"n": f"{over:,}"}


def limit_told(limit: PaperLimit) -> str:
    """How much is taken at most."""
    if limit.unit is LimitUnit.CHARACTERS:
        words = ngettext("At most %(n)s character.", "At most %(n)s characters.", limit.most) % {"n": f"{limit.most:,}"}
    else:
        words = _("At most %(n)s.") % {"n": number_words(limit.most)}
    return f"{words} {limit.text}"


def entries_told(n: int, limit: PaperLimit | None) -> str:
    """How many experiences there are, against their limit where one is known."""
    if not n:
        return _("None is written down yet.")
    there = ngettext("%(n)s is written down.", "%(n)s are written down.", n) % {"n": sentence(number_words(n))}
    return f"{there} " + _("The form takes %(most)s.") % {"most": number_words(limit.most)} if limit else there


def statements_told(texts: Sequence[str], limit: PaperLimit | None) -> str:
    """How many statements there are; of one, how long it is."""
    if not texts:
        return _("None is begun yet.")
    if len(texts) == 1:
        return _("One, %(length)s.") % {"length": counted(texts[0], limit)}
    return _("%(n)s are begun.") % {"n": sentence(number_words(len(texts)))}
