"""A guide as a folder of files: read and checked whole, so that an error names file, line and what was expected.

The folder holds `guide.toml` (table `guide`), `library.toml` (tables `sources`, `terms`, `images`), `reasons.toml`
(table `reasons`), one Markdown file a page in the order of their names, each with front matter in TOML between two
lines `+++`, and the picture files that `images` names. Standard library only; nothing of the database is known here.
"""

from education.guide_files.facts import (
    FENCE,
    GUIDE_FILE,
    LIBRARY_FILE,
    REASONS_FILE,
    RECORD_FILE,
    GuideFiles,
    Key,
    MalformedFile,
    PageFile,
    Row,
    Tables,
)
from education.guide_files.reading import read_guide, read_page, read_tables
from education.guide_files.writing import page_text, toml_text, write_folder

__all__ = [
    "FENCE", "GUIDE_FILE", "LIBRARY_FILE", "REASONS_FILE", "RECORD_FILE", "GuideFiles", "Key", "MalformedFile",
    "PageFile", "Row", "Tables", "page_text", "read_guide", "read_page", "read_tables", "toml_text", "write_folder",
]  # fmt: skip
