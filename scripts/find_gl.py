"""Print which library MuJoCo can draw with when there is no display: `egl` or `osmesa`. Exit with 1 when there is none.

Needs nothing but the standard library, so it runs before anything is installed, in some hundredths of a second.
"""

import ctypes
import os

EGL_PLATFORM_DEVICE_EXT = 0x313F  # EGL_EXT_platform_device, the one way MuJoCo opens a display


def egl_starts() -> bool:
    """Tell whether one of EGL's devices can be initialised, as MuJoCo will do."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:
        return False
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    query_address = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    display_address = egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
    if not query_address or not display_address:
        return False
    query_devices = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(query_address)
    get_display = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p)(display_address)
    egl.eglInitialize.argtypes = [ctypes.c_void_p] * 3

    devices = (ctypes.c_void_p * 16)()
    count = ctypes.c_int()
    if not query_devices(len(devices), devices, ctypes.byref(count)):
        return False
    displays = (get_display(EGL_PLATFORM_DEVICE_EXT, device, None) for device in devices[: count.value])
    return any(display and egl.eglInitialize(display, None, None) for display in displays)


def osmesa_loads() -> bool:
    """Tell whether an OSMesa library is there under one of the names that it has had."""
    for name in ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


if __name__ == "__main__":
    found = "egl" if egl_starts() else "osmesa" if osmesa_loads() else None
    print(found, flush=True)
    os._exit(found is None)  # no clean-up: some drivers crash in theirs, and that would read as "none"
