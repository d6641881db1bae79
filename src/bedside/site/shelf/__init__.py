"""The library: items, takeaways, cases and reference values by topic, and what finds them. Page `/library`."""
