"""Ways to a goal over the graph of skills: a plan with time estimates, and the map."""
