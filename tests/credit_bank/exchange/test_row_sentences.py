"""Every code that an import can give has its sentences, and they name only what the code brings."""

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

SOURCES = {
    f.name: f.read_text("utf-8") for f in (files("credit_bank") / "exchange").iterdir() if f.name.endswith(".py")
}
CATALOGUE = tomllib.loads((files("credit_bank") / "sentences" / "row.toml").read_text("utf-8"))
IDENTITY = (
    "resident_id_malformed",
    "resident_id_birth_date",
    "resident_id_check_digit",
    "passport_malformed",
    "permanent_residence_malformed",
)
NOTICES = {
    "columns_unused",
    "fault_in_unused_column",
    "title_packed",
    "credits_zero",
    "credits_variable",
    "description_blank",
    "text_entities",
    "text_invisible",
    "subject_alike",
    "hour_kind_assumed",
    "hours_not_taken",
    "name_absent",
}


def quoted_words() -> set[str]:
    return {w for text in SOURCES.values() for w in re.findall(r'"([a-z][a-z_.]+[a-z])"', text)}


def test_every_refusal_of_a_file_has_its_sentence() -> None:
    used = {w.removeprefix("table.") for w in quoted_words() if re.fullmatch(r"table\.[a-z_]+", w)}
    assert used == set(CATALOGUE["error"]["table"])


def test_every_row_code_has_its_sentence_and_what_to_do() -> None:
    rows = set(CATALOGUE["row"]) - {"report", "template"}
    assert set(CATALOGUE["next"]["row"]) == rows - NOTICES
    unused = rows - quoted_words() - set(IDENTITY)
    assert unused == set(), "sentences that no code gives"


@pytest.mark.parametrize("section", ["error", "row", "next"])
def test_both_languages_name_the_same_parameters(section: str) -> None:
    def entries(table: dict[str, Any]) -> list[dict[str, str]]:
        own = [table] if "zh" in table else []
        return own + [e for v in table.values() if isinstance(v, dict) for e in entries(v)]

    found = entries(CATALOGUE[section])
    assert len(found) > 20
    for entry in found:
        names = [set(re.findall(r"(?<!\{)\{([a-z]+)\}", entry[language])) for language in ("zh", "en")]
        assert names[0] == names[1], entry
