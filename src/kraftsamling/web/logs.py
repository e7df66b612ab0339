"""What the logs keep of a request: one line for a refusal, and never a secret from its address."""

import logging
import re

# What follows these prefixes opens a door by itself: a link that signs in, or lets join.
_SECRETS = re.compile(r"(/(?:account/(?:invitation|link|email/confirm)|demo/enter)/)[^\s\"'<>]+")


def without_secrets(text: str) -> str:
    """The text with every link that opens a door cut off before its secret."""
    return _SECRETS.sub(r"\1…", text)


class ShortRequests(logging.Filter):
    """Cuts secrets from every line, and the traceback from an answer of 4xx.

    A refusal is not a fault of the program: which address, and which answer, says it all. Never
    drops a record.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        short = without_secrets(text)
        if short != text:
            record.msg, record.args = short, ()
        status = getattr(record, "status_code", 500)
        if record.name.startswith("django.") and 400 <= status < 500:
            record.exc_info, record.exc_text = None, None
        return True
