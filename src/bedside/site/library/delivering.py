"""From the bank's item to the item as it is delivered."""

from __future__ import annotations

from bedside.bank import Item, render
from bedside.site.content import Content
from bedside.site.library.delivered import IMPORTED, Delivered, DeliveredOption, DeliveredTakeaway


def deliver(content: Content, item: Item, *, programme: str, step: str) -> Delivered:
    """The item with its text drawn to HTML, its takeaways, and its codes in this step."""
    drawn = render(item)
    html_of = dict(drawn.options)
    entry = next((one for one in item.blueprint if (one.programme, one.step) == (programme, step)), None)
    takeaways = [content.bank.takeaways[name] for name in item.takeaways if name in content.bank.takeaways]
    return Delivered(
        id=item.id,
        version=item.version,
        content_hash=item.content_hash,
        kind=item.kind.value,
        collection=content.bank.collection_of[item.id],
        stem=item.stem,
        stem_html=drawn.stem,
        lead_in=item.lead_in,
        lead_in_html=drawn.lead_in,
        options=tuple(
            DeliveredOption(
                letter=option.letter,
                text=option.text,
                html=html_of[option.letter],
                is_key=option.is_key,
                explanation=option.explanation,
                explanation_html=drawn.explanations.get(option.letter, ""),
            )
            for option in item.options
        ),
        takeaways=tuple(DeliveredTakeaway(takeaway.id, takeaway.text) for takeaway in takeaways),
        sources=item.sources,
        status=IMPORTED if item.is_imported else item.status.value,
        codes={axis: tuple(codes) for axis, codes in entry.codes.items()} if entry else {},
    )
