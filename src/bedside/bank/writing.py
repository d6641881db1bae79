"""An item as the Markdown file that reads back to it."""

from __future__ import annotations

import re

from bedside.bank.item import BlueprintEntry, Item, Kind, Stimulus

_WORD = re.compile(r"[a-z][a-z0-9_.]*")
_NOT_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # also what YAML 1.1 takes for no word


def item_text(item: Item) -> str:
    """The text of an item file, keys in the order of the documentation."""
    head = [
        "---",
        "schema: item/1",
        f"id: {item.id}",
        f"version: {item.version}",
        *([f"kind: {item.kind.value}"] if item.kind is not Kind.ONE_BEST_ANSWER else []),
        *([f"set: {{id: {item.set.id}, kind: {item.set.kind.value}, part: {item.set.part}}}"] if item.set else []),
        *_blueprint(item.blueprint),
        *([f"takeaways: [{', '.join(quoted(name) for name in item.takeaways)}]"] if item.takeaways or not item.origin else []),
        *([f"setting: {quoted(item.setting)}"] if item.setting else []),
        *([f"difficulty: {item.difficulty}"] if item.difficulty is not None else []),
        f"seconds: {item.seconds}",
        *([f"authors: [{', '.join(quoted(name) for name in item.authors)}]"] if item.authors or not item.origin else []),
        f"status: {item.status.value}",
        *_list("sources", item.sources, always=not item.origin),
    ]
    if item.waivers:
        head.append("waive:")
        head += [f"  - {{rule: {quoted(waiver.rule)}, reason: {quoted(waiver.reason)}}}" for waiver in item.waivers]
    if item.origin:
        origin = item.origin
        head += ["origin:", f"  format: {quoted(origin.format)}", f"  file: {quoted(origin.file)}", f"  row: {origin.row}"]
        head += [f"  id: {quoted(origin.id)}"] if origin.id else []
        head += [f"  licence: {quoted(origin.licence)}"] if origin.licence else []
    return "\n".join([*head, "---", *_body(item)]) + "\n"


def stimulus_text(stimulus: Stimulus) -> str:
    """The text of a stimulus file."""
    head = ["schema: stimulus/1", f"id: {stimulus.id}", f"kind: {stimulus.kind.value}", f"title: {quoted(stimulus.title)}"]
    return "\n".join(["---", *head, "---", stimulus.text]) + "\n"


def _blueprint(entries: tuple[BlueprintEntry, ...]) -> list[str]:
    if not entries:
        return ["blueprint: []"]
    lines = ["blueprint:"]
    for entry in entries:
        parts = [f"programme: {quoted(entry.programme)}", f"step: {quoted(entry.step)}"]
        for axis, codes in entry.codes.items():
            listed = ", ".join(quoted(code) for code in codes)
            parts.append(f"{quoted(axis)}: [{listed}]")
        lines.append(f"  - {{{', '.join(parts)}}}")
    return lines


def _list(name: str, values: tuple[str, ...], *, always: bool) -> list[str]:
    if not values:
        return [f"{name}: []"] if always else []
    return [f"{name}:", *(f"  - {quoted(value)}" for value in values)]


def _body(item: Item) -> list[str]:
    lines = [item.stem, ""] if item.stem else []
    lines += [item.lead_in, ""]
    for option in item.options:
        lines.append(f"- [{'x' if option.is_key else ' '}] {option.text}".rstrip())
        lines += _explanation(option.explanation)
    if item.answer:
        lines.append(f"= {item.shown_key}")
        lines += _explanation(item.answer.explanation)
    return lines


def _explanation(text: str) -> list[str]:
    if not text:
        return []
    first, *rest = text.split("\n")
    return [f"  : {first}", *(f"    {line}" if line else "" for line in rest)]


def quoted(text: str) -> str:
    """A YAML double-quoted scalar; plain where the text is a simple word."""
    if _WORD.fullmatch(text) and text not in _NOT_WORDS:
        return text
    escaped = "".join(_escape(sign) for sign in text)
    return f'"{escaped}"'


def _escape(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    code = ord(sign)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
