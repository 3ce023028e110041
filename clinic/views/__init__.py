"""Public pages of clinic, and the pages that help when something went wrong."""
