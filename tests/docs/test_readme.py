"""What the READMEs show is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def transcripts(name: str) -> list[tuple[str, str]]:
    """The commands of a README's console blocks, each with the output shown below it."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    return [(match[1], match[2]) for block in blocks for match in re.finditer(r"\$ (.*)\n((?:(?!\$ ).*\n)*)", block)]


@pytest.mark.parametrize("name", READMES)
def test_a_readmes_transcript_is_what_the_command_prints(name: str) -> None:
    found = transcripts(name)
    assert found
    for command, shown in found:
        words = shlex.split(command)
        assert words[0] == "python"
        done = subprocess.run([sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stdout == shown
        assert done.returncode == 0


def test_the_changed_bundle_fails_at_the_signature() -> None:
    [(command, _)] = transcripts("README.md")
    words = shlex.split(command.replace("bundle.json", "bundle-changed.json"))
    done = subprocess.run([sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert [line[2] for line in done.stdout.splitlines() if line.startswith("✗")] == ["3"]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_the_two_commands_and_fits_two_screens(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text
    assert text.count("\n") <= 90


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []
