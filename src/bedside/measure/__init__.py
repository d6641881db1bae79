"""Psychometrics: responses, calibration, scores, readiness, fairness, misconduct. NumPy in, plain dataclasses out.

It stands alone: nothing here knows the database, the web, a clock, or chance that is not passed in.

Its names are in `__init__.pyi` beside this file. Each is read when it is first asked for: a page that asks whether somebody
would pass needs neither the reader of tables nor the tests of misconduct, which cost two seconds and twice the memory.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
