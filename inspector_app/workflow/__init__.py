"""The order of the rooms: the only place that tells a story, one generator a job.

May import every room below and torch; never Qt, `gui`, `app` or `cli`. Each `yield` is progress
and a place where the job can be stopped; the return value is what the request promises.
"""
