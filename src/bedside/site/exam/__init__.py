"""Sittings: their event logs, the projections of them, and the ledger. Pages `/sit/<id>` and `/report/<id>`."""
