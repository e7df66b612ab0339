"""Mail leaves through the queue.

Whoever sends mail uses Django's `send_mail` and friends; `QueuedBackend` turns each recipient's
copy into a job in the transaction of the act. A rolled-back act sends nothing, a slow mail server
delays no page, and a mail that could not be delivered is tried again and then shown as failed.

A job may run twice when its worker dies between delivery and note. Both copies then carry the
same Message-ID, made from the job's id, by which mail systems see that they are one.
"""

import base64
import smtplib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks import TaskContext, task

from kraftsamling.operation.rules import GiveUpError


class QueuedBackend(BaseEmailBackend):
    """Enqueues one job for each recipient, so that one bad address does not hold up the rest."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            content = _to_json(message)
            for recipient in message.recipients():
                send_mail.enqueue(content=content, recipient=recipient)
        return len(email_messages)


@task(takes_context=True)
def send_mail(context: TaskContext, *, content: dict[str, Any], recipient: str) -> None:
    """Deliver one recipient's copy of a message through MAIL_DELIVERY_BACKEND."""
    domain = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = _from_json(content, message_id=f"<{context.task_result.id}@{domain}>")
    message.to, message.cc, message.bcc = [recipient], [], []
    message.connection = get_connection(settings.MAIL_DELIVERY_BACKEND)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        if code >= 500:
            raise GiveUpError(f"The receiving server refused the address ({code}).") from None
        raise


def _to_json(message: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "sender": message.from_email,
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "alternatives": [
            [str(content), kind] for content, kind in getattr(message, "alternatives", None) or ()
        ],
        "attachments": [_attachment_to_json(attachment) for attachment in message.attachments],
    }


def _attachment_to_json(attachment: Any) -> list[str]:
    name, content, kind = attachment  # a MIME part, the other form Django takes, is not used here
    octets = content.encode() if isinstance(content, str) else content
    return [name, base64.b64encode(octets).decode(), kind or "application/octet-stream"]


def _from_json(content: dict[str, Any], *, message_id: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=content["subject"],
        body=content["body"],
        from_email=content["sender"],
        reply_to=content["reply_to"],
        headers={"Message-ID": message_id, **content["headers"]},
    )
    message.content_subtype = content["subtype"]
    for text, kind in content["alternatives"]:
        message.attach_alternative(text, kind)
    for name, octets, kind in content["attachments"]:
        message.attach(name, base64.b64decode(octets), kind)
    return message
