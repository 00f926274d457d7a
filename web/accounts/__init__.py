"""People, their secrets, sessions, roles and consents. Knows the credit bank's institutions and learners only by id."""
