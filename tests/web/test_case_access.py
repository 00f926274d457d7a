"""Who opens a case: those with a part in it, while what it rests on changes."""

import pytest
from flask import Flask

from tests.web import scenes
from tests.web.desks import Desk
from tests.web.scenes import Scene
from tests.web.test_cases import applied, of, recognised, say, state


@pytest.fixture
def scene(app: Flask) -> Scene:
    return scenes.make(Desk(app))


def converted(scene: Scene) -> str:
    """An application, granted by two people of the university."""
    recognised(scene)
    case = applied(scene)
    for word in ("agree", "approve"):
        say(scene.staff(scene.university), "test-university", case, say=word)
    return case


def test_a_suspension_is_read_where_the_case_is_and_gives_the_awarder_no_sight_of_it(scene: Scene) -> None:
    case = converted(scene)
    college = scene.staff(scene.college)
    college.get(f"/desk/test-college/cases/{case}", status=404)
    asked = college.get(f"/desk/test-college/outcomes/{scene.outcome}/suspend")
    college.submit(asked, {"reason": "成绩要再核一遍"})
    assert state(scene, case) == "impaired"
    for page in (
        scene.learner.get(f"/cases/{case}"),
        scene.staff(scene.university).get(f"/desk/test-university/cases/{case}"),
    ):
        assert "依据的证书被暂停" in page.text
    college.get(f"/desk/test-college/cases/{case}", status=404)
    back = college.get(f"/desk/test-college/outcomes/{scene.outcome}/reinstate")
    college.submit(back, {"reason": "核过了，没有错"})
    assert state(scene, case) == "approved"
    assert "依据的证书恢复有效" in scene.learner.get(f"/cases/{case}").text


def test_files_are_opened_by_bodies_with_a_part_only(scene: Scene) -> None:
    page = scene.learner.get("/cases/recognise")
    case = of(scene.learner.submit(page, {"outcome": str(scene.outcome), "statement": "请看附件"}))
    scene.staff(scene.college).get(f"/desk/test-college/cases/{case}")
    scene.staff(scene.centre).get(f"/desk/the-centre/cases/{case}")  # the second review will be there
    scene.staff(scene.university).get(f"/desk/test-university/cases/{case}", status=404)
