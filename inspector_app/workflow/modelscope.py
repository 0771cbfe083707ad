"""How ModelScope tells of a model's files: another language than the hub's, the same facts.

Source: the list of files at `/api/v1/models/<repository>/repo/files` and the files at
`/models/<repository>/resolve/<revision>/<path>`, as the site's own client asks for them.
"""

from typing import Any
from urllib.parse import quote

from inspector_app.domain.checkpoint import Contents, Part
from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.foreign import parsed_json, whole_number

NAME = "modelscope"
"""What is named as a source instead of the address."""
URL = "https://www.modelscope.cn"
_NEWEST = "master"


def list_address(url: str, *, repository: str, revision: str) -> str:
    """Where a model's files are told."""
    wanted = quote(revision or _NEWEST, safe="")
    return f"{url}/api/v1/models/{repository}/repo/files?Revision={wanted}&Recursive=true"


def contents_of(
    told: bytes | None, *, url: str, repository: str, called: str
) -> tuple[Contents, str]:
    """What the list of files says, and where the files are.

    Args:
        told: The answer, JSON; None where there was none.
        url: Of the site.
        repository: Of the model.
        called: What to call the site to the user.

    Raises:
        ModelTrouble: there is no such model, or the answer is something else.
    """
    try:
        answer: Any = {"Success": False} if told is None else parsed_json(told)
        if answer["Success"]:
            return _found(answer["Data"], url=url, repository=repository)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelTrouble(
            f"{called} answered with something that is no list of files.",
            hint="Try again later, or pull the model from the hub.",
        ) from error
    raise ModelTrouble(
        f'There is no "{repository}" at {called}.', hint="Pull it from the hub or a mirror of it."
    )


def _found(data: Any, *, url: str, repository: str) -> tuple[Contents, str]:
    parts = tuple(
        Part(str(one["Path"]), whole_number(one["Size"]), str(one.get("Sha256") or "").lower())
        for one in data["Files"]
        if one.get("Type") != "tree"
    )
    commit = str((data.get("LatestCommitter") or {}).get("Id") or "")
    if commit and not commit.isalnum():
        raise ValueError("commit")
    files = f"{url}/models/{repository}/resolve/{commit or _NEWEST}"
    return Contents(parts, commit, f"{url}/models/{repository}"), files
