"""Making the embedded model: synthetic scenes, its network, its training, its samples.

May import torch, transformers, numpy, OpenCV, Pillow and `domain`; never Qt. `embedded.train`
is the way in: a generator that reports every step and goes on where it was stopped.
"""
