"""Characters of several readings in context, and the lexicon that corrects the dictionary."""

import pytest

from accessibility.voice.lexicon import Lexicon, base, problem_of
from accessibility.voice.mandarin import pinyin, words
from accessibility.voice.speaker import Speaker, SpeechUnavailable
from accessibility.voice.syllables import known, written


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
    assert [(word, " ".join(said)) for word, said in base().chinese.items() if problem_of(word, " ".join(said))] == []
    assert len(base().chinese) > 400 and len(base().latin) > 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一点儿", "yi4 [[t'iA214r]]"),
        ("等一会儿", "deng3 yi2 [[Xw'@51r]]"),
        ("在哪儿", "zai4 [[n'a214r]]"),
        ("没事儿，慢慢儿走", "mei2 [[s.'@51r]] , man4 [[m'a51r]] zou3"),
        ("女儿和儿子", "nv3er2 he2 er2zi5"),
        ("小儿科的婴儿", "xiao3er2ke1 de5 ying1er2"),
    ],
)
def test_er_bends_the_syllable_before_it_unless_it_is_a_child(text: str, said: str) -> None:
    assert pinyin(text) == said


def test_words_stand_where_the_text_has_them() -> None:
    text = "“银行”在哪儿？好，一楼。"
    found = words(text)
    assert [text[word.start : word.end] for word in found] == ["银行", "在", "哪儿", "？", "好", "，", "一楼", "。"]


def test_an_added_word_comes_before_the_dictionary_and_changes_the_version() -> None:
    more = base().with_entries([("学分", "xue2 fen4"), ("MOOC", "mook"), ("一点儿", "yi4 dian3 er2")])
    assert pinyin("学分", more) == "xue2fen4" and pinyin("学分") == "xue2fen1"
    assert pinyin("一点儿", more) == "yi4dian3er2"
    assert more.latin["MOOC"] == "mook"
    assert more.version != base().version == base().with_entries([]).version
    with pytest.raises(ValueError, match="said_count"):
        base().with_entries([("学分", "xue2")])


@pytest.mark.parametrize(
    ("word", "said", "problem"),
    [
        ("", "yi1", "word_empty"), ("学" * 25, "xue2 " * 25, "word_long"), ("学A", "xue2 ei1", "word_mixed"),
        ("学分", "  ", "said_empty"), ("APP", "a " * 90, "said_long"), ("学分", "xue2", "said_count"),
        ("学分", "xue2 fen6", "said_unknown"), ("学分", "xue2 xfen1", "said_unknown"), ("儿", "r5", "said_unknown"),
        ("点儿", "dian3 r5", None), ("APP", "爱屁屁", "said_unknown"), ("APP", "A P P", None), ("女", "nv3", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_entry_is_named(word: str, said: str, problem: str | None) -> None:
    assert problem_of(word, said) == problem


def test_an_empty_lexicon_matches_nothing() -> None:
    bare = Lexicon({}, {})
    assert pinyin("银行", bare) == "yin2hang2" and not bare.latin_words.search("APP")


def test_no_syllable_of_mandarin_is_read_as_english_letters() -> None:
    """Once 兄 (xiong) and 穷 (qiong) were: the voice has no rule for them and spells what it does not know."""
    speaker = Speaker()
    try:
        english = {}
        for syllable in sorted(known()):
            said = written([syllable + "1"])
            seconds = len(speaker.say(voice="cmn-latn-pinyin", text=said, rate=120, gap=0, pitch=45)[0]) / 44_100
            if seconds > 0.75:  # one syllable is shorter; a spelled one has three parts or more and says the tone
                english[syllable] = seconds
        assert english == {}
        bent = {s: written([s + "4", "r5"]) for s in sorted(known()) if s != "er"}
        assert [s for s, said in bent.items() if not said.startswith("[[")] == ["hm", "hng", "m", "ng", "wong"]
        lengths = {
            s: len(speaker.say(voice="cmn-latn-pinyin", text=said, rate=120, gap=0, pitch=45)[0]) / 44_100
            for s, said in bent.items()
        }
        assert {s: n for s, n in lengths.items() if not 0.2 < n < 0.8} == {}
    except SpeechUnavailable as error:  # the reason belongs in the report
        pytest.fail(str(error))
    finally:
        speaker.close()
