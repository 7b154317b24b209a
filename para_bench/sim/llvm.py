"""Two copies of LLVM in one process: triton's (torch brings it) and the one with which Mesa draws."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from contextlib import suppress
from pathlib import Path

_MAPS = Path("/proc/self/maps")


def load_triton_first() -> None:
    """Load the shared object of an installed triton, before Mesa loads LLVM; without importing it, which takes seconds.

    Mesa adds the symbols of its LLVM to all that is loaded later. A triton that comes after it calls them instead of its own, which
    ends in a segmentation fault in `import torchvision`, `import timm` or `torch.optim`. One that comes first keeps its own: 30 ms,
    70 MB of which most is shared with other processes.
    """
    if sys.platform != "linux" or "triton._C.libtriton" in sys.modules or _llvm_is_loaded():
        return
    try:
        spec = importlib.util.find_spec("triton")
    except ValueError:  # a stand-in without a spec
        return
    for folder in (spec and spec.submodule_search_locations) or ():
        library = Path(folder, "_C", "libtriton.so")
        if library.is_file():
            with suppress(OSError):  # one that cannot be loaded is not imported later either
                ctypes.CDLL(str(library))  # binds every symbol now, and shows none to others


def _llvm_is_loaded() -> bool:
    """Whether Mesa's came first (other code has drawn): loading triton's now would end the process."""
    try:
        return "libLLVM" in _MAPS.read_text()
    except OSError:
        return False
