"""What was learned, kept as a log of reviews; what of it is due today; and the queue in which it is asked. Page `/study`."""
