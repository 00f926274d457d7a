"""Modules and functions that a person can read at a sitting, under names that say what is in them."""

import ast

from tests.architecture.repository import name, sources

MODULE_LINES = 360
FUNCTION_LINES = 50  # without the docstring
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools"}
GENERATED = "web/migrations/versions/"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    docstring = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        docstring = (first.end_lineno or 0) - first.lineno + 1
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_module_is_long() -> None:
    lengths = {name(p): len(p.read_text("utf-8").splitlines()) for p in sources() if GENERATED not in name(p)}
    assert {n: lines for n, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_long() -> None:
    long = {}
    for path in sources():
        if GENERATED in name(path):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > FUNCTION_LINES:
                long[f"{name(path)}:{node.name}"] = _length(node)
    assert long == {}


def test_no_module_has_a_vague_name() -> None:
    assert [name(p) for p in sources() if p.stem in VAGUE or p.parent.name in VAGUE] == []


def test_every_module_and_every_public_function_of_the_libraries_says_what_it_is() -> None:
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        if path.read_text("utf-8").strip() and not ast.get_docstring(tree) and GENERATED not in name(path):
            silent.append(name(path))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and name(path).startswith(("credit_bank", "adaptive", "accessibility")):
                assert isinstance(node, ast.FunctionDef | ast.ClassDef)
                if not ast.get_docstring(node):
                    silent.append(f"{name(path)}:{node.name}")
    assert silent == []
