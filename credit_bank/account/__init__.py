"""A learner's credits in double entry: amounts, postings, journals that balance, lots, balances. Pure."""
