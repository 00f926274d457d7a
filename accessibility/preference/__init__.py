"""What a person prefers to see and touch, and what follows from it for a page. Pure: values in, values out."""
