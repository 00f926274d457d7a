"""How a person perceives and operates it."""
