"""One file that holds all that a clinic would lose: made while people work, checked whole before it is put back.

`writing` makes it and `restoring` puts it back, on SQLite and PostgreSQL alike.
"""
