"""Forms, one module per topic; their base, sentences and the date field stand in ``base.py``."""
