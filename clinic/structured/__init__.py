"""What the clinic is, whom it has and what it asks for, in the words of schema.org."""
