"""Grey windows on the command line."""

import pytest

from inspector_app import cli
from inspector_app.domain.errors import WrongUse
from tests.workflow.conftest import write_picture


def test_windows_of_a_picture_of_8_bits_are_wrong_use(tmp_path):
    picture = write_picture(tmp_path / "plain.png")

    with pytest.raises(WrongUse, match="8 bits") as refusal:
        cli.run(["ask", picture, "-q", "Is there a crack?", "--window", "lung", "--quiet"])

    assert refusal.value.exit_code == 2
    assert refusal.value.hint
