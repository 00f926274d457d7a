"""How a person perceives and operates the bank. Knows nothing of credit_bank, adaptive or Flask."""
