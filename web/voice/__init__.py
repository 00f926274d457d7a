"""Speech in, at the edge: what a page says of itself, what each intent does there, and who recognises it."""
