"""Words of people fit into the elements of DICOM, also where a validator counts bytes."""

import pytest

from inspector_app.exports.dicom.report import coded, plain

LONG = "标签上面有没有一条很细的裂纹或者缺口需要放大以后再看一次才能判断"


@pytest.mark.parametrize("words", [LONG, "é" * 40, "a" + "裂" * 40, "ab" + "裂" * 40])
def test_words_take_no_more_bytes_than_their_element_and_no_letter_is_cut_in_half(words):
    kept = plain(words)

    assert 60 < len(kept.encode("utf-8")) <= 64
    assert words.startswith(kept)


def test_long_words_that_only_begin_alike_get_codes_of_their_own():
    one, other = coded(LONG + "一"), coded(LONG + "二")

    assert one.meaning == other.meaning
    assert one.value != other.value
    assert one.value == coded(LONG + "一").value
