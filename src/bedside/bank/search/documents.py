"""The items and takeaways of a bank as documents to be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bedside.bank.analytes import Analyte
from bedside.bank.item import Item, Takeaway
from bedside.bank.search.document import SearchDocument, id_word

ITEM = "item"
TAKEAWAY = "takeaway"
VALUE = "value"


def search_documents(
    items: Iterable[Item], takeaways: Iterable[Takeaway], analytes: Iterable[Analyte] = ()
) -> Iterator[SearchDocument]:
    """Items, takeaways and reference values, of the kinds "item", "takeaway" and "value".

    Everybody may find stems, lead-ins, options, stimuli, titles and values; behind them stand explanations, and the sentences
    of takeaways.
    """
    for item in items:
        yield _of_item(item)
    for one in takeaways:
        yield SearchDocument(one.id, TAKEAWAY, (("title", one.title), ("id", id_word(one.id))), (("takeaway", one.text),))
    for value in analytes:
        texts = [("title", value.name), ("specimen", value.specimen), ("group", value.group.replace("_", " "))]
        texts += [("condition", value.condition)] if value.condition else []
        texts += [("names", name) for name in value.names]
        yield SearchDocument(value.id, VALUE, tuple(texts))


def _of_item(item: Item) -> SearchDocument:
    stimulus = item.stimulus
    shown = [("id", id_word(item.id)), ("stem", item.stem), ("lead_in", item.lead_in)]
    shown += [("title", stimulus.title), ("stem", stimulus.text)] if stimulus else []
    shown += [("options", option.text) for option in item.options]
    behind = [("explanation", option.explanation) for option in item.options]
    behind += [("explanation", item.answer.explanation)] if item.answer else []
    return SearchDocument(item.id, ITEM, tuple(shown), tuple(behind))
