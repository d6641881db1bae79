"""The papers of the road: strict to read, each thing said with its source, and asked only of those who need them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bedside.pathway import (
    PAPERS_RULES,
    Paper,
    Papers,
    Record,
    paper_concerns,
    paper_expires_on,
    paper_is_shown,
    parse_papers,
    read_papers,
)
from bedside.reading import Source
from tests.pathway.builder import CONTENT, usmle

ON = date(2026, 11, 29)

SMALL = """\
schema: papers/1
name: small
title: "A small file"
checked_on: 2026-11-29
sources: {page: {title: "A page", kind: secondary}}
stages: [{name: first, title: "First"}]
papers:
  - {id: a.one, stage: first, title: "One", text: "The first.", sources: [page], as_of: 2026-01-01, confidence: high}
  - id: a.two
    stage: first
    title: "Two"
    text: "The second."
    kinds: [img]
    needs: [a.one]
    shown_by: oet_medicine_held
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    says:
      - {id: a.two.until, about: until, day: 2027-01-31, text: "Last day.", sources: [page], as_of: 2026-01-01, confidence: low}
      - {id: a.two.takes, about: takes, text: "Five days.", sources: [page], as_of: 2024-01-01, confidence: high}
limits:
  - {id: words, of: statement, unit: characters, most: 28000, text: "All count.", sources: [page], as_of: 2026-01-01,
     confidence: high}
