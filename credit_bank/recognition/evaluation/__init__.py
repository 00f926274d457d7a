"""From a learner's outcomes, a programme and published rules to candidates of conversion, each with all its reasons."""
