# mujoco's classes and functions live in a compiled module without type information: pyright takes every name as Any.
from typing import Any

def __getattr__(name: str) -> Any: ...
