"""Answers as they come: read from files, checked, kept in columns."""
