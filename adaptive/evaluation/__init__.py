"""Measuring: predictions, choices and fairness, on logs and on simulated learners."""
