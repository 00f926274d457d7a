"""Speaking: seconds of sound in a second, the first sound of a page, and what the front end costs beside the voice."""

import time
from pathlib import Path

from accessibility.reading.plan import plan
from accessibility.voice.sound import Kind, Sound
from accessibility.voice.speaker import SLOWER, Speaker, pieces
from adaptive.content.loading import load_library
from adaptive.content.markdown import Markup, parts

ROOT = Path(__file__).parents[1]
KINDS: tuple[Kind, ...] = ("MP3", "OPUS", "WAV")


def run(quick: bool) -> None:
    """Print figures of lessons of the starter library at the slower pace."""
    library, _ = load_library(ROOT / "content")
    forms = [item.forms["standard"] for item in library.items.values() if "standard" in item.forms]
    texts = [
        "\n\n".join(part.text for part in parts(form.body) if not isinstance(part, Markup))
        for form in forms[: 4 if quick else 20]
    ]
    sentences = [s for text in texts for s in text.replace("\n", "").split("。") if s.strip()]
    pieces(sentences[0])  # the dictionaries are read once
    began = time.process_time()
    for sentence in sentences:
        pieces(sentence)
    front = time.process_time() - began
    speaker = Speaker()
    first = time.perf_counter()
    speaker.speak("好。")
    cold = time.perf_counter() - first
    began = time.perf_counter()
    sounds = [speaker.speak(text, pace=SLOWER) for text in texts]
    spoken = time.perf_counter() - began
    seconds = sum(sound.seconds for sound in sounds)
    print(f"{len(texts)} lessons, {sum(map(len, texts)):,} characters, {seconds / 60:.0f} minutes of sound")
    print(f"spoken in {spoken:.1f} s: {seconds / spoken:.0f} × real time")
    print(f"front end (figures, words, pinyin): {front:.2f} s of CPU, {front / spoken:.2f} of the whole")
    _encoding(sounds[0])
    _first_sound(speaker, cold)
    speaker.close()


def _encoding(sound: Sound) -> None:
    for kind in KINDS:
        began = time.process_time()
        size = len(sound.encode(kind))
        took = time.process_time() - began
        print(f"as {kind}: {sound.seconds / took:.0f} × real time (CPU), {size / sound.seconds / 1000:.1f} kB a second")


def _first_sound(speaker: Speaker, cold: float) -> None:
    """From a page's HTML to the sound of its first sentence as a file, the process running already."""
    html = "<main><h1>我的学分</h1>" + "<p>您一共有12.5学分，其中学历教育8学分。</p>" * 40 + "</main>"
    times = []
    for n in range(10):
        began = time.perf_counter()
        found = plan(html, lambda key, **_parameters: key, "zh-CN")
        speaker.speak(f"{found[0].text}{'一二三四五六七八九十'[n]}", language=found[0].language).encode("MP3")
        times.append(time.perf_counter() - began)
    times.sort()
    print(
        f"first sound of a page of 40 paragraphs: {times[len(times) // 2] * 1000:.0f} ms (the first ever {cold:.1f} s)"
    )
