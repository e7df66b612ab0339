"""Django's tags for translated texts; what has no translation is marked as Swedish.

The module takes the place of Django's library of the same name, in every template.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags import i18n

from kraftsamling.web.untranslated import between_signs, is_untranslated

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class _Marking(template.Node):
    """Writes what another node writes, between signs where that is Swedish for want of better.

    Not where the text goes into a variable, which may be compared or measured, and not outside a
    page: a mail has no markup.
    """

    def __init__(self, node: Any) -> None:
        self.node = node

    def render(self, context: Context) -> Any:
        text = self.node.render(context)
        if not text or self.node.asvar or "request" not in context:
            return text
        return between_signs(text) if self._lacks_words(context) else text

    def _lacks_words(self, context: Context) -> bool:
        said_in = self.node.message_context
        where = str(said_in.resolve(context)) if said_in else ""
        if isinstance(self.node, i18n.TranslateNode):
            source = self.node.filter_expression.var.literal
            return source is not None and is_untranslated(str(source), context=where)
        singular, _ = self.node.render_token_list(self.node.singular)
        plural = self.node.render_token_list(self.node.plural)[0] if self.node.plural else ""
        return is_untranslated(singular, context=where, plural=plural)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> _Marking:
    return _Marking(i18n.do_translate(parser, token))


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> _Marking:
    return _Marking(i18n.do_block_translate(parser, token))
