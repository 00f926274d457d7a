"""What a learner can do: predicting, learning from each answer, remembering, and saying why."""
