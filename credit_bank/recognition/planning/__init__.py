"""The best use of a learner's outcomes under limits, found exactly."""
