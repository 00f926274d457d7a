"""The demo: an invented city of real files that go through the real import, and one credential walked through."""
