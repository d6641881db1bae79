"""Anki decks: read packages of any age safely, and write them."""
