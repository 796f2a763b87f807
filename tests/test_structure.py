"""The plan of the house is a test."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_imports_keep_to_the_contracts() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_module_imports_ours_inside_a_function_but_where_the_design_allows_it() -> None:
    allowed = {"histoviewer/app.py", "histoviewer/inference/opening.py", "model_training/commands.py"}
    found = set()
    for path in [*ROOT.glob("histoviewer/**/*.py"), *ROOT.glob("model_training/**/*.py")]:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith(("histoviewer", "model_training"))
                for node in ast.walk(function)
            ):
                found.add(path.relative_to(ROOT).as_posix())
    assert found <= allowed
