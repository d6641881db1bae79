"""The session of a day and the weeks ahead."""
