"""Torch tools that every model family shares.

May import `domain`, `plugins`, `paths`, numpy, Pillow, torch and transformers; never Qt, a
plug-in or another room beside it. What stands here knows nothing of a particular family:

- `cards` and `checkpoint`: what lies in a model folder, what is refused, and why;
- `devices`: where the weights go, and in which precision;
- `pictures`: from a View to the network's input, with the exact geometry; `album`: which
  Views went through the tower already;
- `cache`, `probe`, `network`: the language model with a memory: a prompt pays only for the
  tokens that the one before it did not share, attention is read one row at a time;
- `decoding`, `gradients`, `reading`: what a Reading promises, built on these three;
  `together`: two answers in the same forwards;
- `packing`, `lockstep`: several pictures in the same forwards: jobs in threads of their own wait
  for each other wherever they want one, and each does what it would do alone;
- `few_rows`: linear layers that are quick for single words on a CPU.

There are no plug-ins here. A new family goes to `families/`.
"""
