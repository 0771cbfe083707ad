"""What the cards of real checkpoints say of size and memory, counted again."""

import pytest

from inspector_app import families, paths, plugins
from inspector_app.domain.card import Card
from inspector_app.runtime import sizes
from inspector_app.runtime.cards import read_card

PUBLISHED = {
    # Parameters as the publishers' pages round them, in billions.
    "llava-1.5-7b": 7.06,
    "llava-1.5-13b": 13.35,
    "instructblip-vicuna-7b": 7.91,
    "qwen2.5-vl-3b": 3.75,
    "qwen2.5-vl-7b": 8.29,
    "qwen3-vl-2b": 2.13,
    "qwen3-vl-4b": 4.44,
    "qwen3-vl-8b": 8.77,
    "llava-next-mistral-7b": 7.57,
}
PICTURE = {
    # 336 / 14 squared; 32 queries; 1280 x 28 x 28 pixels over the square of a cell of 28 or 32.
    "llava-1.5-7b": 576,
    "llava-1.5-13b": 576,
    "instructblip-vicuna-7b": 32,
    "qwen2.5-vl-3b": 1280,
    "qwen2.5-vl-7b": 1280,
    "qwen3-vl-2b": 980,
    "qwen3-vl-4b": 980,
    "qwen3-vl-8b": 980,
    # The small whole, and 48 rows of 48 patches with a mark each.
    "llava-next-mistral-7b": 576 + 48 * 49,
}


def card(name) -> Card:
    return read_card(paths.shipped_models() / name)


@pytest.fixture(scope="module", params=PUBLISHED)
def counted(request):
    facts = card(request.param).facts
    return request.param, facts, sizes.on_paper(facts["architecture"])


def test_a_card_tells_the_size_that_its_architecture_has(counted):
    name, facts, whole = counted

    assert facts["parameters"] == sizes.parameters(whole)
    assert facts["parameters"] / 1e9 == pytest.approx(PUBLISHED[name], abs=0.005)
    assert facts["memory"] == sizes.memory_mib(whole, picture=PICTURE[name])


def test_a_family_tells_the_tokens_of_a_picture_from_paper(counted):
    name, facts, whole = counted
    family = plugins.load(families, facts["family"])

    assert family.picture_tokens(whole.config, card=card(name)) == PICTURE[name]


def test_a_prompt_is_the_whole_two_crops_and_words_unless_the_model_takes_less(counted):
    name, _facts, whole = counted
    text = whole.config.get_text_config()

    tokens = sizes.prompt_tokens(whole, picture=PICTURE[name])
    assert tokens == 3 * PICTURE[name] + 320 <= text.max_position_embeddings
    assert sizes.prompt_tokens(whole, picture=10**9) == text.max_position_embeddings


def test_a_card_names_a_layer_that_there_is_and_where_the_weights_are(counted):
    name, _facts, whole = counted

    assert 0 < card(name).layer < whole.config.get_text_config().num_hidden_layers
    assert card(name).repository.count("/") == 1
    # A commit that nobody looked up is left open, never guessed.
    assert card(name).revision == ""


def test_memory_of_one_model_counted_by_hand():
    # LLaVA-1.5 7B: per token 2 x 32 layers x 4096 kept, 4 x 4096 + 2 x 11008 passing.
    per_token = 2 * 32 * 4096 + 4 * 4096 + 2 * 11008
    by_hand = (7063427072 + (3 * 576 + 320) * per_token) * 2 / 2**20
    # Each layer: four square products of attention and three of the gates; and the head.
    linear = 32 * (4 * 4096**2 + 3 * 4096 * 11008) + 32064 * 4096
    scales = 32 * (4 * 4096 + 2 * 11008 + 4096) + 32064

    memory = card("llava-1.5-7b").memory_mib

    assert memory["bfloat16"] == memory["float16"] == round(by_hand)
    assert memory["float32"] == round(2 * by_hand)
    assert memory["int8"] == round(by_hand - (linear - 2 * scales) / 2**20)
