from __future__ import annotations

from dataclasses import replace

from bedside.bank import BlueprintEntry, Item, PublishedRange, Standing, Stats, Status, stats
from tests.support.items import item_of, item_text

BASE = item_of(item_text())
RANGES = [
    PublishedRange("exam", "first", "system", ("renal", "blood"), "Renal and blood", 10, 50),
    PublishedRange("exam", "first", "system", ("cardiovascular",), "Heart", 30, 60),
    PublishedRange("exam", "first", "competency", ("diagnosis",), "Diagnosis", None, None),
]


def items(**n_of: int) -> dict[str, Item]:
    made: dict[str, Item] = {}
    for system, n in n_of.items():
        entry = BlueprintEntry("exam", "first", {"system": (system,)} if system != "open" else {})
        made |= {f"{system}-{i}": replace(BASE, id=f"{system}-{i}", blueprint=(entry,)) for i in range(n)}
    return made


def counted(made: dict[str, Item]) -> Stats:
    return stats(made, collection_of=dict.fromkeys(made, "own"), n_takeaways=3, ranges=RANGES)


def test_shares_stand_beside_the_range_that_bounds_several_codes_together() -> None:
    step = counted(items(renal=10, blood=4, cardiovascular=6)).steps[0]

    # 14 of 20 items are 70%, over 10 to 50; 6 of 20 are 30%, within 30 to 60
    assert [(row.n_items, row.share, row.standing) for row in step.rows[:2]] == [
        (14, 70.0, Standing.OVER),
        (6, 30.0, Standing.WITHIN),
    ]
    assert step.rows[2].standing is Standing.UNKNOWN


def test_a_row_without_items_is_short() -> None:
    assert counted(items(renal=20)).steps[0].rows[1].standing is Standing.SHORT


def test_with_fewer_than_20_items_no_share_is_judged() -> None:
    assert {row.standing for row in counted(items(renal=19)).steps[0].rows} == {Standing.UNKNOWN}


def test_codes_without_a_range_have_a_row_of_their_own_and_open_axes_are_counted() -> None:
    step = counted(items(renal=1, lung=1, open=2)).steps[0]

    assert [row.covers for row in step.rows if row.axis == "system"] == [("renal", "blood"), ("cardiovascular",), ("lung",)]
    assert step.n_open == {"system": 2, "competency": 4}


def test_status_places_of_the_key_and_collections_are_counted() -> None:
    made = items(renal=2)
    made["x"] = replace(BASE, id="x", status=Status.CROSS_CHECKED, blueprint=())

    result = counted(made).as_dict()

    assert result["status"] == {"cross_checked": 1, "draft": 2}
    assert result["key_places"] == {"B": 3}
    assert result["collections"] == {"own": 3}
    assert (result["items"], result["takeaways"], result["without_step"]) == (3, 3, 1)


def test_an_empty_bank_has_no_shares() -> None:
    assert [row.share for row in counted({}).steps[0].rows] == [0.0, 0.0, 0.0]
