"""The files of the repository, as git knows them (or all of them, in a copy without git)."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("credit_bank", "adaptive", "accessibility", "web")
LEFT_OUT = {".git", ".venv", ".tools", "instance", "__pycache__", "build", "dist", "artifacts"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not LEFT_OUT & set(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in found if p.is_file()))


def sources(*packages: str) -> list[Path]:
    """The Python files of those packages (all four unless named)."""
    wanted = packages or PACKAGES
    return [p for p in files() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in wanted]


def name(path: Path) -> str:
    """A file's path inside the repository."""
    return path.relative_to(ROOT).as_posix()
