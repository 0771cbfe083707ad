"""Running the `inspector` command in this process and looking at how it ended."""

from dataclasses import dataclass

from inspector_app.__main__ import main


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Exit code.
        out: Everything on stdout.
        err: Everything on stderr.
    """

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line on stderr."""
        return self.err.strip().splitlines()[-1]

    def refused(self, code: int, *words: str) -> str:
        """Check that this is a refusal fit for a user; returns its sentence."""
        assert self.code == code, (self.code, self.out, self.err)
        assert self.out == ""
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.last, self.err
        assert self.last.endswith(".")
        assert len(self.last) < 600
        return self.last


def run(capfd, *arguments) -> Ended:
    """Run `inspector` with these arguments."""
    capfd.readouterr()
    code = main([str(argument) for argument in arguments])
    told = capfd.readouterr()
    return Ended(code, told.out, told.err)
