"""Where to look closer: one strategy a module, each a plug-in.

May import numpy, `imaging` and `domain`; never another strategy, a model, a file or a widget.
A new strategy is one new module here with these names:

    TITLE     what it does, for people, in a word or two
    NEEDS     what the model must be able to do: "attend", "backpropagate", both or neither
    propose(frame, question, options, *, look)
              a generator of `Step`s that returns the regions, best first, and the map they
              were read from or None

A strategy asks only `look`; it never meets a model. Returning no region is an answer too:
nothing stands out, or the picture is too small for a crop to show more.
"""
