"""Would I pass if I sat today: the model of readiness beside the log, and scores of practice tests from elsewhere."""
