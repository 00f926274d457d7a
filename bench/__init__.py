"""Benchmarks: each one command, each prints ratios measured in one run against a peer or the raw limit."""
