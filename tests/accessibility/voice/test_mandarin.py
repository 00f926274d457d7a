"""Characters of several readings in context, and the lexicon that corrects the dictionary."""

import pytest

from accessibility.voice.mandarin import lexicon, pinyin


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一天一次，一样一个", "yi4tian1 yi2ci4 , yi2yang4 yi2ge4"),
        ("第一，十一点，百分之一", "di4yi1 , shi2yi1dian3 , bai3fen1zhi1yi1"),
        ("一百一十，一点五元", "yi4bai3yi1shi2 , yi1dian3 wu3yuan2"),
        ("千万一定要，万一，星期一", "qian1wan4 yi2ding4 yao4 , wan4yi1 , xing1qi1yi1"),
        ("看一看，一步一步", "kan4yi5kan4 , yi2bu4 yi2bu4"),
        ("不会，不去，好不好", "bu2hui4 , bu2qu4 , hao3bu5hao3"),
        ("他不认识", "ta1 bu2 ren4shi5"),
    ],
)
def test_one_and_not_have_their_tone_from_what_follows(text: str, said: str) -> None:
    assert pinyin(text) == said


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("一行白鹭上青天", "yi4hang2"),
        ("叶子又细又长", "you4 chang2"),
        ("头一年种什么", "zhong4 shen2me5"),
        ("他跑得快", "pao3de5"),
        ("您得先交税", "dei3 xian1"),
        ("得了什么病", "de2 le5"),
        ("睡不着", "bu5zhao2"),
        ("量血压的时候", "liang2"),
        ("按说明的量", "de5 liang4"),
        ("抬两只胳膊", "liang3zhi1"),
        ("别上当", "shang4dang4"),
        ("买东西", "dong1xi5"),
    ],
)
def test_characters_of_several_readings(text: str, has: str) -> None:
    assert has in pinyin(text)


def test_the_lexicon_has_a_syllable_for_each_character() -> None:
    assert [word for word, said in lexicon().items() if len(word) != len(said)] == []
    assert all(syllable[-1] in "12345" and syllable[:-1].isalpha() for said in lexicon().values() for syllable in said)
