"""The picture and what lies on it: pyramid, heat, boxes, regions, findings and measurements.

What is seen of a picture is made ready for the screen in the thread of `feeding.Feeder`; until
it is there, the last good piece is shown. Items paint in the Frame's own pixels, so the scene
needs no arithmetic of its own. Paint code never raises: what cannot be drawn is left out.
"""
