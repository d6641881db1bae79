"""Patient cases on the site: chosen, played, ended. Pages `/cases` and `/cases/<run>`."""
