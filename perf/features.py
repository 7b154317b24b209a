"""CPU time of an image's features by PyTorch and by ONNX Runtime, beside the sum of the backbone's convolutions alone.

    python perf/features.py --repeats 9 --json features.json

One thread; all rows run in turn, and the least of the repeats counts, so that other work on the machine shifts all alike. The limit takes
each convolution of the folded model by itself, with the shapes that it has for one image: no activation, no sum, nothing between two
layers. The fastest of these counts: oneDNN (through PyTorch) in its own blocked layout with its weights packed before, oneDNN in the
layout `channels_last`, ONNX Runtime, and for a convolution of 1 x 1 px the product of matrices that it is. Libraries called for one layer
pay for each call; so all convolutions one after another in ONNX Runtime, activations taken out, are one more candidate for the limit.
`GEMM` is what the same multiplications and additions take at the rate of one large product, which few channels never reach.
"""

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import tyro
from clock import cpu_s
from torch import Tensor, nn

from para_bench.backbones.base import Backbone
from para_bench.backbones.graphs import _export, open_graph
from para_bench.files import write_json
from para_bench.training.frozen import frozen_backbone

GEMM_SIDE = 768
Call = Callable[[], Any]


@dataclass(frozen=True)
class Args:
    backbone: str = "efficientnet_lite0"
    image_size: int = 224
    batches: tuple[int, ...] = (1, 2, 4, 8)
    repeats: int = 9
    json: Path | None = None
    """Where the figures go."""


def main(args: Args) -> None:
    torch.set_num_threads(1)
    with torch.inference_mode():
        _main(args)


def _main(args: Args) -> None:
    runtimes = {runtime: frozen_backbone(args.backbone, args.image_size, runtime=runtime) for runtime in ("torch", "onnxruntime")}
    images = torch.rand(max(args.batches), 3, args.image_size, args.image_size, generator=torch.Generator().manual_seed(0))
    layers = convolutions(runtimes["torch"])
    calls: dict[Any, Call] = {}
    for name, backbone in runtimes.items():
        for batch in args.batches:  # `_forward` takes them all at once, whatever the chunk
            calls[name, batch] = lambda backbone=backbone, batch=batch: backbone._forward(images[:batch])
    for index, (convolution, shape) in enumerate(layers):
        for kernel, call in kernels(convolution, torch.rand(shape)).items():
            calls["convolution", index, kernel] = call
    calls["chain"] = chain(runtimes["torch"], images[:1])
    a, b = torch.rand(2, GEMM_SIDE, GEMM_SIDE)
    calls["GEMM"] = lambda: a @ b
    least = measured(calls, args.repeats)

    flops = sum(2 * c.weight[0].numel() * c(torch.zeros(shape)).numel() for c, shape in layers)
    fastest = [min(seconds for key, seconds in least.items() if key[:2] == ("convolution", index)) for index in range(len(layers))]
    one_by_one_ms, chain_ms = 1e3 * sum(fastest), 1e3 * least["chain"]
    limit_ms, gemm_ms = min(one_by_one_ms, chain_ms), 1e3 * least["GEMM"] * flops / (2 * GEMM_SIDE**3)
    rows: list[dict[str, Any]] = []
    for name in runtimes:
        for batch in args.batches:
            ms = 1e3 * least[name, batch] / batch
            rows.append({"runtime": name, "images": batch, "ms": ms, "of_limit": ms / limit_ms, "of_gemm": ms / gemm_ms})
    print(f"{args.backbone}, {args.image_size} px, one thread, least of {args.repeats} repeats")
    print(f"{'':14}{'at once':>8}{'ms/image':>10}{'/ limit':>9}{'/ GEMM':>9}")
    for row in rows:
        print(f"{row['runtime']:14}{row['images']:8}{row['ms']:10.2f}{row['of_limit']:9.2f}{row['of_gemm']:9.2f}")
    print(f"{len(layers)} convolutions, each by its fastest library {one_by_one_ms:.2f} ms, chained {chain_ms:.2f} ms")
    print(f"GEMM {gemm_ms:.2f} ms for {flops / 1e9:.2f} GFLOP")
    maps = [runtimes[name](images) for name in runtimes]
    difference = max(float((one - two).abs().max() / one.abs().max()) for one, two in zip(maps[0].maps, maps[1].maps, strict=True))
    speed_up = {batch: least["torch", batch] / least["onnxruntime", batch] for batch in args.batches}
    print("torch / onnxruntime: " + ", ".join(f"{ratio:.2f} ({batch} at once)" for batch, ratio in speed_up.items()))
    print(f"largest difference of a map, relative to its largest value: {difference:.1e}")
    if args.json:
        found = {"limit_ms": limit_ms, "one_by_one_ms": one_by_one_ms, "chain_ms": chain_ms, "gemm_ms": gemm_ms}
        found |= {"gflop": flops / 1e9, "difference": difference}
        write_json(args.json, {"backbone": args.backbone, "image_px": args.image_size, "repeats": args.repeats, "rows": rows, **found})


