"""The description of the interface names each schema by its class: two of one name would be described as one."""

from __future__ import annotations

import inspect
import pkgutil
from collections import defaultdict
from importlib import import_module

from pydantic import BaseModel

from bedside.site import api


def test_every_schema_has_a_name_of_its_own() -> None:
    modules: defaultdict[str, set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        for name, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, BaseModel) and kind.__module__ == module.name:
                modules[name].add(module.name)
    assert len(modules) > 30
    assert {name: where for name, where in modules.items() if len(where) > 1} == {}
