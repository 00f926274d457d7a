"""Pure: numbers that identify people, institutions and accounts, and their check digits."""
