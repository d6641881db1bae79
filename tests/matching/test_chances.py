"""The simulated Match: fitted to what was published, kept with its fingerprint, made again from its seed, honest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.cli.match_chances import fit_lines
from bedside.errors import NotFoundError, UsageError
from bedside.matching import (
    MOST_RANKS,
    NON_US_IMG,
    SIMULATED_FILE,
    Matching,
    answerable,
    blocking,
    chance_by_ranks,
    chances_of,
    covered,
    fit,
    fit_of,
    groups_of,
    parse_facts,
    published,
    read_match,
    shape_of,
    simulate,
    simulations_from,
    simulations_of,
)
from bedside.matching.chances import NODE_WEIGHTS, NODES, _by_ranks
from bedside.matching.deferred import match_singles
from bedside.reading import Source

FOLDER = Path(__file__).parents[2] / "content" / "match"
DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "the-match.md"


@pytest.fixture(scope="module")
def match():
    return read_match(FOLDER)


def test_the_kept_figures_were_made_from_these_facts(match):
    facts, kept = match

    assert kept.facts == facts.fingerprint
    assert set(kept.chances) == {one.name for one in covered(facts)}


def test_every_published_share_comes_out_within_sampling_error(match):
    _facts, kept = match

    assert [line.name for line in kept.fit if not line.is_near] == []


def test_the_table_in_the_documentation_is_the_kept_one(match):
    facts, kept = match

    assert "\n".join(fit_lines(facts, kept)) in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["dermatology", "radiation_oncology"])
def test_the_kept_chances_come_again_from_their_seed(match, name):
    facts, kept = match
    again = chances_of(facts, kept.parameters, facts.specialty(name), seed=kept.seed, markets=kept.markets)

    assert np.abs(again - np.array(kept.chances[name])).max() <= 0.0006


@pytest.mark.slow
def test_the_whole_file_comes_again_from_its_seed(match):
    facts, kept = match
    parameters = fit(facts, seed=kept.seed)

    assert parameters == kept.parameters
    assert simulations_of(facts, parameters, seed=kept.seed).as_json() == (FOLDER / SIMULATED_FILE).read_text(encoding="utf-8")


def test_the_fit_holds_for_chance_that_it_has_not_seen(match):
    facts, kept = match
    lines = fit_of(facts, kept.parameters, seed=99)

    # a line in twenty may lie outside by chance alone
    assert sum(not line.is_near for line in lines) <= 2


def test_a_simulated_market_is_stable_and_its_bars_say_who_would_be_taken(match):
    facts, kept = match
    specialty = facts.specialty("neurology")
    made = simulate(
        groups_of(facts, specialty, kept.parameters), shape_of(facts, specialty, kept.parameters), np.random.default_rng(3)
    )

    assert blocking(made.market, Matching(match_singles(made.market))) == ()
    assert (made.bars >= 0).all()


def test_the_chance_by_ranks_is_that_of_the_people_in_the_market(match):
    facts, kept = match
    specialty = facts.specialty("internal_medicine")
    groups, shape = groups_of(facts, specialty, kept.parameters), shape_of(facts, specialty, kept.parameters)
    got, said = np.zeros(8), np.zeros(8)
    for run_ in range(4):
        made = simulate(groups, shape, np.random.default_rng(run_))
        own = made.group == len(groups) - 1
        got += [made.is_matched[own & (made.n_ranks == n)].mean() / 4 for n in range(1, 9)]
        width = np.hypot(shape.spread_of_applicants, groups[-1].by_score)
        said += _by_ranks(groups[-1].worth + width * NODES, NODE_WEIGHTS, made.bars, made.weights, 8) / 4

    assert np.abs(got - said).max() < 0.03


def test_more_ranks_never_lower_the_chance_and_every_interval_holds_it(match):
    facts, kept = match
    for specialty in covered(facts):
        for score in (None, 200, 243, 280):
            rows = chance_by_ranks(facts, kept, specialty=specialty.name, kind=NON_US_IMG, score=score)
            assert len(rows) == MOST_RANKS
            assert all(one.low <= one.chance <= one.high for one in rows)
            assert [one.chance for one in rows] == sorted(one.chance for one in rows)


def test_a_higher_score_never_lowers_the_chance(match):
    facts, kept = match
    for specialty in covered(facts):
        by_score = [
            chance_by_ranks(facts, kept, specialty=specialty.name, kind=NON_US_IMG, score=score)[4].chance
            for score in range(200, 281, 5)
        ]
        assert by_score == sorted(by_score)


def test_a_specialty_with_few_applicants_is_wider_than_one_with_many(match):
    facts, kept = match

    def width(name: str) -> float:
        one = chance_by_ranks(facts, kept, specialty=name, kind=NON_US_IMG, score=None)[4]
        return one.high - one.low

    assert width("dermatology") > width("internal_medicine")


def test_what_the_facts_do_not_carry_is_refused_and_what_is_known_is_said(match):
    facts, _kept = match

    with pytest.raises(UsageError, match="7 non-US IMGs preferred Thoracic Surgery"):
        answerable(facts, specialty="thoracic_surgery_integrated", kind=NON_US_IMG)
    with pytest.raises(UsageError, match=r"93\.5% of 20,934 matched in 2026"):
        answerable(facts, specialty="psychiatry", kind="us_md_senior")
    with pytest.raises(NotFoundError, match="did you mean"):
        answerable(facts, specialty="psychiatri", kind=NON_US_IMG)
    with pytest.raises(NotFoundError, match="there are us_md_senior"):
        answerable(facts, specialty="psychiatry", kind="martian")


def test_a_score_beyond_what_is_known_is_refused(match):
    facts, kept = match

    with pytest.raises(UsageError, match="from 200 to 280"):
        chance_by_ranks(facts, kept, specialty="psychiatry", kind=NON_US_IMG, score=300)


def test_the_published_share_has_its_interval(match):
    facts, _kept = match
    known = published(facts.specialty("dermatology"))

    assert known.chance == pytest.approx(5 / 30, abs=0.001)
    assert known.low < known.chance < known.high


def test_figures_made_from_other_facts_are_refused(tmp_path, match):
    _facts, kept = match
    (tmp_path / "nrmp2026.yaml").write_text((FOLDER / "nrmp2026.yaml").read_text().replace("5721", "5720"))
    (tmp_path / SIMULATED_FILE).write_text(kept.as_json())

    with pytest.raises(UsageError, match="made from other facts"):
        read_match(tmp_path)


def test_damaged_figures_are_refused(tmp_path):
    (tmp_path / "nrmp2026.yaml").write_text((FOLDER / "nrmp2026.yaml").read_text())
    for text in ("{", "{}", '{"schema": "match-simulated/1"}', "[]"):
        (tmp_path / SIMULATED_FILE).write_text(text)
        with pytest.raises(UsageError):
            read_match(tmp_path)


def test_the_kept_figures_survive_being_written_and_read(match):
    _facts, kept = match

    assert simulations_from(kept.as_json()) == kept
    assert simulations_from(replace(kept, seed=1).as_json()).seed == 1


def test_a_figure_without_a_source_is_a_finding():
    text = (FOLDER / "nrmp2026.yaml").read_text()
    facts, findings = parse_facts(Source("f.yaml", text.replace("    source: [co26], as_of", "    as_of")))
    assert facts is not None
    facts, findings = parse_facts(Source("f.yaml", text.replace(", source: [co26]", "", 1)))

    assert facts is None
    assert "source" in findings[0].text


def test_the_command_says_the_chance_what_was_published_and_that_it_is_no_promise(capsys):
    assert run(["match", "chances", "--specialty", "family_medicine", "--ranks", "8"]) == 0
    said = capsys.readouterr().out

    assert "with 8 programmes ranked" in said
    assert "599 of 1,112 matched, 54%" in said
    assert "It is no promise." in said


def test_the_command_answers_as_json_and_anew_from_a_seed(capsys):
    asked = ["match", "chances", "--specialty", "dermatology", "--ranks", "3", "--score", "250", "--json"]
    assert run([*asked, "--seed", "5", "--runs", "20"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert run([*asked, "--seed", "5", "--runs", "20"]) == 0

    assert json.loads(capsys.readouterr().out) == first
    assert first["simulated_years"] == 20
    assert first["chance"] == first["by_ranks"][2]["chance"]
    assert first["published"]["matched"] == 5


def test_the_command_refuses_what_the_facts_do_not_carry(capsys):
    assert run(["match", "chances", "--specialty", "thoracic_surgery_integrated"]) == 2
    assert "too few" in capsys.readouterr().err
