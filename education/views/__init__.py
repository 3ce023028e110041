"""Public pages of education. Each is the same for everyone, sets no cookie and reads the record alone."""
