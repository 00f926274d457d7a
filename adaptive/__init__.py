"""What to learn next, and why: the adaptive learning library. Knows nothing of credit_bank, accessibility or Flask."""
