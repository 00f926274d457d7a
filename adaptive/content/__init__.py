"""Learning content: courses, items in several forms, questions and the graph of skills. Pure; reads folders of data."""
