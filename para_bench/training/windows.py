"""What a training reads: windows over cached features, or over cached images where the backbone is trained too."""

from __future__ import annotations

from para_bench.backbones.base import Backbone
from para_bench.backbones.runtimes import runtime_of
from para_bench.data.augmentation import Augmentation
from para_bench.data.cache import cache_root
from para_bench.data.dataset import Windows, make_windows
from para_bench.data.features import cached_features
from para_bench.data.images import cached_depths, cached_images
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.frames import FrameImages
from para_bench.provenance import closure, versions
from para_bench.training.modules import backbone_modules
from para_bench.types import content_hash


def windows(
    found: Demonstrations, backbone: Backbone, augmentation: Augmentation, seed: int, progress: bool = True, depth: bool = False
) -> Windows:
    """Training windows over cached features, or over cached images where the backbone is to be trained; with depth maps on request."""
    spec, cache = backbone.spec, cache_root()
    images = FrameImages(found, spec.image_size, augmentation, seed)
    if backbone.frozen:
        modules = backbone_modules(backbone.name, runtime_of(spec.backbone))
        # `spec` names the backbone's weights, not the code and the packages that run them.
        key = content_hash([images.key, closure((cached_features.__module__, *modules)), versions()])
        inputs = cached_features(spec, backbone.extract, images, len(images), key, cache, progress=progress)
    else:
        inputs = [cached_images(images, len(images), spec.image_size, images.key, cache, progress)]
    depths = cached_depths(images.depths, len(images), images.key, cache, progress) if depth else None
    return make_windows(found, [images.camera(sample) for sample in range(len(images))], images.samples.frame, inputs, depths)
