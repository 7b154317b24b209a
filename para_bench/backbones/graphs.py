"""A frozen backbone as an ONNX graph: exported once, checked against PyTorch, then read from a file of the cache.

An export takes 6 CPU seconds, so worker processes share its file: 32 bytes, the SHA-256 of the rest, then the graph.
"""

from __future__ import annotations

import hashlib
import logging
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from para_bench.backbones.base import Backbone
from para_bench.backbones.runtimes import PACKAGES, UnfitError
from para_bench.backbones.weights import weights_hash
from para_bench.files import write_bytes
from para_bench.provenance import closure
from para_bench.threads import flushes
from para_bench.types import content_hash

INPUT = "images"
TOLERANCE = 1e-5
"""Largest difference of a map from PyTorch's, relative to the map's largest value; float32 rounding over 50 layers stays near 2e-6."""
_DIGEST_BYTES = 32

logger = logging.getLogger(__name__)


class _Maps(nn.Module):
    """What PyTorch computes from normalised images, as a plain tuple: the maps, then the summary where there is one."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        maps, summary = Backbone._levels(self.backbone, images)
        return (*maps, *(() if summary is None else (summary,)))


def graph_of(backbone: Backbone, folder: Path) -> bytes:
    """The graph of a frozen backbone, from any number of normalised images to its maps, then its summary where there is one.

    Processes may ask at once: each exports where there is no file yet, and each file is whole.

    Args:
        backbone: Its batch norm is folded away.
        folder: Folder of graphs in the cache.

    Raises:
        UnfitError: it cannot be exported, or the graph gives other features.
        ParaBenchError: the folder cannot be written.
    """
    made_by = [version(name) for name in ("torch", "timm", *PACKAGES)]
    model = type(backbone.model).__module__
    code = closure((__name__, *((model,) if model.startswith("para_bench.") else ())))
    key = content_hash([weights_hash(backbone.model), backbone.name, backbone._side, made_by, code])
    path = folder / f"{key}.graph"
    if (found := _read(path)) is not None:
        return found
    graph = _export(backbone)
    _check(backbone, graph)
    write_bytes(path, hashlib.sha256(graph).digest() + graph)
    return graph


def open_graph(graph: bytes, threads: int, spins: bool) -> Any:
    """An `onnxruntime.InferenceSession` on the CPU.

    Args:
        graph: As `graph_of` gives it.
        threads: Number of threads that compute one call.
        spins: Whether threads without work spin instead of sleeping.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spins)))
    options.log_severity_level = 3  # errors alone
    flushed = flushes()
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    torch.set_flush_denormal(flushed)  # the first session of a process turns it off, and a training would take eight times as long
    return session


def _read(path: Path) -> bytes | None:
    """The graph of a file; None where there is none, or (with a warning) where it is damaged."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        logger.warning("%s cannot be read (%s); it is exported again", path, error.strerror)
        return None
    digest, graph = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(graph).digest() != digest:
        logger.warning("%s is damaged; it is exported again", path)
        return None
    return graph


def _export(backbone: Backbone) -> bytes:
    two = torch.zeros(2, 3, backbone._side, backbone._side, device=backbone.mean.device)  # an exporter takes a batch of one for a constant
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of the exporter about itself
            found = torch.onnx.export(
                _Maps(backbone).eval(),
                (two,),
                input_names=[INPUT],
                dynamic_shapes={INPUT: {0: torch.export.Dim("batch")}},
                dynamo=True,  # the older exporter leaves sums of paddings in the graph, a quarter slower
                verbose=False,
            )
        assert found is not None, "it was given no file"
        return found.model_proto.SerializeToString()
    except MemoryError:
        raise
    except Exception as error:  # exporter, its passes and its packages each have their own
        raise UnfitError(f"{backbone.name} cannot be exported to ONNX ({type(error).__name__}: {_line(error)})") from error


def _check(backbone: Backbone, graph: bytes) -> None:
    """Raises UnfitError where the features of fixed noise images differ from PyTorch's, in a batch of one or of three."""
    images = torch.randn(3, 3, backbone._side, backbone._side, generator=torch.Generator().manual_seed(0))  # any image will do
    session, eager = open_graph(graph, torch.get_num_threads(), spins=False), _Maps(backbone)
    for batch in (images[:1], images):
        with torch.inference_mode():
            expected = eager(batch.to(backbone.mean.device))
        found = session.run(None, {INPUT: batch.numpy()})
        if [level.shape for level in found] != [tuple(level.shape) for level in expected]:
            raise UnfitError(f"the ONNX graph of {backbone.name} gives maps of other shapes than PyTorch")
        for ours, theirs in zip(found, expected, strict=True):
            reference = theirs.cpu().numpy()
            difference = float(np.abs(ours - reference).max() / max(float(np.abs(reference).max()), 1e-30))
            if not difference <= TOLERANCE:
                raise UnfitError(f"the ONNX graph of {backbone.name} differs from PyTorch by {difference:.1e}; allowed: {TOLERANCE:g}")


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
