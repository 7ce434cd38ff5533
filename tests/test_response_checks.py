"""A test that gets a response which no OpenAPI document describes fails, and says what it got."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
TEST = """
from chassis.testing import response_checks
from chassis.testing.openapi import Exchange

def test_that_asks():
    response_checks.answers_for("booking", 1)
    asked = Exchange("GET", "/series/preview", 200, "application/json", b"{}")
    response_checks.check("http://127.0.0.1:1/series/preview", asked)
"""


def test_what_a_test_gets_and_no_document_describes_fails_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((REPOSITORY / "conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-c", "pytest.ini", "--rootdir", "."]
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {REPOSITORY}\n")
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    said = "GET /series/preview: 200 with 'application/json' from an operation that is not documented"
    assert said in ran.stdout
    assert "1 failed" in ran.stdout
