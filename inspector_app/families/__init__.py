"""Plug-ins, one model family a file.

May import `runtime`, `imaging`, `domain`, `plugins`, `paths`, torch and transformers; never
Qt, another room, or another family.

A plug-in must define:

- `TITLE`: what people call the family;
- `load(folder, *, device, precision) -> VisionModel` (see `domain/ports.py`): the checkpoint
  in `folder`, which has a `card.toml` whose `family` is the plug-in's file name.

A family that loads checkpoints defines besides, so that a card can say what memory one needs
before it is here:

- `picture_tokens(config, *, card) -> int`: most tokens that one picture takes in a prompt, from
  the config of transformers and the card alone.

A family whose vision tower takes pictures of one size may define besides:

- `export_tower(model, *, folder, tell) -> Tower`: export it for ONNX Runtime and measure it;
- `with_tower(model, *, choice) -> VisionModel`: the model with its tower run as chosen.

To add a family: write `families/<name>.py` with the first three. Use `runtime` for everything that
is not particular to it: `runtime.checkpoint` to look at the folder and load the weights,
`runtime.local` for the model and what is checked of every checkpoint, `runtime.network` and
`runtime.reading` for prefix, rows, gradients and answers. What remains is how pictures become
tokens (`runtime.local.LocalEyes`) and which architectures are allowed. Of a `Picture` the
runtime wants to know its features, which of its tokens are cells of the grid, how its tokens
count as positions, and what is added to them in the layers, if anything is.

Then add a tiny checkpoint with random weights and its plain definition to `tests/fakes`, and
both to `tests/families/conftest.py`: the tests that every family passes then run for it.
"""
