"""Answer patterns for people: `*` is any run of letters, `?` any one letter.

No regular expressions: one unlucky pattern would take hours on one unlucky answer. These
take at most (length of pattern) x (length of text) steps.
"""


def fits(text: str, pattern: str) -> bool:
    """Whether the whole text is as the pattern says; both are compared as they stand."""
    at = where = 0
    star, mark = -1, 0
    while at < len(text):
        # A star is a wildcard even where the text holds a star too.
        if where < len(pattern) and pattern[where] == "*":
            star, mark = where, at
            where += 1
        elif where < len(pattern) and pattern[where] in ("?", text[at]):
            at += 1
            where += 1
        elif star >= 0:
            mark += 1
            at, where = mark, star + 1
        else:
            return False
    return pattern[where:].strip("*") == ""
