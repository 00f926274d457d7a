"""What is kept of how a person gets on with the pages, and of what they said to changes. Flushes, never commits."""
