"""A generated bank: of every kind, to the blueprint, the same for the same seed, and nobody else's files are touched."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bedside.assembly import draw
from bedside.bank import AUDIO, Bank, Kind, Root, SetKind, StimulusKind, read_bank
from bedside.cli import run
from bedside.cli.demo_items import MARK, make_items
from bedside.cli.demo_plan import apportion, plan_step
from bedside.cli.demo_words import Words
from bedside.programme import Programme, StepEdition, read_programmes
from bedside.site.content import Content, codes_of, read_content
from bedside.site.exam.day import days_of, exam_day
from bedside.site.exam.stock import items_of_step, pool_of

REPOSITORY = Path(__file__).parents[2]
CONTENT = REPOSITORY / "content"
ON = date(2026, 11, 24)
PROGRAMMES = read_programmes(CONTENT / "programmes").by_name
CODES = codes_of(PROGRAMMES)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDSIDE_CONTENT", str(CONTENT))
    monkeypatch.setenv("BEDSIDE_DATA", str(tmp_path / "data"))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Where the items go."""
    return tmp_path / "data" / "imported" / "demo"


def demo(*arguments: object) -> int:
    return run(["demo", "bank", *map(str, arguments)])


def bank_at(folder: Path) -> Bank:
    return read_bank([Root(folder, "demo")], codes=CODES)


def edition(programme: str, step: str) -> StepEdition:
    found = PROGRAMMES[programme].on(ON).step(step)
    assert found is not None
    return found


def texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what is made -------------------------------------------------------------------------------------------------------


