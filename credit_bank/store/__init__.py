"""The only code of the library that knows the database.

Functions here take a session, read or write rows, and flush; they never commit. Hot paths use SQLAlchemy Core on the
tables, the rest the SQLModel classes. What an institution owns is keyed (institution, id); what a learner holds is
keyed (learner, id); reference tables are plain. No foreign key leaves this library.
"""
