"""`./packwalk test --coverage` counts lines and branches; without it nothing is counted."""

import pytest

from launcher import tests_run, verbs


@pytest.mark.parametrize(("words", "counted"), [(["--coverage", "-k", "series"], True), (["-k", "series"], False)])
def test_branches_are_counted_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, words: list[str], counted: bool
) -> None:
    commands: list[list[str]] = []

    def test(arguments: list[str], *, coverage: bool) -> int:
        commands.append(tests_run._pytest(arguments, coverage=coverage))
        return 0

    monkeypatch.setattr(tests_run, "test", test)
    assert verbs.main(["test", *words]) == 0
    [command] = commands
    assert command[-2:] == ["-k", "series"]
    assert ("--cov-branch" in command) is counted
