"""The search for misconduct: honest exams, exams with planted cheaters, and one real exam whose flags are known."""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rdata
from hypothesis import given
from hypothesis import strategies as st

from bedside.cli import run
from bedside.measure import NOT_PROOF, MeasureError, Responses, TooFewResponsesError, made_exam, misconduct
from bedside.measure.integrity.groups import centre_clusters, rings
from bedside.measure.integrity.search import widened

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")


def pairs_of(found):
    assert found.pairs is not None
    return found.pairs


def leaked_names(exam):
    return [str(name) for name, leaked in zip(exam.responses.items, exam.leaked, strict=True) if leaked]


@pytest.fixture(scope="module")
def planted():
    """400 persons, 120 items: 10 copied half of their answers, 15 knew 20 items beforehand."""
    exam = made_exam(np.random.default_rng(21), 400, 120, n_copiers=10, share_copied=0.5, n_knew=15, n_leaked=20)
    return exam, misconduct(exam.responses, leaked=leaked_names(exam))


def test_on_honest_exams_hardly_anybody_is_flagged():
    persons, pairs, p = 0, 0, []
    for seed in range(4):
        exam = made_exam(np.random.default_rng(seed), 250, 60, n_leaked=10)
        found = misconduct(exam.responses, leaked=leaked_names(exam), alpha=0.05)
        persons += int(found.flagged.sum())
        pairs += int(found.pair_flagged.sum())
        p.append(np.column_stack([index.p for index in found.indices]))
    assert persons <= 2  # four exams: one with any flag is to be expected in twenty
    assert pairs <= 1
    rates = np.mean(np.concatenate(p) < 0.05, axis=0)
    assert np.all(rates < 0.07)  # 1,000 persons: 0.05 with a standard error of 0.007
    assert np.all(rates[[0, 2, 3]] > 0.03)  # that of fast right answers is lower: the binomial tail is too wide for it


def test_those_who_knew_the_leaked_items_are_flagged_and_the_index_says_why(planted):
    exam, found = planted
    assert found.flagged[exam.knew].mean() > 0.85
    assert not found.flagged[~exam.knew & (exam.copied_from < 0)].any()
    by_name = {index.name: index for index in found.indices}
    assert list(by_name) == ["lz_star", "fast_right", "speed", "preknowledge"]
    assert by_name["preknowledge"].effect[exam.knew].mean() > 0.7
    assert np.median(by_name["preknowledge"].p[exam.knew]) < 1e-6


def test_pairs_that_copied_are_flagged(planted):
    exam, found = planted
    pairs = pairs_of(found)
    flagged = {tuple(sorted(pair)) for pair in zip(pairs.a[found.pair_flagged], pairs.b[found.pair_flagged], strict=True)}
    true = {tuple(sorted((n, source))) for n, source in enumerate(exam.copied_from) if source >= 0}
    assert len(flagged & true) >= 8
    assert len(flagged - true) <= 1
    of_flagged = pairs.excess[found.pair_flagged]
    assert of_flagged.min() > 0.1


def test_without_choices_right_and_wrong_are_compared(planted):
    exam, _ = planted
    found = misconduct(replace(exam.responses, choice=None, choices=(), ms=None))
    assert not found.exam.by_choice
    assert [index.name for index in found.indices] == ["lz_star"]
    assert pairs_of(found).n_pairs == 400 * 399 // 2


def test_a_key_scores_the_choices_anew(planted):
    exam, found = planted
    spoilt = replace(exam.responses, correct=1 - exam.responses.correct)
    key = {str(name): exam.responses.choices[k] for name, k in zip(exam.responses.items, exam.key, strict=True)}
    again = misconduct(spoilt, key=key, leaked=leaked_names(exam))
    np.testing.assert_array_equal(again.exam.table, found.exam.table)
    np.testing.assert_allclose(again.p, found.p)


def test_an_item_that_everybody_got_right_harms_nothing(planted):
    exam, _ = planted
    options = exam.options.copy()
    options[:, 0] = exam.key[0]
    correct = (options == exam.key).astype(np.uint8).ravel()
    found = misconduct(replace(exam.responses, choice=options.astype(np.int16).ravel(), correct=correct))
    assert np.isfinite(found.p).all()
    assert np.isfinite(pairs_of(found).expected).all()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_setting_back_never_makes_anybody_more_suspicious_where_it_counts(z):
    z = np.array(z)
    back, centre, spread = widened(z)
    assert centre >= 0
    assert spread >= 1
    assert np.all(back[z > 0] <= z[z > 0])


def test_a_centre_whose_persons_shared_answers_is_found_and_no_other():
    exam = made_exam(np.random.default_rng(31), 300, 100)
    options = exam.options.copy()
    centre = np.arange(300) % 30
    ring = np.flatnonzero(centre == 7)[:6]
    shared = np.random.default_rng(32).random(100) < 0.6
    options[np.ix_(ring, shared)] = options[ring[0], shared]
    responses = replace(
        exam.responses, choice=options.astype(np.int16).ravel(), correct=(options == exam.key).astype(np.uint8).ravel()
    )
    found = misconduct(responses, centres=[f"c{n}" for n in centre])
    assert [cluster.centre for cluster in found.centres if cluster.flagged] == ["c7"]
    assert found.centres[0].similar >= 10
    assert found.centres[0].expected < 2
    assert len(found.rings) == 1
    assert set(found.rings[0]) == set(ring)


