"""Content and people for tests of the plan: one takeaway an item, so that there is something to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from bedside.site.accounts.models import User
from bedside.site.study.log import add_missing
from bedside.study import Grade, Origin, Review, takeaway
from tests.support.site import AREAS, write_plain_item

N_AN_AREA = 8
DAY = timedelta(days=1)


def write_many(folder: Path, n: int = N_AN_AREA) -> list[str]:
    """So many items and takeaways an area, each item with a takeaway of its own; answers the takeaways."""
    names = []
    for area, competency in AREAS.items():
        lines = ["schema: takeaways/1", "takeaways:"]
        kept = folder / "takeaways" / f"{area}.yaml"
        old = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else lines
        for number in range(1, n + 1):
            name = f"{area}.fact_{number}"
            names.append(name)
            old += [
                f"  - id: {name}",
                f'    text: "Fact {number} of {area} is so."',
                "    codes: {exam: {system: AREA}}".replace("AREA", area),
                '    sources: ["Author A. Title. Journal 1998;338:26-34"]',
            ]
            write_plain_item(
                folder, f"{area}-{number:04d}", system=area, competency=competency, head={"takeaways": f"[{name}]"}
            )
        kept.write_text("\n".join(old) + "\n", encoding="utf-8")
    return names


def item_of(name: str) -> str:
    """The item that teaches a takeaway of `write_many`."""
    area, _, number = name.partition(".fact_")
    return f"{area}-{int(number):04d}"


def learn(user: User, names: Iterable[str], at: datetime, grade: Grade = Grade.GOOD) -> None:
    """Items answered at an instant, a minute apart."""
    reviews = [
        Review(
            uuid5(NAMESPACE_URL, f"{user.pk} {name} {at}"),
            takeaway(name),
            grade,
            at + timedelta(minutes=n),
            Origin.ITEM,
            item_of(name),
        )
        for n, name in enumerate(names)
    ]
    add_missing(user, reviews, kept_at=at)
