"""The technical report on an exam."""