"""


def shipped() -> Papers:
    papers, findings = read_papers(CONTENT / "papers")
    assert findings == ()
    return papers


def small() -> Papers:
    papers, findings = parse_papers([Source("small.yaml", SMALL)])
    assert findings == ()
    return papers


def paper(id_: str) -> Paper:
    found = small().paper(id_) or shipped().paper(id_)
    assert found is not None
    return found


def record(**data: Any) -> Record:
    return TypeAdapter(Record).validate_python(data)


# --- what ships -----------------------------------------------------------------------------------------------------------


def test_what_ships_has_no_mistake_and_everything_says_where_it_was_read() -> None:
    papers = shipped()
    said = [*papers.papers, *papers.limits, *(one for paper in papers.papers for one in paper.says)]

    assert len(papers.papers) > 25
    assert {paper.stage for paper in papers.papers} == {stage.name for stage in papers.stages}
    assert all(papers.sources_of(one) for one in said)
    assert all(one.as_of <= ON for one in said)


def test_every_source_that_ships_is_used() -> None:
    used = {source.title for sources in shipped().sources_by_id.values() for source in sources}
    lines = (CONTENT / "papers" / "residency.yaml").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line.startswith("  ") and ": {title: " in line]

    assert len(named) == len(used)


def test_what_shows_a_paper_is_a_name_that_the_rules_know() -> None:
    known = {f"{name}_held" for name in usmle().certificate_names} | {f"{name}_passed" for name in usmle().exam.steps}
    known |= {"identity_established", "degree_held", "degree_verified"}

    assert {one.shown_by for one in shipped().papers if one.shown_by} <= known


def test_the_pages_find_the_limits_that_they_name() -> None:
    limits = {one.id: one.most for one in shipped().limits}

    assert limits["statement.characters"] == 28_000
    assert limits["letters.programme"] == 4
    assert (limits["experience.entries"], limits["experience.meaningful"], limits["experience.characters"]) == (10, 3, 750)


# --- who needs which ------------------------------------------------------------------------------------------------------


def test_a_paper_is_for_whom_it_names_and_not_known_where_the_record_is_silent() -> None:
    assert paper_concerns(paper("a.one"), record()) is True
    assert paper_concerns(paper("a.two"), record()) is None
    assert paper_concerns(paper("a.two"), record(person={"kind": "img"})) is True
    assert paper_concerns(paper("a.two"), record(person={"kind": "us_md"})) is False


@pytest.mark.parametrize(
    ("person", "needed"),
    [
        ({}, None),
        ({"citizenship": ["PK"]}, True),
        ({"citizenship": ["PK", "US"]}, False),
        ({"citizenship": ["PK"], "us_permanent_resident": True}, False),
        ({"us_permanent_resident": False}, None),
    ],
)
def test_a_visa_is_for_those_who_are_no_citizens_or_permanent_residents(person: dict[str, Any], needed: bool | None) -> None:
    assert paper_concerns(paper("visa.need"), record(person=person)) is needed


# --- what a record shows --------------------------------------------------------------------------------------------------


def oet(day: str, **more: str) -> Record:
    return record(certificates=[{"name": "oet_medicine", "date": day, **more}])


def test_a_certificate_shows_its_paper_from_its_day_to_its_last() -> None:
    assert paper_is_shown(paper("a.two"), oet("2026-11-29"), ON)
    assert not paper_is_shown(paper("a.two"), oet("2026-11-30"), ON)
    assert paper_is_shown(paper("a.two"), oet("2025-01-15", expires="2026-11-29"), ON)
    assert not paper_is_shown(paper("a.two"), oet("2025-01-15", expires="2026-11-28"), ON)
    assert not paper_is_shown(paper("a.one"), oet("2025-01-15"), ON)


def test_the_last_day_of_a_certificate_is_that_of_its_paper() -> None:
    assert paper_expires_on(paper("a.two"), oet("2025-01-15", expires="2027-01-15"), ON) == date(2027, 1, 15)
    assert paper_expires_on(paper("a.two"), oet("2025-01-15"), ON) is None
    assert paper_expires_on(paper("a.one"), oet("2025-01-15", expires="2027-01-15"), ON) is None


def test_what_the_person_says_shows_identity_and_verification() -> None:
    assert paper_is_shown(paper("ecfmg.identity"), record(person={"identity_established": True}), ON)
    assert not paper_is_shown(paper("ecfmg.identity"), record(), ON)
    assert paper_is_shown(paper("ecfmg.verified"), record(person={"degree": {"date": "2021-05-30", "verified": True}}), ON)
    assert not paper_is_shown(paper("ecfmg.verified"), record(person={"degree": {"date": "2021-05-30"}}), ON)


def step3(**more: str) -> Record:
    return record(attempts=[{"programme": "usmle", "step": "step3", "date": "2026-10-01", "result": "pass", **more}])


def test_a_pass_shows_its_paper_once_it_is_out_and_while_it_stands() -> None:
    passed = paper("licence.step3")
    assert paper_is_shown(passed, step3(), ON)
    assert not paper_is_shown(passed, step3(reported="2026-12-01"), ON)
    assert not paper_is_shown(passed, step3(result="fail"), ON)
    assert not paper_is_shown(passed, step3(validity="under_review"), ON)


# --- days -----------------------------------------------------------------------------------------------------------------


def test_a_day_to_keep_is_told_until_it_is_over() -> None:
    assert paper("a.two").until(date(2027, 1, 31)) == date(2027, 1, 31)
    assert paper("a.two").until(date(2027, 2, 1)) is None


def test_what_is_more_than_a_year_old_is_known_to_be() -> None:
    until, takes = paper("a.two").says
    assert takes.is_old(ON)
    assert not until.is_old(ON)


# --- mistakes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("schema: papers/1", "schema: papers/2", "papers-format"),
        ("most: 28000", 'most: "28000"', "papers-format"),
        ("confidence: low", "sure: low", "papers-format"),
        (", confidence: low", "", "papers-format"),
        ("name: small", "name: smal", "name-differs"),
        ("id: a.two\n", "id: a.one\n", "duplicate-id"),
        ("id: a.two.takes", "id: a.two.until", "duplicate-id"),
        ('text: "Five days.", sources: [page]', 'text: "Five days.", sources: [pag]', "unknown-source"),
        ("    stage: first", "    stage: frist", "unknown-stage"),
        ("needs: [a.one]", "needs: [a.on]", "unknown-paper"),
        ("needs: [a.one]", "needs: [a.two]", "needs-itself"),
        ("oet_medicine_held", "oet_medicine", "shown-by"),
        ("about: until, day: 2027-01-31", "about: until", "until-day"),
        ("about: takes", "about: takes, day: 2027-01-31", "until-day"),
        ("papers:\n", "papers: [\n", "unreadable"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_taken(old: str, new: str, rule: str) -> None:
    assert old in SMALL
    papers, findings = parse_papers([Source("small.yaml", SMALL.replace(old, new, 1))])

    assert papers == Papers()
    assert rule in {one.rule for one in findings}
    assert rule in PAPERS_RULES
    assert all(one.line >= 1 for one in findings)


def test_two_papers_that_need_each_other_are_refused() -> None:
    text = SMALL.replace('text: "The first."', 'text: "The first.", needs: [a.two]')
    _papers, findings = parse_papers([Source("small.yaml", text)])
    assert {one.rule for one in findings} == {"needs-itself"}


def test_a_file_that_can_not_be_read_is_a_finding_and_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert read_papers(tmp_path / "nowhere") == (Papers(), ())
    (tmp_path / "bad.yaml").write_bytes(b"\xff")
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    papers, findings = read_papers(tmp_path)
    assert [one.id for one in papers.papers] == ["a.one", "a.two"]
    assert [one.rule for one in findings] == ["unreadable"]


def test_the_reference_has_every_check() -> None:
    text = (CONTENT.parent / "docs" / "reference" / "papers-format.md").read_text(encoding="utf-8")
    assert "\n".join(f"| `{name}` | {said} |" for name, said in PAPERS_RULES.items()) in text
