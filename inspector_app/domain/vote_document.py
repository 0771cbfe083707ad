"""A vote of views as plain JSON values; it follows from the answers and is never read back."""

from typing import Any

from inspector_app.domain.fusion import Vote


def vote_document(vote: Vote) -> dict[str, Any]:
    """What several views come to, and who said something else."""
    return {
        "text": vote.winner.text,
        "share": vote.share,
        "unanimous": vote.is_unanimous,
        "voices": [{"view": voice.whose, "weight": voice.weight} for voice in vote.voices],
        "against": [voice.whose for voice in vote.against],
    }
