"""The picture and what lies on it: pyramid, heat, boxes and the rectangle drawn by hand.

Items paint in the Frame's own pixels, so the scene needs no arithmetic of its own. Paint code
never raises: what cannot be drawn is left out.
"""
