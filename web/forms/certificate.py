"""Making a certificate: which link its QR code leads to."""

from wtforms import RadioField

from web.forms.base import Form, label

NEW = "new"


class CertificateForm(Form):
    """An open link that shows the name, or a new one that lasts until it is withdrawn."""

    link = RadioField(label("certificate.form.link"), default=NEW)
