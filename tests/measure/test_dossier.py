"""Dossiers: whole, the same for both sides, and safe to open."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import (
    NOT_PROOF,
    MeasureError,
    Origin,
    Source,
    dossier_differences,
    dossier_page,
    dossiers,
    likeness_picture,
    made_exam,
    misconduct,
    misconduct_page,
)
from bedside.measure.integrity.dossier import pair_dossier, person_dossier

ORIGIN = Origin((Source("exam.csv", 1234, "ab" * 32),), "bedside measure misconduct exam.csv --dossier out", {"bedside": "1.2"})
EVIL = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def found():
    """An exam with flagged persons and pairs; one of the flagged has a name that is markup."""
    exam = made_exam(np.random.default_rng(41), 200, 100, n_copiers=5, share_copied=0.6, n_knew=6, n_leaked=15)
    names = exam.responses.persons.copy()
    names[int(np.flatnonzero(exam.knew)[0])] = EVIL
    leaked = [str(name) for name, out in zip(exam.responses.items, exam.leaked, strict=True) if out]
    assert exam.responses.ms is not None
    ms = exam.responses.ms.copy()
    ms[::97] = -1  # some times are not known
    return misconduct(replace(exam.responses, persons=names, ms=ms), leaked=leaked)


def test_there_is_one_of_each_flagged_person_and_pair(found):
    made = dossiers(found, ORIGIN)
    kinds = [one.data["kind"] for one in made]
    assert kinds.count("person") == found.flagged.sum() > 0
    assert kinds.count("pair") == found.pair_flagged.sum() > 0
    assert len({one.stem for one in made}) == len(made)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", one.stem) for one in made)


def test_every_figure_follows_from_the_rows_of_the_file_alone(found):
    for one in dossiers(found, ORIGIN):
        assert dossier_differences(json.loads(one.json())) == ()


def test_of_persons_who_are_not_flagged_it_follows_too(found):
    for person in range(0, 200, 40):
        data = json.loads(json.dumps(person_dossier(found, person, ORIGIN)))
        assert dossier_differences(data) == ()
    for pair in range(0, len(found.pairs.a), 50):
        assert dossier_differences(pair_dossier(found, pair, ORIGIN)) == ()


def test_a_changed_answer_or_figure_is_found(found):
    made = dossiers(found, ORIGIN)
    person = json.loads(next(one for one in made if one.data["kind"] == "person").json())
    pair = json.loads(next(one for one in made if one.data["kind"] == "pair").json())
    person["answers"][3]["right"] = not person["answers"][3]["right"]
    assert any(line.startswith("lz_star") for line in dossier_differences(person))
    pair["answers"][5]["alike"] = not pair["answers"][5]["alike"]
    assert any(line.startswith("matches") for line in dossier_differences(pair))
    pair = json.loads(next(one for one in made if one.data["kind"] == "pair").json())
    pair["steps"][3]["figures"]["p_gbt"] *= 1.001
    assert [line.partition(":")[0] for line in dossier_differences(pair)] == ["p_gbt"]


def test_both_sides_get_the_same_bytes(found):
    one, other = dossiers(found, ORIGIN), dossiers(found, ORIGIN)
    assert [made.json() for made in one] == [made.json() for made in other]
    assert [dossier_page(made.data) for made in one] == [dossier_page(made.data) for made in other]
    data = json.loads(one[0].json())
    assert data["inputs"] == [{"name": "exam.csv", "bytes": 1234, "sha256": "ab" * 32}]
    assert data["command"] == ORIGIN.command


def test_the_page_says_what_it_is_not_stands_alone_and_runs_nothing(found):
    pages = [dossier_page(made.data) for made in dossiers(found, ORIGIN)]
    for page in pages:
        assert NOT_PROOF in page
        assert "<script" not in page
        assert not re.search(r"""(src|href)=|url\(|@import""", page)
        assert "prefers-color-scheme: dark" in page
        assert "@media print" in page
    assert any("&lt;script&gt;" in page for page in pages)


def test_the_page_of_all_leads_to_each_draws_likeness_and_runs_nothing(found):
    made = dossiers(found, ORIGIN)
    page = misconduct_page(found, made)
    assert NOT_PROOF in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count('.html">') == len(made)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    picture = likeness_picture(found)
    assert picture is not None
    assert picture.svg in page
    drawn = {row[0] for row in picture.table.rows}
    assert len(drawn) <= 40
    surprising = int(np.argmin(found.pairs.p))
    assert str(found.exam.persons[found.pairs.a[surprising]]) in page


def test_without_pairs_there_is_no_picture_of_likeness(found):
    alone = replace(found, pairs=None, pair_flagged=np.zeros(0, dtype=bool))
    assert likeness_picture(alone) is None
    assert "No pairs were compared" in misconduct_page(alone, dossiers(alone, ORIGIN))


class Tags(HTMLParser):
    """Which tags are open, and how often each was."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.count: Counter[str] = Counter()

    def handle_starttag(self, tag, attrs):
        self.count[tag] += 1
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_its_tables_have_captions_and_heads(found):
    for made in dossiers(found, ORIGIN):
        tags = Tags()
        tags.feed(dossier_page(made.data))
        assert tags.open == []
        assert tags.count["caption"] == tags.count["thead"] == tags.count["table"] == 2 + len(made.data["steps"])
        assert tags.count["h1"] == 1


def test_what_is_no_dossier_is_refused(found, tmp_path, capsys):
    with pytest.raises(MeasureError, match="not a dossier"):
        dossier_differences({"format": "other"})
    with pytest.raises(MeasureError, match="lacks something"):
        dossier_differences({"format": "bedside-dossier/1", "kind": "pair", "steps": [], "answers": [{}]})
    with pytest.raises(MeasureError, match="no person"):
        person_dossier(found, 200, ORIGIN)
    with pytest.raises(MeasureError, match="no pair"):
        pair_dossier(found, 10**9, ORIGIN)
    path = tmp_path / "x.json"
    path.write_text("{")
    assert run(["measure", "check-dossier", str(path)]) == 2
    assert "not JSON" in capsys.readouterr().err


def test_the_command_says_which_figure_does_not_follow(found, tmp_path, capsys):
    made = dossiers(found, ORIGIN)[0]
    data = json.loads(made.json())
    path = tmp_path / "dossier.json"
    path.write_text(made.json())
    assert run(["measure", "check-dossier", str(path)]) == 0
    data["steps"][0]["figures"]["lz_star"] += 0.5
    path.write_text(json.dumps(data))
    assert run(["measure", "check-dossier", str(path)]) == 1
    assert "lz_star" in capsys.readouterr().out
