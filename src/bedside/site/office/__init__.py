"""The office: the proctor's view, accommodations, people and their roles, and the audit log."""
