"""Policies of others, behind a server of openpi's or vla-eval's websocket protocol or a function in Python; and a server of ours."""
