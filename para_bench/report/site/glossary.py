"""What reasons of failure mean, for the tables that name them."""

from __future__ import annotations

REASONS = {
    "wrong_place": "the jaw closed more than 15 mm beside the object",
    "wrong_height": "the jaw closed more than 12 mm too high or too low",
    "wrong_yaw": "the jaw closed turned by more than 40 deg",
    "never_closed": "the jaw never closed",
    "not_grasped": "the jaw closed at the right place and held nothing",
    "not_lifted": "the object was grasped and not lifted",
    "dropped": "the object fell out of the jaw",
    "misplaced": "the object was lifted, and let go beside its target",
    "wrong_turn": "the object was let go over its target, turned too far",
    "not_released": "the object was lifted and never let go",
    "undone": "the object was in its place and left it before the end",
    "unreachable": "a waypoint was out of the arm's reach",
    "no_contact": "the sponge never touched what it should wipe",
    "missed": "too little was wiped",
    "not_raised": "all was wiped, and the sponge was not raised at the end",
}
"""By reason code; codes of other tasks have no words here."""
