"""Choosing what comes next, in which form and for how long, with a reason for everything."""
