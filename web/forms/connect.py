"""What an administrator says about a platform or a tool."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from web.forms.base import Form, Required, label

ADDRESS = 500


class PlatformForm(Form):
    """A platform whose people may open our library, as its own administration page shows it."""

    name = StringField(label("connect.name.label"), validators=[Required(), Length(max=60)])
    issuer = StringField(label("connect.issuer.label"), validators=[Required(), Length(max=ADDRESS)])
    client_id = StringField(label("connect.client_id.label"), validators=[Required(), Length(max=255)])
    deployments = StringField(label("connect.deployments.label"), validators=[Required(), Length(max=ADDRESS)])
    auth_url = StringField(label("connect.auth_url.label"), validators=[Required(), Length(max=ADDRESS)])
    token_url = StringField(label("connect.token_url.label"), validators=[Required(), Length(max=ADDRESS)])
    jwks_url = StringField(label("connect.jwks_url.label"), validators=[Required(), Length(max=ADDRESS)])


class ToolForm(Form):
    """A tool that our learners may open."""

    name = StringField(label("connect.name.label"), validators=[Required(), Length(max=60)])
    purpose = StringField(label("connect.purpose.label"), validators=[Required(), Length(max=200)])
    login_url = StringField(label("connect.login_url.label"), validators=[Required(), Length(max=ADDRESS)])
    launch_urls = TextAreaField(label("connect.launch_urls.label"), validators=[Required(), Length(max=4 * ADDRESS)])
    jwks_url = StringField(label("connect.jwks_url.label"), validators=[Required(), Length(max=ADDRESS)])
