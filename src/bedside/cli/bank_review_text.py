"""What is on file of reviews as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bedside.bank import AreaTrust, Disagreement, ItemRecord, Outcome, Reread, Review, Trust
from bedside.cli.bank_stats_text import share_said
from bedside.findings import plural

WIDTH = 80
BECAME = {
    Outcome.CHANGED: "the text was changed",
    Outcome.HELD: "the text was held, and the reviewer agreed later",
    Outcome.OPEN: "open",
}
REREAD = {
    Reread.READ: "read again after it",
    Reread.UNREAD: "not read again",
    Reread.UNREAD_AGAIN: "asked for by a second check, not read again",
}


def trust_lines(trust: Trust) -> Iterator[str]:
    """The whole bank, then area by area."""
    total = trust.total
    yield f"{plural(total.n_items, 'item')}: " + (", ".join(f"{name} {n:,}" for name, n in total.by_status.items()) or "none")
    yield f"reviews on file: {total.n_blind:,} blind, {total.n_facts:,} of facts, {total.n_clinician:,} by a clinician"
    yield f"first reading agreed with the key: {share_said(total.first)}"
    yield f"  first choice not on file: {total.n_first_untold:,}; not answered blind: {total.n_unread:,}"
    yield f"answered with the options covered: {total.n_covered:,}; the key's meaning: {share_said(total.covered)}"
    yield f"disagreements: {_against(total)}"
    yield f"changes that checks of facts asked for: {sum(total.n_changes.values()):,}"
    for one, words in REREAD.items():
        yield f"  {words}: {total.n_changes[one.value]:,}"
    if trust.models.n_items:
        said = ", ".join(f"{name} {n:,}" for name, n in trust.models.by_status.items())
        yield f"{plural(trust.models.n_items, 'question model')}: {said}; first reading agreed {share_said(trust.models.first)}"
    if trust.areas:
        yield ""
        yield f"  {'area':<20}{'items':>6}  {'first reading agreed':<30}{'against':>8}{'unread':>8}"
    for area in trust.areas:
        against, unread = sum(area.n_disagreements.values()), area.n_changes[Reread.UNREAD.value]
        yield f"  {area.area:<20}{area.n_items:>6,}  {share_said(area.first):<30}{against:>8,}{unread:>8,}"
    if trust.areas:
        yield '  "against": disagreements; "unread": changes whose text nobody read again'


def _against(total: AreaTrust) -> str:
    if not sum(total.n_disagreements.values()):
        return "none on file"
    return ", ".join(f"{n:,} {name}" for name, n in total.n_disagreements.items())


def disagreement_lines(found: Sequence[Disagreement]) -> Iterator[str]:
    """Each with what was found, and what became of it."""
    if not found:
        yield "no disagreement is on file"
    for one in found:
        yield f"{_head(one.review)}: {BECAME[one.outcome]}"
        if one.review.answer:
            yield f"    answered {one.review.answer}; the key now is {one.key}"
        yield from _words(one.review.finding)
        if one.review.change:
            yield from _words(f"Change: {one.review.change}")


def record_lines(record: ItemRecord) -> Iterator[str]:
    """One item whole."""
    item = record.item
    yield f"{item.id}, version {item.version}, {item.status.value}, by {', '.join(item.authors) or 'nobody named'}"
    if record.has_blind:
        agreed = {True: "agreed with the key", False: "did not agree with the key", None: "not on file"}[record.first_agreed]
        choice = f" {record.first_choice}," if record.first_choice else ""
        yield f"first reading:{choice} {agreed}"
    if not record.reviews:
        yield "no review is on file"
    outcomes = {one.review.line: one.outcome for one in record.disagreements}
    rereads = {one.review.line: one.reread for one in record.changes}
    for review in record.reviews:
        yield ""
        yield _head(review) + ("" if review.hash == item.content_hash else f", of an earlier text ({review.hash[:8]})")
        yield f"    {_verdict(review)}"
        if review.covered:
            yield from _words(f"With the options covered: {review.covered}")
        yield from _words(review.finding)
        if review.change:
            when = f" ({REREAD[rereads[review.line]]})" if review.line in rereads else ""
            yield from _words(f"Change{when}: {review.change}")
        if review.line in outcomes:
            yield f"    It disagreed: {BECAME[outcomes[review.line]]}."


def _head(review: Review) -> str:
    return f"{review.item}, version {review.version}, {review.kind.value}, {review.on.isoformat()}, {review.reviewer}"


def _verdict(review: Review) -> str:
    agreed = {True: "agrees", False: "does not agree", None: "says neither yes nor no"}[review.agrees]
    sure = "" if review.confidence is None else f", {100 * review.confidence:.0f}% sure"
    answer = review.answer or ", ".join(f"{letter} to seed {seed}" for seed, letter in review.members.items())
    return f"answered {answer}{sure}: {agreed}" if answer else agreed


def _words(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent="    ", subsequent_indent="    ")
