"""What the adaptive library keeps: tables and functions on a session. Everything here may flush; nothing commits.

What belongs to a learner is keyed (learner, id), names no other library's row by a foreign key, and can be shown,
exported and erased as a whole (``adaptive.store.personal_data``).
"""
