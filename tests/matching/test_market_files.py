"""Markets that a person wrote: read strictly, with a place for every mistake, and matched by `bedside match run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.cli import run
from bedside.errors import SyntaxReadError
from bedside.matching import clear, read_market
from bedside.reading import Source

YAML = """\
programmes:
  - {name: City, positions: 1, ranks: [Ana, Cho, Ben]}
  - {name: Mercy, positions: 2, ranks: [Cho, Ben, Ana]}
applicants:
  - {name: Cho, ranks: [City, Mercy]}
couples:
  - members: [Ana, Ben]
    ranks: [[City, Mercy], [Mercy, Mercy], [City, null]]
"""
CSV = """\
who,name,positions,choices
programme,City,1,Ana; Cho; Ben
programme,Mercy,2,Cho; Ben; Ana
applicant,Cho,,City; Mercy
couple,Ana + Ben,,City + Mercy; Mercy + Mercy; City + -
"""
NONE = """\
programmes:
  - {name: City, positions: 1, ranks: [Ana, Cho]}
  - {name: Mercy, positions: 1, ranks: [Cho, Ben]}
applicants:
  - {name: Cho, ranks: [City, Mercy]}
couples:
  - {members: [Ana, Ben], ranks: [[City, Mercy]]}
"""
LATER = """\
programmes:
  - {name: Eyes, positions: 1, ranks: [Ana]}
  - {name: Year, positions: 1, ranks: [Ben, Ana]}
  - {name: Other, positions: 1, ranks: [Ana]}
applicants:
  - {name: Ana, ranks: [Eyes], supplemental: {Eyes: [Year, Other]}}
  - {name: Ben, ranks: [Year]}
"""


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def mistakes(text: str, name: str = "market.yaml") -> list[tuple[int, str]]:
    named, findings = read_market(Source(name, text))
    assert named is None
    return [(finding.line, finding.rule) for finding in findings]


def test_yaml_and_csv_say_the_same():
    by_yaml, _ = read_market(Source("a.yaml", YAML))
    by_csv, _ = read_market(Source("a.csv", CSV))

    assert by_yaml is not None
    assert by_csv is not None
    assert by_yaml.people == by_csv.people == (("Cho",), ("Ana", "Ben"))
    assert by_yaml.market.pairs == by_csv.market.pairs
    assert by_yaml.market.posts.tolist() == by_csv.market.posts.tolist()


def test_a_run_says_who_comes_where(tmp_path, capsys):
    assert run(["match", "run", write(tmp_path, "m.yaml", YAML), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert told["stable"] is True
    assert {one["name"]: (one["programme"], one["rank"]) for one in told["matches"]} == {
        "Cho": ("Mercy", 2),
        "Ana": ("City", 1),
        "Ben": ("Mercy", 1),
    }
    assert told["filled"] == {"City": 1, "Mercy": 2}


def test_a_run_without_a_stable_matching_says_so_and_fails(tmp_path, capsys):
    path = write(tmp_path, "m.yaml", NONE)

    assert run(["match", "run", path]) == 1
    assert "No stable matching was found" in capsys.readouterr().out
    assert run(["match", "run", path, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["matches"] is None


def test_a_later_post_brings_a_first_year_of_the_list_that_goes_with_it(tmp_path, capsys):
    assert run(["match", "run", write(tmp_path, "m.yaml", LATER)]) == 0

    assert "Ana: Eyes, first year at Other" in capsys.readouterr().out


def test_a_later_post_without_a_first_year_is_kept():
    named, _ = read_market(Source("m.yaml", LATER.replace("[Year, Other]", "[Year]")))
    assert named is not None
    matching = clear(named.market).matching

    assert matching is not None
    assert named.posts(1, matching.pairs[0]) == ("Eyes", None)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[City, Mercy]}", "[City, Mercie]}", (5, "unknown_name")),
        ("[City, Mercy]}", "[City, City]}", (5, "ranked_twice")),
        ("name: Mercy, ", "name: City, ", (2, "name_twice")),
        ("members: [Ana, Ben]", "members: [Ana, Ana]", (5, "name_twice")),
        ("[City, null]", "[null, null]", (8, "no_posts")),
        ("[City, null]", "[City, Mercy]", (8, "ranked_twice")),
        ("positions: 1", "positions: -1", (2, "format")),
        ("positions: 1", "postions: 1", (2, "format")),
    ],
)
def test_each_mistake_has_its_place(old, new, expected):
    assert expected in mistakes(YAML.replace(old, new, 1))


def test_a_supplemental_list_goes_with_a_post_of_the_list():
    assert (6, "supplemental") in mistakes(LATER.replace("{Eyes: [Year, Other]}", "{Other: [Year]}"))


def test_an_unknown_name_in_a_table_has_its_line():
    assert mistakes(CSV.replace("City; Mercy\n", "City; Mercie\n"), "m.csv") == [(4, "unknown_name")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("who,name", "what,name"),
        ("City,1,", "City,one,"),
        ("Cho,,", "Cho,1,"),
        ("applicant,", "person,"),
        ("programme,City,1,Ana; Cho; Ben", "programme,City,1"),
    ],
)
def test_a_table_of_another_shape_is_refused(old, new):
    with pytest.raises(SyntaxReadError):
        read_market(Source("m.csv", CSV.replace(old, new, 1)))


def test_a_file_with_mistakes_is_not_matched(tmp_path, capsys):
    assert run(["match", "run", write(tmp_path, "m.yaml", YAML.replace("Mercy]}", "Nowhere]}", 1))]) == 2
    assert "nothing was matched" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert run(["match", "run", str(tmp_path / "none.yaml")]) == 2
    assert "can't be read" in capsys.readouterr().err
