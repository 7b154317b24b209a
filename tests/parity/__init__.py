"""Our `act` and `diffusion` beside lerobot's policies, on the same demonstrations (docs/PARITY.md).

Two environments run this: para-bench's own, and one with lerobot. Only `dump` is read by both; it needs numpy alone.
"""
