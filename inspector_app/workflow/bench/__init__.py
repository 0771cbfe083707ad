"""Measurements: what `inspector bench` prints, each a ratio in one run with its machine named.

Nothing outside this folder imports from it, except the commands and the studies of the window.
"""
