"""What touches the credit bank and people at once; no Flask."""
