"""An installed copy has every file that a checkout has."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("credit_bank", "adaptive", "accessibility", "web")
LEFT_OUT = {"README.md", "LICENSE-NOTES.md"}


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}
    for name in [*wanted, "pyproject.toml", "README.md", "LICENSE"]:
        target = tmp_path / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    build = "import setuptools.build_meta as b; b.build_wheel('../wheel')"
    (tmp_path / "wheel").mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", build], cwd=tmp_path / "source", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    [wheel] = (tmp_path / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert sorted(name for name in wanted - held if Path(name).name not in LEFT_OUT) == []
