"""Accessibility of an item, derived from the forms that are there, and its description as schema.org JSON-LD.

Terms: "Schema.org Accessibility Properties for Discoverability Vocabulary" (W3C Community Group).
"""

from collections.abc import Collection, Sequence

from adaptive.content.model import Accessibility, Course, FormKind, Item, Question, Text
from adaptive.sentences import sentence

_FEATURES_OF_TEXT = ("structuralNavigation", "displayTransformability", "readingOrder")


def derive(
    forms: Collection[FormKind],
    questions: Sequence[Question],
    pictures: Sequence[str],
    *,
    hazards: tuple[str, ...] = (),
    summary: Text | None = None,
    signed: bool = False,
) -> Accessibility:
    """What can be said of an item from its forms alone; ``hazards`` and ``summary`` are the author's own words.

    ``signed``: there is a video in sign language beside them.

    Every picture has its text (a fault otherwise), so text alone is always enough.
    """
    spoken = "audio" in forms
    heard = any(question.kind == "listen" for question in questions)
    modes = ("textual", *(("visual",) if pictures else ()), *(("auditory",) if spoken or heard else ()))
    sufficient: list[tuple[str, ...]] = [("textual",)]
    if pictures:
        sufficient.append(("textual", "visual"))
    if spoken:
        sufficient.append(("auditory",))
    features = [*_FEATURES_OF_TEXT]
    if pictures:
        features += ["alternativeText", "longDescription"]
    if spoken or heard:
        features.append("transcript")
    if signed:
        features.append("signLanguage")
    return Accessibility(
        access_modes=modes,
        sufficient=tuple(sufficient),
        features=tuple(features),
        hazards=hazards or ("none",),
        summary=summary or _summary(forms, bool(pictures), heard),
    )


def _summary(forms: Collection[FormKind], pictures: bool, heard: bool) -> Text:
    said = ["text", *(kind for kind in ("easy", "audio", "steps") if kind in forms)]
    if pictures:
        said.append("pictures")
    if heard:
        said.append("listen")
    said.append("untimed")
    zh = "".join(sentence(f"word.accessibility.{part}", "zh-CN") for part in said)
    return Text(zh, " ".join(sentence(f"word.accessibility.{part}", "en") for part in said))


def describe(item: Item, course: Course, *, address: str, locale: str = "zh-CN") -> dict[str, object]:
    """An item as a schema.org LearningResource (JSON-LD), for the page at ``address``."""
    access = item.accessibility
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "@id": address,
        "url": address,
        "name": item.title.in_language(locale),
        "inLanguage": sorted({form.lang for form in item.forms.values()}),
        "isPartOf": {"@type": "Course", "name": course.title.in_language(locale)},
        "learningResourceType": "lesson",
        "timeRequired": f"PT{item.minutes}M",
        "teaches": list(item.skills),
        "license": course.licence,
        "author": {"@type": "Organization", "name": course.author},
        "dateModified": course.reviewed.isoformat(),
        "isAccessibleForFree": True,
        "accessMode": list(access.access_modes),
        "accessModeSufficient": [
            {"@type": "ItemList", "itemListElement": list(modes)} for modes in access.sufficient
        ],
        "accessibilityFeature": list(access.features),
        "accessibilityHazard": list(access.hazards),
        "accessibilitySummary": access.summary.in_language(locale),
    }  # fmt: skip
    if item.recheck is not None:
        described["expires"] = item.recheck.isoformat()
    if item.sources:
        described["citation"] = [_citation(source.title, source.publisher, source.url) for source in item.sources]
    if course.drafting != "person":
        described["digitalSourceType"] = (
            "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
            if course.drafting == "ai"
            else "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
        )
    return described


def _citation(title: str, publisher: str | None, url: str | None) -> dict[str, object]:
    cited: dict[str, object] = {"@type": "CreativeWork", "name": title}
    if publisher:
        cited["publisher"] = {"@type": "Organization", "name": publisher}
    if url:
        cited["url"] = url
    return cited
