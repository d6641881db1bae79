"""People, their profile and their tokens. The pages `/me`, `/welcome` and `/login/` stand in `views.py` and `urls.py`."""