def test_a_step_gets_items_that_the_strict_reader_takes(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--programme", "usmle", "--step", "step2ck", "--size", 300, "--json") == 0

    told = json.loads(capsys.readouterr().out)
    bank = bank_at(collection)
    assert bank.findings == ()
    assert len(bank.items) == told["items"] == told["steps"][0]["items"] == 300
    assert bank.left_out == {}
    assert told["steps"][0]["sets"] == dict(
        Counter(item.set.kind for item in bank.items.values() if item.set and item.set.part == 1)
    )


def test_bank_check_finds_no_error(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo("--programme", "jee_main", "--size", 60)
    capsys.readouterr()

    assert run(["bank", "check", str(collection), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["items"], told["errors"], told["warnings"], told["left_out"]) == (60, 0, 0, [])


def test_every_item_says_that_it_means_nothing_and_that_nobody_checked_it(collection: Path) -> None:
    demo("--programme", "usmle", "--step", "step3", "--size", 120)

    for item in bank_at(collection).items.values():
        is_later = item.set is not None and item.set.kind is SetKind.SEQUENTIAL and item.set.part > 1
        assert item.stem.startswith(MARK) or is_later
        assert item.is_imported
        assert item.origin is not None
        assert item.origin.format == "demo"
        assert item.stimulus is None or (item.stimulus.title.startswith("Made up") and item.stimulus.text.startswith(MARK))


def test_every_kind_of_the_step_is_there(collection: Path) -> None:
    demo("--programme", "usmle", "--size", 900)

    items = list(bank_at(collection).items.values())
    assert {item.set.kind for item in items if item.set} == {SetKind.SEQUENTIAL, SetKind.SHARED}
    assert {item.stimulus.kind for item in items if item.stimulus} == {StimulusKind.ABSTRACT, StimulusKind.ADVERTISEMENT}
    assert {3, 26} <= {len(item.options) for item in items}
    endings = {file.path.rpartition(".")[2] for item in items for file in item.media}
    assert {"png", "svg"} <= endings
    assert endings & {*AUDIO}


@pytest.mark.parametrize(
    ("programme", "step", "kinds"),
    [
        pytest.param("jee_main", "paper1", {Kind.ONE_BEST_ANSWER, Kind.NUMERIC}, marks=pytest.mark.slow),
        ("jee_advanced", "papers", {Kind.ONE_BEST_ANSWER, Kind.MULTIPLE_SELECT, Kind.NUMERIC}),
        pytest.param("mbe", "nextgen", {Kind.ONE_BEST_ANSWER, Kind.MULTIPLE_SELECT}, marks=pytest.mark.slow),
        ("plab1", "paper", {Kind.ONE_BEST_ANSWER}),
    ],
)
def test_a_step_has_its_own_kinds_and_no_others(collection: Path, programme: str, step: str, kinds: set[Kind]) -> None:
    demo("--programme", programme, "--step", step, "--size", 100)

    assert {item.kind for item in bank_at(collection).items.values()} == kinds


def test_two_of_six_are_two_of_six(collection: Path) -> None:
    demo("--programme", "mbe", "--step", "nextgen", "--size", 80)

    chosen = [item for item in bank_at(collection).items.values() if item.kind is Kind.MULTIPLE_SELECT]
    assert {(len(item.options), len(item.key)) for item in chosen} == {(6, 2)}


def test_the_answer_stands_in_the_stem(collection: Path) -> None:
    demo("--programme", "jee_advanced", "--size", 90)

    for item in bank_at(collection).items.values():
        keys = [option.text for option in item.options if option.is_key]
        others = [option.text for option in item.options if not option.is_key]
        assert all(key in item.stem for key in keys)
        assert not any(other in item.stem for other in others)


def test_what_is_not_made_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    demo("--programme", "usmle", "--step", "step3", "--size", 30)

    assert "not made: Computer-based case simulation (CCS)" in capsys.readouterr().out


def test_the_items_have_the_blueprints_proportions(collection: Path) -> None:
    demo("--programme", "usmle", "--step", "step1", "--size", 1000)

    codes = [item.blueprint[0].codes for item in bank_at(collection).items.values()]
    for axis in edition("usmle", "step1").axes:
        for row in axis.ranges:
            share = 100 * sum(bool(set(row.covers) & set(given.get(axis.name, ()))) for given in codes) / len(codes)
            assert isinstance(row.low, int | float)
            assert isinstance(row.high, int | float)
            assert row.low <= share <= row.high, row.id


# --- full forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("programme", "step"),
    [
        ("usmle", "step2ck"),
        ("jee_main", "paper1"),
        pytest.param("usmle", "step1", marks=pytest.mark.slow),
        pytest.param("usmle", "step3", marks=pytest.mark.slow),
        pytest.param("neet_ug", "paper", marks=pytest.mark.slow),
        pytest.param("mbe", "mbe", marks=pytest.mark.slow),
        pytest.param("cpa", "aud", marks=pytest.mark.slow),
    ],
)
def test_two_full_forms_are_drawn_without_a_repeat(tmp_path: Path, collection: Path, programme: str, step: str) -> None:
    demo("--programme", programme, "--step", step)
    content: Content = read_content(CONTENT, collection.parent)
    items = items_of_step(content, programme, step, "demo")
    one = edition(programme, step)
    seen: set[str] = set()

    for seed in (1, 2):
        for day in days_of(one):
            exposure = {item.id: 0 for item in items}
            pool = pool_of(
                items, programme=programme, step=step, seen={}, exposure=exposure, at=datetime(2026, 11, 24, tzinfo=UTC)
            )
            drawn = draw(exam_day(programme, one, day=day).blueprint, pool, seen, seed)
            assert drawn.is_balanced
            assert drawn.seen == frozenset()
            seen |= set(drawn.items)


# --- seeds and folders --------------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_files_and_another_other_ones(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        demo("--programme", "mbe", "--step", "nextgen", "--size", 40, "--seed", seed, "--into", tmp_path / name)

    assert texts(tmp_path / "a") == texts(tmp_path / "b")
    assert len(texts(tmp_path / "a")) == len(texts(tmp_path / "c"))


def test_another_seed_or_size_has_other_ids_since_an_id_is_never_used_again(tmp_path: Path) -> None:
    ids: list[str] = []
    for seed, size in ((1, 20), (2, 20), (1, 21)):
        demo("--programme", "jee_main", "--size", size, "--seed", seed, "--into", tmp_path / "demo")
        ids += bank_at(tmp_path / "demo").items

    assert len(set(ids)) == len(ids) == 61


def test_a_second_run_replaces_the_step_and_leaves_the_others(collection: Path) -> None:
    demo("--programme", "jee_main", "--size", 40)
    demo("--programme", "mbe", "--step", "nextgen", "--size", 60)
    before = {name: data for name, data in texts(collection).items() if "jee_main" in name}
    demo("--programme", "mbe", "--step", "nextgen", "--size", 20)

    after = texts(collection)
    assert {name: data for name, data in after.items() if "jee_main" in name} == before
    assert sum("items/mbe-nextgen/" in name for name in after) == 20
    assert [name for name in after if Path(name).name.startswith(".")] == []
    assert bank_at(collection).findings == ()


def test_what_an_interrupted_run_left_does_not_stand_in_the_way(collection: Path) -> None:
    demo("--programme", "jee_main", "--size", 20)
    for rest in (".jee_main-paper1.new", ".jee_main-paper1.old"):
        (collection / "items" / rest).mkdir()
        (collection / "items" / rest / "x.md").write_text("half", encoding="utf-8")

    assert len(bank_at(collection).items) == 20
    assert demo("--programme", "jee_main", "--size", 30) == 0
    assert sorted(path.name for path in (collection / "items").iterdir()) == ["jee_main-paper1"]
    assert len(bank_at(collection).items) == 30


def test_files_that_somebody_else_wrote_are_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own" / "items" / "jee_main-paper1" / "renal-0001.md"
    own.parent.mkdir(parents=True)
    own.write_text("mine", encoding="utf-8")

    assert demo("--programme", "jee_main", "--into", tmp_path / "own") == 2
    assert "renal-0001.md was not made by this command" in capsys.readouterr().err
    assert texts(tmp_path / "own") == {"items/jee_main-paper1/renal-0001.md": b"mine"}


def test_a_list_of_licences_that_somebody_else_wrote_is_not_replaced(tmp_path: Path) -> None:
    own = tmp_path / "own" / "media" / "media.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("schema: media/1\nfiles: []\n", encoding="utf-8")

    assert demo("--programme", "jee_main", "--into", tmp_path / "own") == 2
    assert set(texts(tmp_path / "own")) == {"media/media.yaml"}


def test_a_content_folder_gets_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo("--programme", "jee_main", "--into", CONTENT) == 2
    assert "is a content folder" in capsys.readouterr().err


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert demo("--programme", "jee_main", "--size", 5, "--into", tmp_path / "file" / "demo") == 2
    assert "can't be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--programme", "usmel"), 'there is no programme "usmel"; did you mean "usmle"?'),
        (("--programme", "usmle", "--step", "step4"), 'usmle has no step "step4"'),
        (("--programme", "usmle", "--size", "0"), "size"),
        (("--programme", "usmle", "--size", "1000000"), "size"),
        (("--programme", "usmle", "--seed", "-1"), "seed"),
        ((), "programme"),
    ],
)
def test_a_wish_that_can_not_be_met_is_bad_usage(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo(*arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("size", [1, *(pytest.param(size, marks=pytest.mark.slow) for size in (2, 3, 7))])
def test_a_small_bank_is_sound_too(collection: Path, size: int) -> None:
    assert demo("--programme", "usmle", "--step", "step2ck", "--size", size) == 0

    bank = bank_at(collection)
    assert len(bank.items) == size
    assert bank.findings == ()


# --- parts --------------------------------------------------------------------------------------------------------------


def test_shares_in_whole_numbers_add_up_and_are_near() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [0.5, 0.25, 0.25]) == [3, 2, 2]  # 3.5, 1.75, 1.75: the two larger remainders first
    assert apportion(0, [1, 2]) == [0, 0]
    assert sum(apportion(1001, [0.3, 12, 7.77, 1e-9])) == 1001


def test_a_section_that_is_no_code_has_the_codes_that_no_section_has() -> None:
    plan = plan_step("neet_ug", edition("neet_ug", "paper"), 180, rng=random.Random(1))

    sections = [cell.section for cell in plan.cells for _ in range(cell.n_items)]
    given: dict[Any, set[str]] = {}
    for section, codes in zip(sections, plan.codes, strict=True):
        given.setdefault(section, set()).update(codes["subject"])
    assert given == {"physics": {"physics"}, "chemistry": {"chemistry"}, "biology": {"botany", "zoology"}}


@pytest.mark.parametrize("n_items", range(12, 60))
def test_no_part_of_a_sequential_set_stands_alone(n_items: int) -> None:
    rng = random.Random(n_items)
    plan = plan_step("usmle", edition("usmle", "step2ck"), n_items, rng=rng)

    *_, made = make_items(plan, seed=1, rng=rng)

    sizes = Counter(item.set.id for item in made.items if item.set and item.set.kind is SetKind.SEQUENTIAL)
    assert len(made.items) == n_items
    assert 1 not in sizes.values()


def test_names_are_all_different() -> None:
    assert len(set(Words(random.Random(1)).names(26))) == 26


@pytest.mark.slow
def test_every_programme_can_have_a_bank(collection: Path) -> None:
    for name, programme in PROGRAMMES.items():
        assert isinstance(programme, Programme)
        assert demo("--programme", name, "--size", 12 * len(programme.steps)) == 0

    bank = bank_at(collection)
    assert bank.findings == ()
    assert len(bank.items) == sum(12 * len(programme.steps) for programme in PROGRAMMES.values())
