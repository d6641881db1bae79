"""Proofs: what they rest on, and when they no longer stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedside.cases import (
    check_proof,
    orders_digest,
    own_orders,
    proof,
    proof_path,
    proof_text,
    prove,
    read_proof,
    stale,
    usable_orders,
)
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_trials import example_evidence, judged


def made():
    result = prove(read_example(), small_catalogue(), example_evidence(), judged())
    assert result is not None
    return result


def with_order(order_id, **changes):
    """The catalogue with one order changed."""
    catalogue = small_catalogue()
    orders = dict(catalogue.orders)
    orders[order_id] = replace(orders[order_id], **changes)
    return replace(catalogue, orders=orders)


def test_a_proof_reads_back_as_it_was_written(tmp_path):
    path = tmp_path / "endo-001.proof.json"
    path.write_text(proof_text(made()))

    assert read_proof(path) == made()
    assert proof_text(read_proof(path)) == path.read_text()


def test_a_proof_lies_beside_its_case(tmp_path):
    assert proof_path(tmp_path / "endo-001.yaml") == tmp_path / "endo-001.proof.json"


def test_a_proof_names_what_was_found():
    result = made()

    assert {one.script for one in result.scripts} >= {"expert", "late", "nothing", "everything", "kitchen_sink"}
    assert next(one.percent for one in result.scripts if one.script == "expert") >= 95
    assert sum(result.fuzz.runs.values()) == 60
    assert len(result.panel.bands) == 5
    assert set(result.panel.item_rest) == {item.id for item in read_example().rubric}


def test_with_an_error_there_is_no_proof():
    error = Finding("endo-001.yaml", 1, 1, "C601", Severity.ERROR, "low")

    assert prove(read_example(), small_catalogue(), example_evidence(), [error]) is None


def test_a_proof_stands_while_nothing_changes():
    assert stale(made(), read_example(), small_catalogue()) == ()


def test_a_changed_case_makes_it_stale():
    assert stale(made(), read_example(("pts: 12}\n  - {id: chemistry", "pts: 11}\n  - {id: chemistry")), small_catalogue()) == (
        "the case",
    )


def test_a_changed_order_of_the_case_makes_it_stale():
    assert stale(made(), read_example(), with_order("kcl_iv", start_s=1)) == ("the orders it can use",)


def test_words_of_an_order_do_not():
    assert stale(made(), read_example(), with_order("kcl_iv", name="Potassium", terms=("k",))) == ()


def test_a_new_drug_that_few_order_does_not():
    catalogue = small_catalogue()
    rare = replace(catalogue.orders["kcl_iv"], id="zzz_iv", key="zzz", frequency=1, start_s=7)
    more = replace(catalogue, orders={**catalogue.orders, "zzz_iv": rare})
    others = [f"aaa{n}_iv" for n in range(120)]  # so that the most used are not simply all there are
    used = {one: replace(rare, id=one, key=one, frequency=5) for one in others}
    crowded = replace(catalogue, orders={**catalogue.orders, **used})

    assert "zzz_iv" not in usable_orders(read_example(), replace(more, orders={**more.orders, **used}))
    assert orders_digest(read_example(), crowded) == orders_digest(
        read_example(), replace(more, orders={**more.orders, **used})
    )


def test_another_engine_or_other_rules_make_it_stale(monkeypatch):
    result = made()
    monkeypatch.setattr(proof, "SEMANTICS", 99, raising=True)
    monkeypatch.setattr(proof, "RULES", 99, raising=True)

    assert stale(result, read_example(), small_catalogue()) == ("the engine", "the rules of proof")


def test_the_orders_of_the_case_come_from_all_its_parts():
    own = own_orders(read_example(), small_catalogue())

    assert {"ns_iv", "lispro_sq", "consult_social_work", "phosphate", "npo", "d50_iv"} <= set(own)
    assert not [one for one in own if one.startswith("exam_")]


def test_a_missing_proof_a_stale_one_and_one_that_is_none_are_errors(tmp_path):
    path = tmp_path / "endo-001.proof.json"
    case, catalogue = read_example(), small_catalogue()

    assert [one.rule for one in check_proof(case, catalogue, path)[1]] == ["C901"]
    path.write_text("{}")
    assert [one.rule for one in check_proof(case, catalogue, path)[1]] == ["C903"]
    path.write_text(proof_text(made()))
    assert check_proof(case, catalogue, path) == (made(), [])
    assert [one.rule for one in check_proof(case, with_order("bmp", start_s=9), path)[1]] == ["C902"]


def test_reading_says_what_is_wrong(tmp_path):
    with pytest.raises(NotFoundError, match="no proof"):
        read_proof(tmp_path / "none.proof.json")
    (tmp_path / "bad.proof.json").write_text('{"schema": "case-proof/1", "case": 3}')
    with pytest.raises(ReadError, match="not a proof: case"):
        read_proof(tmp_path / "bad.proof.json")
