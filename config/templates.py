"""Templates as they are sent: what indents them for whoever writes them stays in the file."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

_INDENT = re.compile(r"\n[ \t]+")
# A line of tags and comments that show nothing themselves would leave an empty one. The line before it ends where it
# did, so words that stand apart go on doing so.
_SHOWS_NOTHING = "if|elif|else|endif|for|empty|endfor|with|endwith|load|block|endblock|kept|endkept"
_SILENT = (
    rf"\{{% *(?:{_SHOWS_NOTHING})\b[^%\n]*%\}}|\{{\#[^\n]*?\#\}}|\{{% *comment *%\}}(?s:.*?)\{{% *endcomment *%\}}"
)
_SILENT_LINE = re.compile(rf"^((?:{_SILENT})+)\n", re.MULTILINE)
# The screens of staff hold examples in which spaces count, and nobody reads them over a poor connection.
_FOR_STAFF = "admin/"


class Loader(FilesystemLoader):
    """Loads pages for the public without the spaces that begin their lines, and without lines that show nothing.

    They would be sent each time.
    """

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        name = str(origin.template_name)
        if not name.endswith(".html") or name.startswith(_FOR_STAFF):
            return contents
        return _SILENT_LINE.sub(r"\1", _INDENT.sub("\n", contents))
