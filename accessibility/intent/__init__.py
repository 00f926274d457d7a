"""What a person can say: intents, their phrases, and how an utterance is understood."""
