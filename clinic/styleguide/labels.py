"""What the examples of a component are called."""

SHORT = "Short"
LONG = "Long"
MISSING = "With nothing that may be missing"
RIGHT_TO_LEFT = "Right to left"
