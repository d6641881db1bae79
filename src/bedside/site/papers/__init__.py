"""The papers of the road to a residency: a private checklist, letters, experience, and statements draft by draft."""
