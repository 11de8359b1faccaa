"""`run_python`: a program in, what it wrote out."""

from __future__ import annotations

import inspect

import pytest

from gem.errors import InvalidOptionError
from gem.utils.sandbox import run_python


def test_its_parameters_are_upstreams() -> None:
    assert list(inspect.signature(run_python).parameters) == [
        "code",
        "sandbox_type",
        "stdin",
        "timeout",
    ]


@pytest.mark.parametrize("sandbox_type", ["auto", "rlimit", "none"])
def test_a_program_writes_to_both_streams(sandbox_type: str) -> None:
    code = "import sys\nprint('out')\nsys.stderr.write(' err \\n')"
    assert run_python(code, sandbox_type) == (True, "out\n", "err")


def test_a_program_reads_its_input_and_never_the_callers() -> None:
    assert run_python("print(input() * 2)", stdin="ab\n") == (True, "abab\n", "")
    success, stdout, stderr = run_python("print(input())")
    assert (success, stdout) == (False, "")
    assert "EOFError" in stderr


def test_a_failed_program_keeps_what_it_wrote() -> None:
    success, stdout, stderr = run_python("print(1)\n1/0", "auto")
    assert (success, stdout) == (False, "1\n")
    assert stderr.endswith("ZeroDivisionError: division by zero")


def test_names_of_the_usual_imports_are_found() -> None:
    assert run_python("print(sqrt(9), Counter('aab')['a'])") == (True, "3.0 2\n", "")


def test_the_time_limit_is_the_one_that_was_asked_for() -> None:
    success, stdout, stderr = run_python("print(1, flush=True)\nwhile True: pass", timeout=0.5)
    assert (success, stdout) == (False, "")
    assert "0.5 seconds" in stderr


def test_without_a_sandbox_dangerous_code_is_refused() -> None:
    success, stdout, stderr = run_python("import subprocess", "none")
    assert (success, stdout) == (False, "")
    assert stderr != ""
    assert run_python("import subprocess", "auto")[0]


def test_a_wrong_sandbox_or_time_is_an_error() -> None:
    with pytest.raises(InvalidOptionError, match="sandbox_type"):
        run_python("1", "jail")
    with pytest.raises(InvalidOptionError, match="timeout"):
        run_python("1", timeout=0)
