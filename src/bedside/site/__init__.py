"""The Django shell: rows, actions, queries, pages and the API."""
