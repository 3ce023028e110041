"""A clinic made of drawn words, as large as wished and the same each time: its record holds, as if staff had worked."""
