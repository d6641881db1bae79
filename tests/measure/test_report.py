"""The technical report: every figure from the functions of the package, all of it on one page that stands alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import Made, Responses, analyse, calibrate, chances_picture, report_page
from bedside.measure.reporting.report import item_counts, marginal_reliability, raw_scores

MADE = Made(
    "Technical report of <b>1</b>", (("answers.csv", "ab" * 32),), (("Bedside", "1"),), "bedside measure report answers.csv"
)


def made_responses(n: int = 400, k: int = 8, *, holes: bool = False) -> Responses:
    rng = np.random.default_rng(11)
    theta, b = rng.normal(size=(n, 1)), np.linspace(-1.5, 1.5, k)
    table = (rng.random((n, k)) < 1 / (1 + np.exp(-1.2 * (theta - b)))).astype(float)
    if holes:
        table[rng.random((n, k)) < 0.3] = np.nan
    return Responses.of_matrix(table, items=("<i>1", *(f"item {j}" for j in range(2, k + 1))))


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        of = dict(attrs)
        self.ids += [name for name in [of.get("id")] if name]
        self.links += [place for place in [of.get("href")] if place and tag == "a"]
        self.outside += [value for name, value in attrs if name in {"src", "href"} and value and not value.startswith("#")]


def test_item_counts_and_raw_scores_are_those_of_the_table() -> None:
    responses = made_responses()
    table = responses.matrix().astype(float)
    total = table.sum(axis=1)
    counts, raw = item_counts(responses), raw_scores(responses)

    assert counts.share.tolist() == pytest.approx(table.mean(axis=0).tolist())
    rest = [np.corrcoef(table[:, j], total - table[:, j])[0, 1] for j in range(8)]
    assert counts.rest.tolist() == pytest.approx(rest)
    alpha = 8 / 7 * (1 - table.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    assert (raw.mean, raw.alpha) == pytest.approx((total.mean(), alpha))


def test_alpha_is_not_given_where_not_everybody_answered_everything() -> None:
    assert np.isnan(raw_scores(made_responses(holes=True)).alpha)


def test_the_report_holds_what_its_parts_say() -> None:
    responses = made_responses(holes=True)
    focal = np.arange(400) % 3 == 0
    report = analyse(responses, cut=0.2, groups=("most", "few", focal))

    assert report.calibration.log_likelihood == calibrate(responses).log_likelihood
    assert report.reliability == marginal_reliability(report.scores.theta, report.scores.se)
    assert report.classification is not None
    assert 0.5 < report.classification.accuracy < 1
    assert report.dif is not None
    assert not any(item.flagged for item in report.dif.found.items)


def test_the_page_stands_alone_names_everything_once_and_lets_no_markup_in() -> None:
    focal = np.arange(400) % 3 == 0
    text = report_page(analyse(made_responses(), cut=0.0, groups=("<u>most", "few", focal)), MADE)
    page = Page(text)

    assert not {"script", "link", "img", "iframe", "b", "i", "u"} & set(page.tags)
    assert not page.outside
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert page.tags.count("figure") == page.tags.count("details") == 8 + 5
    assert "ab" * 32 in text


def test_chances_by_the_model_come_true_and_are_told_of_every_answer() -> None:
    report = analyse(made_responses())
    picture = chances_picture(report)
    told = [(float(row[1]), float(row[2]), int(row[4].replace(",", ""))) for row in picture.table.rows]
    assert sum(n for _, _, n in told) == report.responses.n_responses
    assert sum(n * abs(mean - true) for mean, true, n in told) / report.responses.n_responses < 0.05
    right = sum(true * n for _, true, n in told) / report.responses.n_responses
    assert right == pytest.approx(report.responses.correct.mean(), abs=0.002)


def test_an_item_without_variance_is_named_and_left_out() -> None:
    table = made_responses().matrix().astype(float)
    table[:, 2] = 1.0
    report = analyse(Responses.of_matrix(table))

    assert report.calibration.left_out == ("3",)
    assert "Left out, since all or none were right: 3." in report_page(report, MADE)


def test_the_command_writes_the_page_and_the_same_page_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = made_responses(n=150, k=5).matrix()
    lines = ["person,a,b,c,d,e", *(f"p{n},{','.join(f'{value:.0f}' for value in row)}" for n, row in enumerate(table))]
    (tmp_path / "answers.csv").write_text("\n".join(lines), encoding="utf-8")
    call = ["measure", "report", str(tmp_path / "answers.csv"), "--cut", "0", "--out"]

    assert run([*call, str(tmp_path / "one.html")]) == 0
    assert "150 persons, 5 items, 750 answers" in capsys.readouterr().out
    assert run([*call, str(tmp_path / "two.html")]) == 0

    one, two = ((tmp_path / name).read_text(encoding="utf-8") for name in ("one.html", "two.html"))
    assert one == two.replace("two.html", "one.html")
    assert re.search(r"<code>bedside measure report answers.csv --model 2pl --out one.html --cut 0.0</code>", one)
    assert str(tmp_path) not in one


def test_bad_input_is_named_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text("person,a,b\np1,1,7\n", encoding="utf-8")
    out = tmp_path / "report.html"

    assert run(["measure", "report", str(tmp_path / "answers.csv"), "--out", str(out)]) == 2
    assert "answers.csv" in capsys.readouterr().err
    assert not out.exists()
