"""A page fetched as its reader would see it, and cut into parts of some minutes each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, current_app, request

from accessibility.reading.document import parse
from accessibility.reading.plan import Planned

NOT_READ = ("/read-aloud", "/api/", "/static/", "/speech/")
"""Paths of what is no page, or reads pages itself."""
LONGEST_PART = 800  # characters, five minutes at the slower pace
_IN_PARAGRAPH, _AFTER_PARAGRAPH = 0.3, 0.6
# What decides what a page shows; nothing else of the reader's request is handed on.
_HANDED_ON = ("Cookie", "Accept-Language", "User-Agent")


@dataclass(frozen=True, slots=True)
class Part:
    """Some minutes of a page: its sentences, by paragraph for showing them."""

    sentences: tuple[Planned, ...]

    @property
    def paragraphs(self) -> list[list[Planned]]:
        """The sentences by paragraph."""
        found: list[list[Planned]] = []
        for one in self.sentences:
            if found and found[-1][-1].block == one.block:
                found[-1].append(one)
            else:
                found.append([one])
        return found

    @property
    def pauses(self) -> list[float]:
        """Seconds of silence after each sentence: more where a paragraph ends."""
        following = [*self.sentences[1:], None]
        return [
            _IN_PARAGRAPH if after is not None and after.block == one.block else _AFTER_PARAGRAPH
            for one, after in zip(self.sentences, following, strict=True)
        ]

    @property
    def characters(self) -> int:
        """How long it is."""
        return sum(len(one.text) for one in self.sentences)


def parts(sentences: Sequence[Planned]) -> list[Part]:
    """The sentences in parts of at most ``LONGEST_PART`` characters, cut between paragraphs where one ends in time."""
    found: list[list[Planned]] = [[]]
    length = 0
    for n, one in enumerate(sentences):
        heading = one.kind == "heading" and (n == 0 or sentences[n - 1].block != one.block)
        full = length + len(one.text) > LONGEST_PART or (heading and length > LONGEST_PART * 2 // 3)
        if full and found[-1]:
            found.append([])
            length = 0
        found[-1].append(one)
        length += len(one.text)
    return [Part(tuple(some)) for some in found if some]


def fetched(path: str) -> str:
    """The HTML of one of our own pages with this reader's cookies and permissions.

    Asked for as HEAD, which opens nothing and records nothing; answers 404 for what is no page or leads elsewhere.
    """
    headers = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
    environ = {"REMOTE_ADDR": request.environ.get("REMOTE_ADDR", ""), "wsgi.url_scheme": request.scheme}
    context = current_app.test_request_context(
        path, method="HEAD", base_url=request.host_url, headers=headers, environ_overrides=environ
    )
    with current_app.app_context(), context:  # a request of its own: its transaction and its ``g`` are not ours
        if context.request.path.startswith(NOT_READ):  # an address may have said it by %72
            abort(404)
        response = current_app.full_dispatch_request()
        response.direct_passthrough = False
        if response.mimetype != "text/html" or 300 <= response.status_code < 400:
            abort(404)
        return response.get_data(as_text=True)


def title_of(html: str) -> str:
    """The page's heading, or nothing."""
    return next((node.text() for node in parse(html).walk() if node.tag == "h1"), "")
