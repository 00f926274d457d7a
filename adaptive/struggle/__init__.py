"""When learning does not go on as it should: seeing it, and changing the approach instead of repeating it."""
