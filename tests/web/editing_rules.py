"""The rule editor's pages as a person goes through them."""

from typing import Any

from tests.web.client import ClientRequest, Page, values_of

PATH = "/desk/test-university/rules"


def press(browser: ClientRequest, page: Page, do: str, data: dict[str, Any] | None = None, status: int = 200) -> Page:
    """Fill in the form that has this button and press it."""
    [form] = [
        one
        for one in page.forms()
        if any(e.attrib.get("name") == "do" and e.attrib.get("value") == do for e in one.iter())
    ]
    shown = {e.attrib.get("name") for e in form.iter() if e.attrib.get("name")}
    assert not (unknown := (data or {}).keys() - shown), f"the form shows no field {sorted(unknown)}"
    values = {**values_of(form), **(data or {}), "do": do}
    return browser._open(form.attrib["action"], status, "POST", data=values)


def text_of(page: Page) -> str:
    """The draft that a page carries."""
    return next(e.attrib["value"] for e in page.tree.iter("input") if e.attrib.get("name") == "text")
