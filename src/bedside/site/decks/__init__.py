"""Decks in and out: Anki packages as cards, cards and takeaways as a deck."""
