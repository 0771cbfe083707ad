"""Where to look closer: one strategy a module, each a plug-in.

May import numpy, `imaging` and `domain`; never another strategy, a model, a file or a widget.
A new strategy is one new module here with these names:

    TITLE     what it does, for people, in a word or two
    NEEDS     what it does with the model: "ask" (about parts; every model can), "attend",
              "backpropagate"; empty where nothing is searched
    propose(frame, question, options, *, look)
              a generator of `Step`s that returns the regions, best first, and the map they
              were read from or None

and, where they apply:

    BUDGET    most questions about parts that it asks where the options name no other number
    GATE      the gate that holds where the options name none

A strategy asks only `look`; it never meets a model. Returning no region is an answer too:
nothing stands out, or the picture is too small for a crop to show more.
"""
