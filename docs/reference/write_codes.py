"""Write docs/reference/codes.md from the sentences of the library: ``python docs/reference/write_codes.py``."""

from pathlib import Path

from web.libraries import catalogue

TITLES = {
    "error": "Errors",
    "check": "Findings of checks",
    "fault": "Faults of learning content",
    "reason": "Reasons of a choice",
    "term": "Parts of a prediction",
    "next": "What to do next",
    "finding": "Findings of the rules of conversion",
    "lint": "What stands against publishing rules",
    "rulefile": "Problems of files of rules, programmes and frameworks",
    "row": "Problems and notices of rows",
    "verdict": "Verdicts",
    "word": "Words for codes among the parameters",
}


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Codes",
        "",
        "Errors, findings and row problems carry a stable code; what a person reads is its sentence, in Chinese and",
        "English. `{name}` is a parameter. Written by `python docs/reference/write_codes.py`.",
        "",
    ]
    groups: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for key, texts in sorted(catalogue().items()):
        group, _, code = key.partition(".")
        groups.setdefault(group, []).append((code, texts))
    for group, entries in groups.items():
        lines += [f"## {TITLES.get(group, group)}", "", "| code | 中文 | English |", "|---|---|---|"]
        for code, texts in entries:
            shown = [texts.get(side, "").replace("|", "\\|").replace("\n", " ") for side in ("zh", "en")]
            lines.append(f"| `{code}` | {shown[0]} | {shown[1]} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    (Path(__file__).parent / "codes.md").write_text(page(), "utf-8")