def convolutions(backbone: Backbone) -> list[tuple[nn.Conv2d, tuple[int, ...]]]:
    """Each convolution of a forward pass of one image, with the shape of its input; padding is its input's where the layer pads itself."""
    found: list[tuple[nn.Conv2d, tuple[int, ...]]] = []
    handles = [
        module.register_forward_hook(lambda module, inputs, output: found.append(_plain(module, inputs[0], output)))
        for module in backbone.modules()
        if isinstance(module, nn.Conv2d)
    ]
    backbone(torch.zeros(1, 3, backbone.image_size, backbone.image_size))
    for handle in handles:
        handle.remove()
    return found


def _plain(module: nn.Conv2d, given: Tensor, output: Tensor) -> tuple[nn.Conv2d, tuple[int, ...]]:
    """The same multiplications as a plain layer that does not pad: what timm's layers add around an image counts as input."""
    stride, kernel = module.stride, module.kernel_size
    sides = [(output.shape[2 + axis] - 1) * stride[axis] + kernel[axis] for axis in range(2)]
    plain = nn.Conv2d(module.in_channels, module.out_channels, kernel, stride, groups=module.groups, bias=module.bias is not None)
    return plain.requires_grad_(False), (len(given), module.in_channels, *sides)


def kernels(convolution: nn.Conv2d, given: Tensor) -> dict[str, Call]:
    """The same convolution by each library."""
    last = given.contiguous(memory_format=torch.channels_last)
    found: dict[str, Call] = {"oneDNN, channels last": lambda: nn.functional.conv2d(last, *weights)}
    weights = (
        convolution.weight.contiguous(memory_format=torch.channels_last),
        convolution.bias,
        convolution.stride,
        convolution.padding,
        convolution.dilation,
        convolution.groups,
    )
    if convolution.kernel_size == convolution.stride == (1, 1) and convolution.groups == 1:
        matrix = convolution.weight.flatten(1)
        columns, rows = given[0].flatten(1), last.permute(0, 2, 3, 1).flatten(0, 2)
        found["product of matrices"] = lambda: matrix @ columns
        found["product of matrices, channels last"] = lambda: rows @ matrix.T
    if torch.backends.mkldnn.is_available():
        from torch.utils.mkldnn import to_mkldnn

        packed = to_mkldnn(convolution)
        blocked = given.to_mkldnn()
        blocked = packed(blocked) if packed(blocked).shape == blocked.shape else blocked  # in the layout that a layer before leaves
        found["oneDNN, blocked"] = lambda: packed(blocked)
    graph = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode(False):
        warnings.simplefilter("ignore")
        torch.onnx.export(convolution, (given.clone(),), graph, input_names=["images"], dynamo=False)  # one layer: the older one is enough
    session, array = open_graph(graph.getvalue(), 1, spins=False), given.numpy()
    found["ONNX Runtime"] = lambda: session.run(None, {"images": array})
    return found


def chain(backbone: Backbone, images: Tensor) -> Call:
    """All convolutions one after another in ONNX Runtime, which then converts no layout between them."""
    bare = copy.deepcopy(backbone)
    for name, module in list(bare.named_modules()):
        if name and not isinstance(module, nn.Conv2d) and not list(module.children()):
            bare.set_submodule(name, nn.Identity())
    session = open_graph(_export(bare), 1, spins=False)
    array = torch.rand(1, 3, backbone._side, backbone._side).numpy()
    return lambda: session.run(None, {"images": array})


def measured(calls: dict[Any, Call], repeats: int) -> dict[Any, float]:
    """CPU seconds of each, the least of the repeats, after one that does not count."""
    least = dict.fromkeys(calls, float("inf"))
    for repeat in range(repeats + 1):
        for key, call in calls.items():
            seconds = cpu_s(call)
            if repeat:
                least[key] = min(least[key], seconds)
    return least


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
