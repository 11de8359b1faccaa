"""The README's examples run as they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_example_runs(code: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_typescript_example_runs_and_has_no_type_errors(tmp_path: Path) -> None:
    (code,) = blocks("ts")
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "gem-node").symlink_to(ROOT)
    (modules / "@types").symlink_to(ROOT / "node_modules" / "@types")
    (tmp_path / "example.mts").write_text(code)
    options = {"module": "nodenext", "target": "es2023", "strict": True, "skipLibCheck": True}
    options |= {"types": ["node"], "outDir": "out", "rootDir": "."}
    config = {"compilerOptions": options, "files": ["example.mts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    tsc = str(ROOT / "node_modules" / ".bin" / "tsc")
    compiled = subprocess.run([tsc, "-p", "."], cwd=tmp_path, capture_output=True, text=True)
    assert compiled.returncode == 0, compiled.stdout
    done = subprocess.run(
        ["node", "out/example.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("64")


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
