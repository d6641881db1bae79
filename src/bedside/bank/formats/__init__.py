"""Readers of other programs' question files: bytes in, questions and refusals out; none knows of files to be written."""

from bedside.bank.formats.detection import Detected, detect
from bedside.bank.formats.rows import Question, Reader, Skipped, SourceFile, Taken

__all__ = ["Detected", "Question", "Reader", "Skipped", "SourceFile", "Taken", "detect"]
