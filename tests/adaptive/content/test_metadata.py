"""What is said of an item's accessibility follows from its forms."""

import json
from dataclasses import replace
from pathlib import Path

from adaptive.content.loading import load_library
from adaptive.content.metadata import derive, describe
from adaptive.content.model import Text
from tests.adaptive.content.folders import sound


def test_text_alone_is_always_enough() -> None:
    plain = derive(["standard"], (), ())
    assert (plain.access_modes, plain.sufficient, plain.hazards) == (("textual",), (("textual",),), ("none",))
    rich = derive(["standard", "easy", "audio", "steps"], (), ("a.svg",))
    assert rich.access_modes == ("textual", "visual", "auditory")
    assert ("textual",) in rich.sufficient
    assert ("auditory",) in rich.sufficient
    assert {"alternativeText", "longDescription", "transcript"} <= set(rich.features)
    assert plain.summary.zh.startswith("有文字版")
    assert rich.summary.en is not None
    assert "easy-read" in rich.summary.en


def test_the_authors_own_words_stand() -> None:
    said = derive(["standard"], (), (), hazards=("sound",), summary=Text("有声音。"))
    assert (said.hazards, said.summary) == (("sound",), Text("有声音。"))


def test_a_learning_resource_as_json_ld(tmp_path: Path) -> None:
    library, _ = load_library(sound(tmp_path / "content").path)
    item, course = library.items["phone-basics/call"], library.courses["phone-basics"]
    described = describe(item, course, address="https://example.org/library/phone-basics/call")
    assert described["@type"] == "LearningResource"
    assert described["accessModeSufficient"] == [
        {"@type": "ItemList", "itemListElement": ["textual"]},
        {"@type": "ItemList", "itemListElement": ["textual", "visual"]},
    ]
    assert (described["name"], described["timeRequired"]) == ("打电话", "PT8M")
    assert (described["dateModified"], described["expires"]) == ("2026-11-20", "2027-11-22")
    assert str(described["digitalSourceType"]).endswith("/TrainedAlgorithmicMediaDigitalSource")
    assert "digitalSourceType" not in describe(item, replace(course, drafting="person"), address="x")
    assert describe(item, course, address="x", locale="en")["name"] == "Make a call"
    json.dumps(described)
