"""In which widths a picture is kept, so that a phone is not sent what only a wide screen can show."""

from collections.abc import Iterable

# In points. A page shows a picture 432 pixels wide at most when it stands alone, and sharp screens take two points for
# each. No picture is kept wider than the last.
WIDTHS = (480, 960, 1600)

# How wide the stylesheet lets a picture be, for a browser that chooses a file before it has laid the page out: alone,
# and within a text. Two rem are the margins of a narrow phone.
ALONE = "(min-width: 30rem) 27rem, calc(100vw - 2rem)"
WITHIN_TEXT = "(min-width: 44rem) 40rem, calc(100vw - 2rem)"


def smaller_widths(own: int, widths: Iterable[int] = WIDTHS) -> tuple[int, ...]:
    """Return the widths of the files that are made beside a picture of this width: those that are less."""
    return tuple(width for width in widths if width < own)
