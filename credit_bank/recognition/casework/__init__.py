"""Casework: what kinds of case there are, how each moves, who may move it, and by when. Pure (rules R23 to R28)."""
