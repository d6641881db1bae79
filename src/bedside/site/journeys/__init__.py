"""Journeys: one's own record as a story, shared by file; those of others, found by likeness and told of in groups."""
