"""Bedside: an open system for medical licensing exams."""

__version__ = "0.1.0"
