"""Policies of others: behind a server that speaks openpi's or vla-eval's websocket protocol, or a function in Python; and a server of ours."""
