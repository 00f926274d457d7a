"""What is said of a form's controls: what they are and what they hold, never what a secret field holds."""

from accessibility.reading.document import Node
from accessibility.reading.fragment import Words

CHOICES = ("radio", "checkbox")
BUTTONS = ("submit", "button", "reset", "image")
_MOST_OPTIONS = 12


def kind_of(control: Node) -> str:
    """``radio``, ``checkbox``, ``button``, ``hidden``, ``select``, ``textarea``, ``password``, ``file`` or ``text``."""
    if control.tag in ("select", "textarea"):
        return control.tag
    given = control.get("type").lower()
    if given in BUTTONS:
        return "button"
    return given if given in (*CHOICES, "hidden", "password", "file") else "text"


def said_of(control: Node, labelled: bool, say: Words) -> str:
    """The sentence of a control other than a choice; with its name first where no visible label says it."""
    kind = kind_of(control)
    if kind == "button":
        return say("button", name=control.get("value") or control.get("aria-label") or control.get("alt"))
    name = "" if labelled else (control.get("aria-label") or control.get("placeholder") or control.get("title"))
    begins = say("named", name=name) if name else ""
    if kind == "password":
        return begins + say("secret_filled" if control.has("data-filled") else "secret_empty")
    if kind == "file":
        return begins + say("file")
    if kind == "select":
        return begins + _select(control, say)
    value = control.get("data-value") or (control.text() if kind == "textarea" else control.get("value"))
    return begins + (say("value", value=value.strip()) if value.strip() else say("empty"))


def _select(control: Node, say: Words) -> str:
    options = [node for node in control.walk() if node.tag == "option" and not node.has("disabled")]
    chosen = next((o for o in options if o.has("selected")), options[0] if options else None)
    said = say("chosen", value=chosen.text()) if chosen is not None and chosen.text() else say("none_chosen")
    others = [o.text() for o in options if o is not chosen and o.text()]
    if others and len(options) <= _MOST_OPTIONS:
        return said + say("options", options=say("comma").join(others))
    return said + (say("options_many", count=len(options)) if others else "")


def state_of(choice: Node, say: Words) -> str:
    """Whether a radio button or a box is chosen."""
    return say("is_chosen") if choice.has("checked") else say("is_not_chosen")
