"""The parts and fields of a record in words for the office, which speaks of somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from bedside.pathway import Pathway
from bedside.site.content import current_content
from bedside.site.pathway.parts import Part, part_of
from bedside.site.registration.rules import all_rules

PERSON = "person."  # begins what the core names of a record's fields about the person
THE_FACT = "the fact itself"  # as the core names what no source states


def part_titles() -> dict[str, str]:
    """The parts of a record that the office keeps; what candidates aim at is theirs to say."""
    return {
        "person": _("The person and their school"),
        "attempts": _("Steps sat"),
        "certificates": _("Certificates"),
        "training": _("Training"),
        "bars": _("Times in which they may not sit"),
    }


def office_part(name: str, rules: Pathway) -> Part:
    """A part of the record with its fields in words for somebody else than the candidate."""
    labels = {
        "kind": _("Where they studied medicine"),
        "school.sponsor_note": _("Its entry carries the sponsor note for their year of graduation"),
        "identity_established": _("Their identity is established with Intealth"),
    }
    part = part_of(name, rules, current_content())
    cells = tuple(replace(cell, label=labels.get(cell.key, cell.label)) for cell in part.cells)
    return replace(part, title=part_titles()[name], cells=cells)


def field_words(*, is_office: bool) -> Mapping[str, str]:
    """What the fields about the person are called, for the office or for the candidate.

    Raises:
        NoRulesError: the rules do not load.
    """
    rules = all_rules()[0]
    part = office_part("person", rules) if is_office else part_of("person", rules, current_content())
    return {cell.key: cell.label for cell in part.cells}


def missing_words(name: str, fields: Mapping[str, str]) -> str:
    """What a rule would have to know, in words."""
    if name == THE_FACT:
        return _("what no source that was found states")
    key = name.removeprefix(PERSON)
    return fields.get(key, key)


def standings() -> dict[str, str]:
    """Whether a result stands, in words, by the name that a record uses."""
    return {
        "valid": _("stands"),
        "under_review": _("under review"),
        "indeterminate": _("indeterminate"),
        "invalidated": _("invalidated"),
    }


def results() -> dict[str, str]:
    """What became of an attempt, in words."""
    return {
        "pass": _("pass"),
        "fail": _("fail"),
        "incomplete": _("incomplete"),
        "pending": _("not reported yet"),
    }
