"""Parts of a page that follow from an edition alone: made once in a process, since an edition never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# A few hundred pages of guides, each with a few parts of some kilobytes.
MOST_KEPT = 2000

_kept: OrderedDict[tuple[object, ...], SafeString] = OrderedDict()
_lock = Lock()


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept key %}…{% endkept %}`: show what is inside, as it was made the first time for this key and language.

    `key`: everything that the inside shows, mostly a tuple, and further values behind it; or None where it is to be
    made anew.
    """
    _, *names = token.split_contents()
    if not names:
        raise template.TemplateSyntaxError("Write {% kept key %}.")
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(inside, [parser.compile_filter(name) for name in names])


class Kept(template.Node):
    """A block whose text is kept by what it was made of, the last ones used."""

    def __init__(self, nodelist: NodeList, names: Sequence[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.names = names

    def render(self, context: template.Context) -> SafeString:
        on = tuple(name.resolve(context) for name in self.names)
        if not on[0]:
            return self.nodelist.render(context)
        # The node is part of it: each block has texts of its own, and a changed template has other nodes.
        key = (self, get_language(), on)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        text = self.nodelist.render(context)
        with _lock:
            _kept[key] = text
            if len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return text
