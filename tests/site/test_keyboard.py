"""The table of keys, and what is said of it."""

from __future__ import annotations

import re
from pathlib import Path

from bedside.site.keyboard import GROUPS, NAMES, PLAYER, Key, alt_keys

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "keys.md"
SCRIPT = Path(__file__).parents[2] / "src" / "bedside" / "site" / "static" / "js" / "player" / "keyboard.js"


def _row(key: Key) -> str:
    if key.presses[0] in {"Alt", "Ctrl"}:
        between = "+"
    elif key.presses[0] == "g":
        between = " then "
    else:
        between = " to " if key.presses in {("1", "9"), ("1", "6"), ("A", "Z")} else " or "
    return f"| {between.join(f'`{press}`' for press in key.presses)} | {key.text} |"


def test_the_page_on_keys_has_the_keys_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = {
        heading: [line for line in body.splitlines() if line.startswith("| `")]
        for heading, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    }
    assert found == {str(NAMES[name]): [_row(key) for key in keys] for name, keys in GROUPS.items()}


def test_each_alt_key_has_a_verb_in_the_script() -> None:
    script = "".join(
        (SCRIPT.parent / name).read_text(encoding="utf-8") for name in ("keyboard.js", "main.js", "tools.js", "actions.js")
    )
    for action in alt_keys().values():
        assert re.search(rf"\b{action}\b[:,]", script), action


def test_no_key_of_the_player_is_given_twice() -> None:
    presses = [key.presses for key in PLAYER]
    assert len(set(presses)) == len(presses)
