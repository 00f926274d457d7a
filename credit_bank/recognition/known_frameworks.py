"""Frameworks that are used elsewhere, as published, from which a level map is begun (rules R1, R2).

This bank keeps no account in any of them: what comes from there is read in its own framework
(``credit_bank.recognition.foreign``).
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from credit_bank.recognition.framework import EVERGREEN, Framework, Level


@cache
def known_frameworks() -> Mapping[str, Framework]:
    """The published frameworks by id; the file beside this module names the source of each."""
    text = resources.files(__package__).joinpath("known_frameworks.toml").read_text("utf-8")
    return {entry["id"]: _framework(entry) for entry in tomllib.loads(text)["framework"]}


def _framework(entry: dict[str, Any]) -> Framework:
    words = entry.get("words", {"zh": {}, "en": {}})
    most = entry.get("hours_per_credit_most")
    return Framework(
        id=entry["id"],
        name_zh=entry["name_zh"],
        name_en=entry["name_en"],
        steps_per_credit=EVERGREEN.steps_per_credit,
        hours_per_credit=Fraction(entry["hours_per_credit"]),
        hour_kind=entry["hour_kind"],
        levels=tuple(
            Level(
                code,
                int(Decimal(code) * 10),
                f"{code} 级" + (f"（{words['zh'][code]}）" if code in words["zh"] else ""),
                f"Level {code}" + (f" ({words['en'][code]})" if code in words["en"] else ""),
            )
            for code in entry["levels"]
        ),
        hours_per_credit_most=None if most is None else Fraction(most),
    )
