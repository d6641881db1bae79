"""What changed since a day: what the rules and the calendar did, and what the person wrote, each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bedside.pathway import Cause, CauseKind, Pathway, check, compare
from bedside.pathway import changes as changes_of
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.pathway.differences import difference_groups
from bedside.site.pathway.queries import record_of, record_on
from bedside.site.pathway.reasons import Telling
from bedside.site.pathway.visits import Seen
from bedside.site.pathway.words import source_links
from bedside.site.study.zones import zone_of


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Something that happened in between."""

    day: date | None
    what: str
    text: str
    sources: list[tuple[str, str]]


def changes_page(user: User, rules: Pathway, content: Content, *, since: date, on: date, seen: Seen | None) -> dict[str, Any]:
    """What stands otherwise than on the day, by what it comes from.

    `seen` is the last visit: where it was on that day, what it showed is compared with what today's rules say of that day.
    """
    telling = Telling.of(rules, content, on)
    record, then = record_of(user), record_on(user, since, zone_of(user.pk))
    found = changes_of(rules, record, since, on)
    written = compare(check(rules, then, on), check(rules, record, on)) if then != record else ()
    is_of_visit = seen is not None and seen.on == since
    anew = compare(seen.answer, check(rules, then, since)) if seen is not None and is_of_visit else ()
    return {
        "of_time": difference_groups(found.differences, telling),
        "rule_causes": _rows(one for one in found.causes if one.kind is not CauseKind.RECORD),
        "record_causes": _rows(one for one in found.causes if one.kind is CauseKind.RECORD),
        "of_writing": difference_groups(written, telling),
        "is_written": then != record,
        "of_anew": difference_groups(anew, telling),
        "is_of_visit": is_of_visit,
    }


def _rows(causes: Iterable[Cause]) -> list[CauseRow]:
    return [CauseRow(one.day, _kind(one.kind), one.text, source_links(one.source or "")) for one in causes]


def _kind(kind: CauseKind) -> str:
    return {
        CauseKind.RULE_BEGAN: _("came into force"),
        CauseKind.RULE_ENDED: _("is no longer in force"),
        CauseKind.FACT_OLD: _("was checked more than a year ago since then, and closes nothing alone any more"),
        CauseKind.RULE_NEW: _("is new"),
        CauseKind.RULE_GONE: _("is gone"),
        CauseKind.RULE_REWRITTEN: _("was written anew"),
        CauseKind.RECORD: _("in your record"),
    }[kind]
