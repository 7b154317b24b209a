"""para-bench: action heads of robot policies, tested where the camera, the objects and the room are not those of the training."""

import os
import sys
from importlib.util import find_spec

# A notebook's shell sets MPLBACKEND to a backend that only its kernel may have: `import matplotlib` then fails. Our figures are files.
_canvas = os.environ.get("MPLBACKEND", "")
if _canvas.startswith("module://") and "matplotlib" not in sys.modules and not find_spec(_canvas[9:].split(".")[0] or "_"):
    os.environ["MPLBACKEND"] = "agg"
