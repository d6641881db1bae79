"""A small sound programme as text, and ways to spoil it."""

from __future__ import annotations

from typing import Any

from bedside.findings import Finding
from bedside.programme import Programme, parse_programme
from bedside.reading import Source

SMALL = """\
schema: programme/1
name: small
title: "A small exam"
owner: "Nobody"
country: "Nowhere"
summary: "Two blocks."
checked_on: 2026-11-22
sources:
  page: {title: "A page", url: "https://example.org", kind: official}
groups: {everyone: "Everyone"}
steps:
  - name: one
    title: "Step one"
    sections: {a: "Section A"}
    item_kinds:
      - {id: kind.single, code: single, title: "One of four", form: one_best_answer, options: 4, sources: [page], as_of: 2026-01-01, confidence: high}
    forms:
      - id: form.old
        valid_to: 2026-05-13
        layout:
          - {blocks: 1, minutes: 60, items_min: 40, items_max: 40, section: a, parts: [{section: a, kind: single, items: 40}]}
        break_minutes: 10
        tutorial_minutes: 5
        session_minutes: 75
        sources: [page]
        as_of: 2026-01-01
        confidence: high
      - id: form.new
        valid_from: 2026-05-14
        layout:
          - {blocks: 2, minutes: 30, items_min: 18, items_max: 20}
        items_max: 38
        breaks:
          - {after_block: 1, minutes: 15, is_counted: false}
        session_minutes: 75
        sources: [page]
        as_of: 2026-01-01
        confidence: high
    axes:
      - name: subject
        title: "Subject"
        is_partition: true
        codes: {heart: "Heart", lung: "Lung", kidney: "Kidney"}
        ranges:
          - {id: range.heart, covers: [heart], label: "Heart", low: 40, high: 60, sources: [page], as_of: 2026-01-01, confidence: high}
          - {id: range.rest, covers: [lung, kidney], label: "Lung and kidney", low: 40, high: 60, sources: [page], as_of: 2026-01-01, confidence: high}
    marking:
      - {id: marking, kinds: [single], correct: 1, wrong: 0, sources: [page], as_of: 2026-01-01, confidence: high}
    weights:
      - {id: weights, shares: {written: 0.6, oral: 0.4}, sources: [page], as_of: 2026-01-01, confidence: high}
    standards:
      - {id: pass.old, kind: raw_score, score: 20, valid_to: 2025-12-31, sources: [page], as_of: 2026-01-01, confidence: high}
      - {id: pass.new, kind: raw_score, score: 21, valid_from: 2026-01-01, sources: [page], as_of: 2026-01-01, confidence: high}
    means:
      - {id: mean, period: "2025", group: everyone, mean: 30, sd: 4, sources: [page], as_of: 2026-01-01, confidence: high}
attempts:
  - {id: attempts, text: "Four.", values: {max_attempts: 4}, steps: [one], sources: [page], as_of: 2026-01-01, confidence: high}
fees:
  - {id: fee, what: "Sitting", amount: unknown, currency: USD, steps: [one], sources: [page], as_of: 2026-01-01, confidence: low}
pass_rates:
  - {id: rates, step: one, period: "2025", rates: {everyone: {n: 100, percent: 55.5}}, sources: [page], as_of: 2026-01-01, confidence: high}
"""  # noqa: E501  # a file as people write them


def read(text: str = SMALL, *, stem: str = "small") -> tuple[Programme | None, list[Finding]]:
    return parse_programme(Source(f"{stem}.yaml", text), stem=stem)


def sound(text: str = SMALL) -> Programme:
    programme, findings = read(text)
    assert findings == []
    assert programme is not None
    return programme


def spoilt(old: str, new: str, *, text: str = SMALL) -> str:
    """The text with its first `old` replaced."""
    assert old in text, old
    return text.replace(old, new, 1)


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def at(value: Any, *path: str | int) -> Any:
    """A value deep in JSON."""
    for step in path:
        value = value[step]
    return value
