"""The window worked by script: for benches, and where nobody sits before a screen.

    walk    inspects by itself, as the demonstration does
    stroll  pans, zooms, windows and draws, and notes how soon that is seen
    leap    goes through pictures that were inspected ahead

May import all of `gui`; nothing of `gui` imports this.
"""