def test_at_honest_centres_small_p_values_are_as_rare_as_they_should_be():
    exam = made_exam(np.random.default_rng(33), 300, 60)
    found = misconduct(exam.responses)
    p = []
    for seed in range(5):
        chance = np.random.default_rng(seed)
        centres = [f"c{n}" for n in chance.integers(0, 30, 300)]
        p += [cluster.p for cluster in centre_clusters(pairs_of(found), centres, chance, alpha=0.05)]
    assert np.mean(np.array(p) < 0.05) < 0.1
    assert rings(pairs_of(found), found.pair_flagged, 300) == ()


def test_what_can_t_be_searched_is_refused_with_a_reason(planted):
    exam, _ = planted
    few = made_exam(np.random.default_rng(1), 19, 10).responses
    with pytest.raises(TooFewResponsesError, match="19 persons"):
        misconduct(few)
    with pytest.raises(MeasureError, match="nobody answered the compromised items nowhere"):
        misconduct(exam.responses, leaked=["nowhere"])
    with pytest.raises(MeasureError, match="no choices"):
        misconduct(replace(exam.responses, choice=None), key={})
    with pytest.raises(MeasureError, match="lacks items: i1, i2"):
        misconduct(exam.responses, key={})
    with pytest.raises(MeasureError, match="every item"):
        misconduct(exam.responses, leaked=[str(item) for item in exam.responses.items])


@pytest.fixture
def files(planted, tmp_path):
    """The planted exam as files."""
    exam, _ = planted
    made = exam.responses
    with (tmp_path / "responses.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["person", "item", "correct", "choice", "ms"])
        for person, item, correct, choice, ms in zip(made.person(), made.item, made.correct, made.choice, made.ms, strict=True):
            rows.writerow([made.persons[person], made.items[item], correct, made.choices[choice], ms])
    (tmp_path / "leaked.csv").write_text("item\n" + "\n".join(leaked_names(exam)))
    return tmp_path


def test_the_command_answers_as_documented_and_writes_dossiers(planted, files, capsys):
    exam, found = planted
    command = ["measure", "misconduct", str(files / "responses.csv"), "--compromised", str(files / "leaked.csv")]
    assert run([*command, "--dossier", str(files / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["what_a_flag_is_not"] == NOT_PROOF
    assert [person["flagged"] for person in told["persons"]] == found.flagged.tolist()
    person = told["persons"][int(np.flatnonzero(exam.knew)[0])]
    assert set(person["indices"]) == {"lz_star", "fast_right", "speed", "preknowledge"}
    assert person["p_adjusted"] < 0.01
    pair = told["pairs"][0]
    assert {"persons", "indices", "p_adjusted", "flagged"} <= set(pair)
    assert set(pair["indices"]) == {"omega", "gbt", "m4"}
    n = int(found.flagged.sum() + found.pair_flagged.sum())
    pages = {path.name for path in (files / "out").glob("*.html")}
    assert len(pages) - 1 == len(list((files / "out").glob("*.json"))) == n
    index = (files / "out" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+\.html)"', index)) == pages - {"index.html"}
    for dossier in sorted((files / "out").glob("*.json"))[::8]:
        assert run(["measure", "check-dossier", str(dossier)]) == 0
    capsys.readouterr()
    assert run([*command, "--dossier", str(files / "out")]) == 2
    assert "not an empty folder" in capsys.readouterr().err


def test_in_words_it_says_what_a_flag_is_not(files, capsys):
    assert run(["measure", "misconduct", str(files / "responses.csv"), "--no-pairs"]) == 0
    assert NOT_PROOF in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_of_a_real_exam_the_flagged_pairs_are_among_those_that_its_vendor_flagged():
    """Cizek & Wollack's licensure exam, form 1: 46 of 1,636 persons flagged by the vendor, for reasons that are not public."""
    path = Path(SAMPLES or "") / "data/forensics/CredentialForm1.RData"
    frame = rdata.conversion.convert(rdata.parser.parse_file(path))["CredentialForm1"]
    n = len(frame)
    options = np.nan_to_num(frame[[f"iresp.{k}" for k in range(1, 171)]].to_numpy(), nan=0).astype(np.int16) - 1
    correct = frame[[f"iraw.{k}" for k in range(1, 171)]].to_numpy().astype(np.uint8)
    responses = Responses(
        persons=frame["EID"].to_numpy().astype(object),
        items=np.array([f"i{k}" for k in range(1, 171)], dtype=object),
        starts=np.arange(0, n * 170 + 1, 170, dtype=np.int64),
        item=np.tile(np.arange(170, dtype=np.uint16), n),
        correct=correct.ravel(),
        choices=("A", "B", "C", "D"),
        choice=options.astype(np.int16).ravel(),
    )
    vendor = frame["Flagged"].to_numpy() == 1
    found = misconduct(responses, centres=frame["Cent_id"].astype(int).astype(str).tolist())
    pairs = pairs_of(found)
    concerned = np.unique(np.concatenate([pairs.a[found.pair_flagged], pairs.b[found.pair_flagged]]))
    assert len(concerned) >= 5
    assert vendor[concerned].mean() > 0.8  # 0.03 of all persons are
    assert 0.9 < pairs.omega_sd < 1.05
    assert [cluster.centre for cluster in found.centres if cluster.flagged] == ["2305"]
