"""The rules for question models: names under which findings are reported, and what each asks. A contract.

Beside them speak the rules of the item format for what both have, and the linter's for what it finds in members.
"""

from __future__ import annotations

from collections.abc import Mapping

MODEL_RULES: Mapping[str, str] = {
    "wrong-name": "A name is of small letters, digits and `_`, begins with a letter, and is no function's.",
    "duplicate-name": "A name belongs to one variable, column or computed value.",
    "unknown-name": "A text or an expression uses names of the model, and a bound or a computed value only those before it.",
    "wrong-expression": "An expression is one of the language, and can be computed in every member.",
    "wrong-placeholder": "A place in a text is `{name}` or `{name:format}`, with a format that fits the value.",
    "wrong-key": "One option has `key`, or at least two have `right_if`.",
    "no-mistake": "A wrong option of a model with numbers says which mistake comes to it.",
    "no-check": "A model computes its key a second way.",
    "seed-without-member": "Every seed has a member: 200 draws are enough to meet the requirements.",
    "not-one-right": "In every member exactly one option is right.",
    "key-not-confirmed": "The second computation agrees with the key in every member.",
    "members-alike": "Members differ: a warning where over 10%, an error where over half are the same as another.",
    "key-place-fixed": "The key stands at several places: a warning where over 60%, an error where all have it at one.",
    "option-never-offered": "Each distractor is offered in some member, and each option with `right_if` is right in some.",
}


def model_rule_table() -> str:
    """The rules as the table of the documentation."""
    rows = [f"| `{name}` | {text} |" for name, text in MODEL_RULES.items()]
    return "\n".join(["| rule | what it asks |", "|---|---|", *rows])
