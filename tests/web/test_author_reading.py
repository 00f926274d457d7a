"""The author sees how hard each form is to read, by the measure of the check, and which words make it so."""

from pathlib import Path

import pytest

from adaptive.content.loading import read_folders
from tests.web.desks import Desk
from tests.web.learners import LIBRARY
from web.accounts.roles import Role
from web.settings import Settings
from web.views.author.reading import measured


@pytest.fixture
def app_settings(app_settings: Settings) -> Settings:
    return app_settings.model_copy(update={"content_dir": LIBRARY})


def test_every_form_stands_there_with_its_measure(app: object) -> None:
    desk = Desk(app)  # type: ignore[arg-type]
    author = desk.at(desk.admitted("college", courses=0), Role.REVIEWER)
    course = author.get("/author/college/courses/kitchen-safety")
    page = author.get(course.link("好不好懂"))
    assert len([heading for heading in page.texts(".//section/h2") if " · " in heading]) == 6
    assert "量出来" in page.text


def test_a_hard_word_is_marked_and_a_form_beyond_its_label_told(tmp_path: Path) -> None:
    item = next(iter(read_folders(LIBRARY).library.items.values()))
    form = item.forms["easy"]
    harder = type(form)(
        **{**{f: getattr(form, f) for f in form.__slots__}, "body": "镊子夹住坩埚，不要囫囵吞枣。\n\n关火。"}
    )
    found = measured(item, "easy", harder)
    assert not found.fits
    assert ("坩埚", True) in found.sentences[0].pieces and ("囫囵吞枣", True) in found.sentences[0].pieces
    assert "".join(text for text, _ in found.sentences[0].pieces) == "镊子夹住坩埚，不要囫囵吞枣。"


def test_english_words_of_many_syllables_are_marked() -> None:
    item = next(iter(read_folders(LIBRARY).library.items.values()))
    form = item.forms["standard"]
    body = "Authorities undertake comprehensive evaluations of methodologies in numerous districts every year."
    harder = type(form)(**{**{f: getattr(form, f) for f in form.__slots__}, "body": body, "lang": "en"})
    found = measured(item, "standard", harder)
    assert not found.fits and ("evaluations", True) in found.sentences[0].pieces
