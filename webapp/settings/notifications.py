"""The settings of what is sent to staff, and when."""

from pydantic import Field
from pydantic_settings import BaseSettings

from webapp.settings.checks import Hours, MailAddress, MailServer, Webhook, WebhookSecret


class Notifications(BaseSettings):
    """From where, by what way and at which hours staff are told what waits."""

    mail_from: MailAddress = Field(
        default="", description="The address that mails to staff come from; needed to send any."
    )
    smtp_url: MailServer = Field(
        default=None,
        description="The mail server for mails to staff: smtp://user:password@host:587, or "
        "smtps://…:465. Always with TLS, but on this machine or with ?tls=no. Default: no mails.",
    )
    webhook_secret: WebhookSecret = Field(
        default=None,
        description="What webhooks are signed with: whsec_ and 24 to 64 bytes in base64.",
    )
    webhook_url: Webhook = Field(
        default=None,
        description="Where the digest for staff is posted to as well, signed. Default: nowhere.",
    )
    notify_hours: Hours = Field(
        default=(8, 18),
        description="The full hours, in the show's time zone, at which staff are told what waits, "
        "with commas. Empty: never.",
    )
