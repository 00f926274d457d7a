"""Speaking: real sound from the real synthesiser."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from accessibility.voice import speaker as module
from accessibility.voice.mandarin import pinyin, runs
from accessibility.voice.sound import OPUS_RATE, Kind
from accessibility.voice.speaker import (
    HIGH,
    LOW,
    MIDDLE,
    SLOWER,
    STANDARD,
    VERY_SLOW,
    Speaker,
    SpeechUnavailable,
    paragraphs,
    setting,
)

TEXT = "您好，我是社区的小王。明天上午九点量血压，请带上医保卡。"


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    made = Speaker()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("银行在一楼", "yin2hang2 zai4 yi1lou2"),
        ("不要转账。", "bu2yao4 zhuan3zhang4 ."),
        ("一个人，两张票", "yi2ge4 ren2 , liang3zhang1 piao4"),
        ("“着火”", "zhao2huo3"),
    ],
)
def test_words_are_said_as_people_say_them(text: str, said: str) -> None:
    assert pinyin(text) == said


def test_a_text_is_cut_where_its_script_changes() -> None:
    assert runs("请按OK键，说 How are you") == [("zh", "请按"), ("en", "OK"), ("zh", "键，说 "), ("en", "How are you")]


def test_a_text_becomes_sound_with_the_time_of_each_sentence(speaker: Speaker) -> None:
    sound = speaker.speak(TEXT)
    assert [mark.text for mark in sound.marks] == ["您好，我是社区的小王。", "明天上午九点量血压，请带上医保卡。"]
    assert all(mark.start < mark.end <= sound.seconds for mark in sound.marks)
    assert sound.marks[0].end < sound.marks[1].start
    samples = np.frombuffer(sound.samples, np.int16).astype(float)
    for mark in sound.marks:
        heard = samples[int(mark.start * sound.sample_rate) : int(mark.end * sound.sample_rate)]
        assert np.sqrt(np.mean(heard**2)) > 500
    gap = samples[int(sound.marks[0].end * sound.sample_rate) : int(sound.marks[1].start * sound.sample_rate)]
    assert np.abs(gap).max() == 0


def test_every_pace_is_near_what_it_says_and_slower_is_slower(speaker: Speaker) -> None:
    characters = sum("\u4e00" <= c <= "\u9fff" for c in TEXT)
    heard = {}
    for pace in (STANDARD, SLOWER, VERY_SLOW):
        sound = speaker.speak(TEXT, pace=pace)
        heard[pace] = characters / sum(m.end - m.start for m in sound.marks) * 60
        assert abs(heard[pace] / pace - 1) < 0.15, heard
    assert heard[STANDARD] > heard[SLOWER] > heard[VERY_SLOW]


def test_settings_only_grow_with_the_pace() -> None:
    rates = [setting(pace) for pace in range(40, 330)]
    slow, quick = rates[:64], rates[64:]  # set apart below 104 characters a minute, said faster above
    assert all(a[1] >= b[1] for a, b in pairwise(slow))
    assert all(a[0] <= b[0] and b[1] == 0 for a, b in pairwise(quick))


def test_english_has_its_own_voice_also_inside_chinese(speaker: Speaker) -> None:
    assert speaker.speak("Where is the station?", language="en").seconds > 0.8
    assert speaker.speak("请按OK键").seconds > speaker.speak("请按键").seconds


def test_each_word_is_marked_where_it_is_heard(speaker: Speaker) -> None:
    [mark] = speaker.speak("银行有12.5学分，KD1001等一会儿。").marks
    said = [mark.text[word.first : word.last] for word in mark.words]
    assert said[0] == "银行" and "12.5" in said and "一会儿" in said and "学分" in said
    assert "".join(dict.fromkeys(said)).startswith("银行有12.5学分")
    times = [(word.start, word.end) for word in mark.words]
    assert all(start < end for start, end in times)
    assert all(end == pytest.approx(following) for (_s, end), (following, _e) in pairwise(times))
    assert times[0][0] == mark.start and times[-1][1] == pytest.approx(mark.end)


def test_where_a_word_is_marked_there_is_sound(speaker: Speaker) -> None:
    text = "大家都来学习书法和摄影"
    sound = speaker.speak(text)
    [mark] = sound.marks
    whole = np.frombuffer(sound.samples, np.int16).astype(float)
    rate = sound.sample_rate
    envelope = np.convolve(np.abs(whole), np.ones(rate // 100) / (rate // 100), "same")
    for word in mark.words:
        heard = envelope[int(word.start * rate) : int(word.end * rate)]
        assert heard.max() > 0.2 * envelope.max(), mark.text[word.first : word.last]
    assert len(mark.words) >= 6


def test_the_marks_of_a_file_stand_where_the_sound_changes(speaker: Speaker) -> None:
    """After a comma the next word begins: silence before its mark, sound after it."""
    sound = speaker.speak("银行，学分，老师，功课。")
    [mark] = sound.marks
    loud = np.abs(np.frombuffer(sound.samples, np.int16).astype(float)) > 300
    for word in mark.words[1:]:
        at = int(word.start * sound.sample_rate)
        silent_before = loud[at - sound.sample_rate // 10 : at].mean()
        first = int(np.argmax(loud[at:])) / sound.sample_rate
        assert silent_before < 0.05 and first < 0.08, (mark.text[word.first : word.last], silent_before, first)


def test_opus_keeps_the_sound(speaker: Speaker) -> None:
    sound = speaker.speak("银行在一楼。")
    samples, rate = soundfile.read(io.BytesIO(sound.encode("OPUS")))
    original = np.frombuffer(sound.samples, np.int16) / 32768

    def power(values: np.ndarray, rate: int, low: int, high: int) -> float:
        spectrum = np.abs(np.fft.rfft(values)) ** 2
        pitch = np.fft.rfftfreq(len(values), 1 / rate)
        return float(spectrum[(pitch >= low) & (pitch < high)].sum() / spectrum.sum())

    for band in ((100, 1000), (1000, 3000), (3000, 8000)):
        assert power(samples, rate, *band) == pytest.approx(power(original, sound.sample_rate, *band), abs=0.05)


def test_a_higher_voice_is_higher_and_no_faster(speaker: Speaker) -> None:
    def pitch(setting: int) -> tuple[float, float]:
        sound = speaker.speak("妈", pitch=setting)
        samples = np.frombuffer(sound.samples, np.int16).astype(float)
        loudest = int(np.argmax(np.convolve(np.abs(samples), np.ones(1500), "same")))
        window = samples[loudest - 1024 : loudest + 1024] * np.hanning(2048)
        cepstrum = np.fft.irfft(np.log(np.abs(np.fft.rfft(window)) + 1))
        first, last = sound.sample_rate // 300, sound.sample_rate // 60
        return sound.sample_rate / (first + int(np.argmax(cepstrum[first:last]))), sound.seconds

    (low, slow), (middle, _), (high, quick) = (pitch(value) for value in (LOW, MIDDLE, HIGH))
    assert low * 1.1 < middle < high / 1.1
    assert slow == pytest.approx(quick, rel=0.05)


def test_a_pause_is_kept(speaker: Speaker) -> None:
    assert paragraphs("先听。（停顿 2 秒）再说。") == [["先听。", 2.0, "再说。"]]
    with_pause = speaker.speak("先听。（停顿 2 秒）再说。")
    assert abs(with_pause.seconds - speaker.speak("先听。再说。").seconds - 2) < 0.05


def test_nothing_to_say_is_no_error(speaker: Speaker) -> None:
    assert speaker.speak("。。。 （）").marks == ()
    assert speaker.speak("").marks == ()


def test_the_sound_is_a_file_and_its_captions_are_webvtt(speaker: Speaker) -> None:
    sound = speaker.speak(TEXT)
    kinds: tuple[Kind, ...] = ("MP3", "WAV", "OPUS")
    for kind in kinds:
        samples, rate = soundfile.read(io.BytesIO(sound.encode(kind)))
        assert rate == (OPUS_RATE if kind == "OPUS" else sound.sample_rate)
        assert abs(len(samples) / rate - sound.seconds) < 0.2
    lines = sound.captions().splitlines()
    assert lines[:3] == ["WEBVTT", "", f"00:00:00.000 --> 00:00:0{sound.marks[0].end:.3f}"]


def test_several_speak_at_once_and_each_gets_its_own_words(speaker: Speaker) -> None:
    texts = ["一", "二十五", "我要去社区医院量血压", "今天天气不错，我们去公园走走吧"]
    alone = [speaker.speak(text).seconds for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = [sound.seconds for sound in pool.map(speaker.speak, texts)]
    assert together == pytest.approx(alone, abs=0.05)


def test_a_synthesiser_that_died_is_started_again(speaker: Speaker) -> None:
    speaker.speak("好")
    assert speaker._espeak.process is not None
    speaker._espeak.process.kill()
    speaker._espeak.process.wait()
    assert speaker.speak("好").seconds > 0


def test_one_that_hangs_is_ended_and_said_to_be_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Speaker()
    made.speak("好")
    assert made._espeak.process is not None
    monkeypatch.setattr(made._espeak, "_within", 0.3)
    made._espeak.process.send_signal(19)  # SIGSTOP: it is there and does not answer
    with pytest.raises(SpeechUnavailable):
        made.speak("好")
    monkeypatch.undo()
    assert made.speak("好").seconds > 0
    made.close()


def test_an_unknown_voice_is_said_to_be_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Speaker()
    monkeypatch.setitem(module.VOICES, "zh", "no-such-voice")
    with pytest.raises(SpeechUnavailable, match="no-such-voice"):
        made.speak("好")
    made.close()
