"""The cache holds what was written, and no more than it is told to."""

import torch

from inspector_app.runtime.cache import PromptCache


def tokens(*numbers: int) -> torch.Tensor:
    """(1, 2, n, 3) keys that show their token's number."""
    row = torch.tensor(numbers, dtype=torch.float32)[None, None, :, None]
    return row.expand(1, 2, len(numbers), 3).contiguous()


def filled(depth: int, *numbers: int) -> PromptCache:
    cache = PromptCache(depth)
    for layer in range(depth):
        cache.update(tokens(*numbers), -tokens(*numbers), layer)
    cache.marks = numbers
    return cache


def test_tokens_come_back_with_those_before_them():
    cache = filled(1, 1, 2, 3)
    keys, values = cache.update(tokens(4), -tokens(4), 0)
    assert keys[0, 1, :, 2].tolist() == [1, 2, 3, 4]
    assert values[0, 0, :, 0].tolist() == [-1, -2, -3, -4]
    assert cache.get_seq_length() == 4


def test_what_was_cut_is_written_over():
    cache = filled(2, 1, 2, 3)
    cache.cut(1)
    keys, _ = cache.update(tokens(9), tokens(9), 1)
    assert keys[0, 0, :, 0].tolist() == [1, 9]
    assert cache.marks == (1,)


def test_long_prompts_move_the_buffer_and_keep_what_it_held():
    cache = filled(1, 1, 2, 3)
    many = list(range(10, 2010))
    keys, _ = cache.update(tokens(*many), tokens(*many), 0)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3, *many]


def test_a_short_prompt_copies_nothing():
    cache = filled(1, 1, 2, 3)
    before = cache.roomy[0].buffers[0].data_ptr()
    keys, _ = cache.update(tokens(4), tokens(4), 0)
    assert keys.data_ptr() == before


def test_shared_tokens_end_at_the_first_difference():
    cache = filled(2, 5, -1, -1, 7, 8)
    assert cache.shared_with([5, -1, -1, 7, 9], depth=2) == 4
    assert cache.shared_with([5, -1, -1], depth=2) == 3
    assert cache.shared_with([5, -2, -2, 7, 8], depth=2) == 1
    assert cache.shared_with([6], depth=2) == 0
    assert cache.shared_with([], depth=2) == 0


def test_layers_that_were_left_out_share_less():
    cache = filled(2, 1, 2, 3)
    cache.cut(1)
    cache.update(tokens(2, 3), tokens(2, 3), 0)
    cache.marks = (1, 2, 3)
    assert cache.shared_with([1, 2, 3], depth=1) == 3
    assert cache.shared_with([1, 2, 3], depth=2) == 1


def test_tokens_with_a_gradient_are_used_and_not_kept():
    cache = filled(1, 1, 2)
    new = tokens(3).requires_grad_()
    keys, values = cache.update(new, -new, 0)
    (slope,) = torch.autograd.grad((keys * 2 + values).sum(), new)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3]
    assert slope.unique().tolist() == [1]
    assert cache.get_seq_length() == 2


def test_removing_tokens_the_usual_way_moves_the_end_back():
    cache = filled(1, 1, 2, 3)
    cache.crop(-2)
    assert cache.get_seq_length() == 1
    assert cache.held_bytes() > 0


def test_tokens_go_on_behind_what_was_laid_ahead():
    cache = filled(2, 1, 2, 3)
    copy = cache.tail(1, 3)
    cache.cut(1)
    cache.lay_ahead(copy, at=3, room=1)
    keys, values = cache.update(tokens(7, 8, 9), -tokens(7, 8, 9), 1)
    assert keys[0, 0, :, 0].tolist() == [1, 7, 8, 2, 3, 9]
    assert values[0, 1, :, 0].tolist() == [-1, -7, -8, -2, -3, -9]
    keys, _ = cache.update(tokens(4), tokens(4), 1)
    assert keys[0, 0, :, 0].tolist() == [1, 7, 8, 2, 3, 9, 4]


def test_tokens_that_come_one_by_one_find_what_was_laid_ahead_too():
    cache = filled(1, 1, 2, 3)
    cache.lay_ahead(cache.tail(2, 3), at=4, room=0)
    keys, _ = cache.update(tokens(7), tokens(7), 0)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3, 7]
    keys, _ = cache.update(tokens(8, 9), tokens(8, 9), 0)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3, 7, 3, 8, 9]


def test_what_was_laid_ahead_survives_a_move_to_longer_buffers():
    cache = filled(1, 1, 2, 3)
    cache.lay_ahead(cache.tail(0, 2), at=4, room=0)
    many = list(range(10, 2010))
    keys, _ = cache.update(tokens(*many), tokens(*many), 0)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3, 10, 1, 2, *many[1:]]


def test_a_cut_forgets_what_was_laid_ahead():
    cache = filled(1, 1, 2, 3)
    cache.keeper = cache
    cache.lay_ahead(cache.tail(2, 3), at=4, room=0)
    cache.cut(3)
    keys, _ = cache.update(tokens(7, 8), tokens(7, 8), 0)
    assert keys[0, 0, :, 0].tolist() == [1, 2, 3, 7, 8]
    assert cache.keeper is None


def test_a_copy_is_not_changed_by_what_is_written_later():
    cache = filled(1, 1, 2, 3)
    copy = cache.tail(1, 3)
    cache.cut(0)
    cache.update(tokens(7, 8, 9), tokens(7, 8, 9), 0)
    assert copy.layers[0][0][0, 0, :, 0].tolist() == [2, 3]
    assert copy.behind(2).layers[0][1][0, 0, :, 0].tolist() == [-3]
    assert (copy.marks, copy.start, copy.behind(2).start) == ((1, 2, 3), 1, 2)
