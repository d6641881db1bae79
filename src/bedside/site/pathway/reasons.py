"""Reasons as pages show them: what is asked, what is known of it, where that stands and when it was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bedside.pathway import Pathway, Reason
from bedside.site.content import Content
from bedside.site.pathway.parts import part_of
from bedside.site.pathway.words import source_links

THE_FACT = "the fact itself"  # as the core names what no source states
PERSON = "person."


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the record, or the source, does not say, with the place where it can be said."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A rule and what it says of the person. `says` is empty where it only informs."""

    rule: str
    text: str
    says: str
    missing: tuple[Missing, ...]
    doubt: str
    sources: tuple[tuple[str, str], ...]
    as_of: date
    note: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What turns reasons into rows: the names of the fields, and the day asked about."""

    fields: dict[str, str]
    on: date

    @classmethod
    def of(cls, rules: Pathway, content: Content, on: date) -> Telling:
        """For the rules of an exam."""
        return cls({cell.key: cell.label for cell in part_of("person", rules, content).cells}, on)

    def rows(self, reasons: Iterable[Reason]) -> list[ReasonRow]:
        """Rules that stand against something."""
        return [self._row(one, _says(one)) for one in reasons]

    def told(self, information: Iterable[Reason]) -> list[ReasonRow]:
        """Rules that only inform."""
        return [self._row(one, "") for one in information]

    def missing(self, reasons: Iterable[Reason]) -> list[Missing]:
        """Everything that the record leaves out and some rule asks for, each once."""
        names = dict.fromkeys(name for one in reasons for name in one.missing if name != THE_FACT)
        return [self._missing(name) for name in names]

    def _row(self, reason: Reason, says: str) -> ReasonRow:
        return ReasonRow(
            rule=reason.rule,
            text=reason.text,
            says=says,
            missing=tuple(self._missing(name) for name in reason.missing),
            doubt="" if reason.is_certain else self._doubt(reason),
            sources=tuple(source_links(reason.source)),
            as_of=reason.as_of,
            note=reason.note or "",
        )

    def _missing(self, name: str) -> Missing:
        if name == THE_FACT:
            return Missing(_("No source that was found states it."), "")
        if name.startswith(PERSON):
            key = name.removeprefix(PERSON)
            return Missing(self.fields.get(key, key), f"{reverse('pathway:part', args=['person'])}#{key}-0")
        if name.startswith("the result of "):
            return Missing(name[:1].upper() + name[1:], reverse("pathway:part", args=["attempts"]))
        return Missing(name[:1].upper() + name[1:], "")

    def _doubt(self, reason: Reason) -> str:
        if reason.confidence == "low":
            return _("The source is weak, so this alone closes nothing: ask.")
        return _("Checked more than a year ago, so this alone closes nothing: ask.")


def _says(reason: Reason) -> str:
    return _("not known") if reason.is_met is None else _("not met")


def unique(reasons: Sequence[Reason]) -> list[Reason]:
    """Each rule once, in the order in which they first stand."""
    return list({one.rule: one for one in reasons}.values())
