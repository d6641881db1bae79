"""Answers that are too alike, too quick or too unlikely, and what each side can recompute of it."""
