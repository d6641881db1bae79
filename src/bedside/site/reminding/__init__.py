"""Reminders that are off until asked for: a calendar feed of the plan and the exam, and one line a day by e-mail."""
