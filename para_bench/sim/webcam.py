"""What a webcam does to a picture after it is taken. The policy is not told, and nothing but the picture changes.

| kind | amount | source |
|---|---|---|
| `noise` | standard deviation of Gaussian noise, pixels in [0, 1] | ImageNet-C `gaussian_noise` |
| `blur` | radius of the disk of defocus [px at a height of REFERENCE_PX] | ImageNet-C `defocus_blur`, its alias blur aside |
| `jpeg` | quality of libjpeg, 1 to 95 | ImageNet-C `jpeg_compression` |
| `exposure` | stops: linear light times 2^amount | Afifi et al. 2021 (arXiv:2003.11596) |
| `white_balance` | colour temperature [K] of the light that a camera set to NEUTRAL_K sees | Afifi & Brown 2019 (arXiv:1912.06960) |
| `lens_distortion` | k1 of Brown (1971) and Conrady (1919), below 0 a barrel | Zhang 2000 (IEEE PAMI 22:1330) |

ImageNet-C is Hendrycks & Dietterich 2019 (arXiv:1903.12261), whose severities are for 224 x 224 pictures, the size of ours: they are
taken over as they are. Pictures of another size get the same blur as a share of their height; noise and JPEG are a matter of single
pixels and stay.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage, signal

from para_bench.types import Camera, Corruption, ParaBenchError

LENS = "lens_distortion"
REFERENCE_PX = 224
"""Height of the pictures for which ImageNet-C states its severities."""
NEUTRAL_K = 6500.0
"""Close to sRGB's white, in which our rooms are drawn."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear sRGB (IEC 61966-2-1)."""
_SRGB_FROM_XYZ = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
_SUPERSAMPLED = 8
"""Points a pixel side over which the edge of the disk of defocus is averaged."""


def corrupted(image: np.ndarray, corruption: Corruption, rng: np.random.Generator) -> np.ndarray:
    """What comes out of the webcam, (H, W, 3) uint8 as `image`; of all kinds but lens distortion, which needs a wider picture.

    `rng` is read by `noise` alone.
    """
    return _KINDS[corruption.kind](image, corruption.amount, rng)


def margin_px(camera: Camera, k1: float) -> int:
    """Pixels by which a picture has to be wider on each side so that the lens shows nothing from beyond it.

    Raises:
        ParaBenchError: the lens folds the picture: two points of the scene would fall on one pixel.
    """
    corner = float(np.hypot(camera.width, camera.height)) / 2 / camera.intrinsics[0, 0]
    if k1 < 0 and corner >= (most := 2 / 3 / np.sqrt(-3 * k1)):
        raise ParaBenchError(
            f"lens_distortion {k1:g} folds a picture whose corner is {corner:.3f} focal lengths from its middle; allowed: below {most:.3f}"
        )
    stretch = float(_undistorted(np.array([corner]), k1)[0]) / corner
    return max(0, int(np.ceil((stretch - 1) * max(camera.width, camera.height) / 2))) + 1


def distorted(wide: np.ndarray, camera: Camera, k1: float) -> np.ndarray:
    """The picture (H, W, 3) of `camera` through a lens, bilinear, out of one that is `margin_px` wider on each side."""
    margin, focal = (wide.shape[0] - camera.height) // 2, camera.intrinsics[0, 0]
    y, x = np.mgrid[: camera.height, : camera.width].astype(float)
    x, y = x + 0.5 - camera.width / 2, y + 0.5 - camera.height / 2
    radius = np.hypot(x, y) / focal
    stretch = np.divide(_undistorted(radius, k1), radius, out=np.ones_like(radius), where=radius > 0)
    rows, columns = (stretch * z + half - 0.5 + margin for z, half in ((y, camera.height / 2), (x, camera.width / 2)))
    channels = [ndimage.map_coordinates(wide[..., c].astype(float), [rows, columns], order=1, mode="nearest") for c in range(3)]
    return _bytes(np.stack(channels, axis=-1) / 255)


def _undistorted(radius: np.ndarray, k1: float) -> np.ndarray:
    """Where without the lens a point at `radius` [focal lengths] would lie: r with r (1 + k1 r^2) = radius, by Newton's method."""
    found = radius.copy()
    for _ in range(30):
        found -= (found * (1 + k1 * found**2) - radius) / (1 + 3 * k1 * found**2)
    return found


def _noise(image: np.ndarray, deviation: float, rng: np.random.Generator) -> np.ndarray:
    return _bytes(image / 255 + deviation * rng.standard_normal(image.shape))


def _blur(image: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    kernel = _disk(radius * image.shape[0] / REFERENCE_PX)
    reach = kernel.shape[0] // 2
    around = np.pad(image / 255, ((reach, reach), (reach, reach), (0, 0)), mode="reflect")
    return _bytes(signal.fftconvolve(around, kernel[..., None], mode="valid", axes=(0, 1)))


def _disk(radius: float) -> np.ndarray:
    """A disk of `radius` [px], its edge pixels weighted by their share in it, sum 1. Shape odd x odd."""
    reach, n = int(np.ceil(radius + 0.5)), _SUPERSAMPLED
    fine = (np.arange((2 * reach + 1) * n) + 0.5) / n - (reach + 0.5)
    inside = np.hypot(fine[:, None], fine) <= max(radius, 0.5)
    kernel = inside.reshape(2 * reach + 1, n, 2 * reach + 1, n).mean(axis=(1, 3))
    return kernel / kernel.sum()


def _jpeg(image: np.ndarray, quality: float, rng: np.random.Generator) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=round(quality))
    return np.array(Image.open(buffer))


def _exposure(image: np.ndarray, stops: float, rng: np.random.Generator) -> np.ndarray:
    return _bytes(_encoded(_linear(image) * 2.0**stops))


def _white_balance(image: np.ndarray, kelvin: float, rng: np.random.Generator) -> np.ndarray:
    gains = _light(kelvin) / _light(NEUTRAL_K)
    return _bytes(_encoded(_linear(image) * gains / (gains @ _LUMINANCE)))  # a grey keeps its luminance


def _light(kelvin: float) -> np.ndarray:
    """A black body's light in linear sRGB (3,), luminance 1: cubic fits of Kim et al. 2002 (J. Korean Phys. Soc. 41:865)."""
    t = 1000 / kelvin
    x = np.polyval((-0.2661239, -0.2343580, 0.8776956, 0.179910) if kelvin <= 4000 else (-3.0258469, 2.1070379, 0.2226347, 0.240390), t)
    if kelvin <= 2222:
        y = np.polyval((-1.1063814, -1.34811020, 2.18555832, -0.20219683), x)
    elif kelvin <= 4000:
        y = np.polyval((-0.9549476, -1.37418593, 2.09137015, -0.16748867), x)
    else:
        y = np.polyval((3.0817580, -5.87338670, 3.75112997, -0.37001483), x)
    return np.maximum(_SRGB_FROM_XYZ @ [x / y, 1.0, (1 - x - y) / y], 0.0)


def _linear(image: np.ndarray) -> np.ndarray:
    """Linear light of sRGB values."""
    value = image / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encoded(light: np.ndarray) -> np.ndarray:
    """sRGB values in [0, 1] of linear light, which saturates at 1."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def _bytes(value: np.ndarray) -> np.ndarray:
    return np.round(255 * np.clip(value, 0, 1)).astype(np.uint8)


_KINDS: dict[str, Callable[[np.ndarray, float, np.random.Generator], np.ndarray]] = {
    "noise": _noise,
    "blur": _blur,
    "jpeg": _jpeg,
    "exposure": _exposure,
    "white_balance": _white_balance,
}
