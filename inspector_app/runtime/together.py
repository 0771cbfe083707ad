"""Two answers that grow in the same forwards, over one cache.

A word costs one walk through all weights, and a second word in the same walk next to
nothing. So an answer on the whole picture that was only begun goes on beside the answer on
picture and enlarged parts: the cache holds what both prompts begin with, then the rest of
the longer prompt, a copy of the rest of the other one, and behind these the words of both as
they come. A mask keeps each from seeing what belongs to the other alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from inspector_app.runtime.cache import PromptCache, Tail
from inspector_app.runtime.decoding import Draft, Spoken
from inspector_app.runtime.network import Inputs, Network, Prompt
from inspector_app.runtime.probe import Probe, mask_of

# Whose a token in the cache is: everyone's, the longer prompt's, the guest's, or nobody's,
# such as a word of a draft that was not said.
_SHARED, _MAIN, _GUEST, _NOBODY = range(4)


@dataclass(slots=True, eq=False)
class Growing:
    """An answer on its way.

    Attributes:
        prompt: Without the answer.
        spoken: The answer so far.
        draft: What may come next.
        longest: Most words of the answer.
    """

    prompt: Prompt
    spoken: Spoken
    draft: Draft
    longest: int

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be said."""
        return self.spoken.has_ended or len(self.spoken.ids) >= self.longest

    @property
    def read(self) -> int:
        """Tokens that a forward need not have a result for: all but the last one."""
        return len(self.prompt.ids) + len(self.spoken.ids) - 1

    def tried(self) -> tuple[int, ...]:
        """Words of the draft for the next forward."""
        return self.draft.after(self.spoken.ids, longest=self.longest)

    def with_words(self, tried: Sequence[int]) -> Prompt:
        """The prompt, the words so far, and those tried."""
        return self.prompt.followed_by((*self.spoken.ids, *tried))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What one answer adds to a forward.

    Attributes:
        line: The answer.
        whose: Its mark among the tokens in the cache.
        start: Position of the first token in the answer's own prompt.
        tried: Words of a draft, which come last.
    """

    line: Growing
    whose: int
    start: int
    tried: tuple[int, ...]

    @property
    def stop(self) -> int:
        """Position behind the last token."""
        return self.line.read + 1 + len(self.tried)

    @property
    def count(self) -> int:
        """Number of tokens."""
        return self.stop - self.start

    @property
    def kept(self) -> int:
        """Tokens whose result is wanted: the last word said and those tried."""
        return 1 + len(self.tried)


@dataclass(slots=True, eq=False)
class Together:
    """One answer on its own prompt, and a guest beside it.

    Attributes:
        network: The language model.
        cache: What it does not hold of the longer prompt is read in the first forward.
        main: Its prompt stays in the cache as any other.
        guest: Has said its first word; every forward adds one more at least.
        tail: The end of the guest's prompt, with its words but the last.
        owners: Whose each token in the cache is; empty before the first forward.
        parting: How many tokens both prompts begin with.
    """

    network: Network
    cache: PromptCache
    main: Growing
    guest: Growing
    tail: Tail
    owners: list[int] = field(default_factory=list)
    parting: int = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.tail.marks, self.main.prompt.marks(), strict=False)
        parted = (at for at, (one, other) in enumerate(pairs) if one != other)
        self.parting = next(parted, len(self.tail.marks))

    @property
    def is_done(self) -> bool:
        """Whether both answers are."""
        return self.main.is_done and self.guest.is_done

    @property
    def is_possible(self) -> bool:
        """Whether the next forward can be one for both.

        Not where another prompt used the cache since the last one, or where the prompts part
        before the copy begins. Each answer can go on alone then.
        """
        if self.owners:
            return self.cache.keeper is self
        copied = len(self.tail.marks)
        return copied == self.guest.read and self.tail.start <= self.parting < copied

    @torch.no_grad()
    def step(self) -> None:
        """One forward: the next word of each answer that is not done."""
        is_first = not self.owners
        probe = Probe()
        start = self._cut_back() if is_first else self.main.read
        lines = ((self.main, _MAIN, start), (self.guest, _GUEST, self.guest.read))
        rows = [_Rows(*line, line[0].tried()) for line in lines if not line[0].is_done]
        self.network.count(
            language=1, prefilled=max(0, len(self.main.prompt.ids) - start) if is_first else 0
        )
        slots = [self._taken_by(each, probe=probe, is_first=is_first) for each in rows]
        scores = self.network.sound_scores(self._run(rows, slots=slots, probe=probe))
        parts = torch.split(scores, [each.kept for each in rows])
        for each, its_slots, its_scores in zip(rows, slots, parts, strict=True):
            self._hear(each, its_scores, slots=its_slots)
        if is_first:
            # Up to here it is a prompt like any other; what follows is known to us alone.
            self.cache.marks = tuple(self.main.with_words(()).marks()[: self.main.read])
        self.cache.keeper = self

    def _cut_back(self) -> int:
        """Leave in the cache what the longer prompt begins with; how many tokens that are."""
        marks = self.main.with_words(()).marks()
        start = min(self.cache.shared_with(marks, depth=self.network.depth), self.main.read)
        self.cache.cut(start)
        self.owners = [_MAIN if at >= self.parting else _SHARED for at in range(start)]
        return start

    def _taken_by(self, rows: _Rows, *, probe: Probe, is_first: bool) -> range:
        """The places in the cache that these tokens will have.

        In the first forward the guest's lie behind the copy of its prompt, laid there now.
        """
        if is_first and rows.whose == _GUEST:
            copy = self.tail.behind(self.parting)
            self.cache.lay_ahead(copy, at=len(self.owners), room=rows.count)
            copied = len(copy.marks) - copy.start
            self.owners += [_GUEST] * copied
            probe.guests, probe.unseen = rows.count, copied + rows.count
        first = len(self.owners)
        self.owners += [
            rows.whose if at >= self.parting else _SHARED for at in range(rows.start, rows.stop)
        ]
        probe.keep = (probe.keep or 0) + rows.kept
        return range(first, len(self.owners))

    def _run(self, rows: Sequence[_Rows], *, slots: Sequence[range], probe: Probe) -> Tensor | None:
        """(kept, width) hidden states, those of one answer after those of the other."""
        place = self.network.placement
        inputs = [
            self.network.inputs(each.line.with_words(each.tried), start=each.start) for each in rows
        ]
        owners = torch.tensor(self.owners, dtype=torch.int8, device=place.device)
        own = torch.tensor([at for each in slots for at in each], device=place.device)
        # (queries, keys): what everyone sees or is one's own, and did not come later.
        seen = (owners == _SHARED) | (owners == owners[own, None])
        seen &= torch.arange(len(owners), device=place.device) <= own[:, None]
        return self.network.run(
            Inputs.joined(inputs),
            cache=self.cache,
            probe=probe,
            mask=mask_of(seen[None, None], dtype=place.dtype),
        )

    def _hear(self, rows: _Rows, scores: Tensor, *, slots: range) -> None:
        """Let the answer grow; words that it did not say become nobody's."""
        line, said = rows.line, len(rows.line.spoken.ids)
        line.draft.check(rows.tried, scores, spoken=line.spoken)
        right = [
            one == other for one, other in zip(rows.tried, line.spoken.ids[said:], strict=False)
        ]
        wrong = len(rows.tried) - (right.index(False) if False in right else len(right))
        for slot in slots[len(slots) - wrong :]:
            self.owners[slot] = _NOBODY
