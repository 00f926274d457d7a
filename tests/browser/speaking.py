"""Somebody who speaks to a page: Chromium with a recording for a microphone, one browser for each recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import soundfile

from accessibility.voice.audio import RATE, Samples
from accessibility.voice.enrolment import Enrolment, Take, take
from bench.voices.conditions import ROOM, Condition, Noise, noise, recorded
from bench.voices.people import TUNING, Person, Voices
from tests.browser.site import ARGUMENTS, PATIENCE, Site, chromium
from web.accounts import consents
from web.banking import make_bank
from web.operations import voice_commands

SPEAKER = TUNING[0]
QUIET = Condition("quiet")
NOBODY = np.zeros(0, np.float32)
WORDS = {
    "next": "下一页",
    "back": "返回",
    "play": "播放",
    "pause": "暂停",
    "credits": "我的学分",
    "help": "帮助",
    "bigger": "大一点",
    "confirm": "确定",
    "cancel": "取消",
    "number.2": "二",
}
EVERYTHING = WORDS | {
    "previous": "上一页",
    "repeat": "再说一遍",
    "slower": "慢一点",
    "faster": "快一点",
    "smaller": "小一点",
    "today": "今天学什么",
    "lesson": "开始学习",
    "activities": "参加活动",
    "neighbour": "找邻居帮忙",
    "home": "首页",
    "list": "有哪些按钮",
    "undo": "撤销",
    **{f"number.{digit}": word for digit, word in enumerate("零一二三四五六七八九")},
}
_STANDING = [*ARGUMENTS, "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]


def said(voices: Voices, words: str, seed: int, person: Person = SPEAKER, condition: Condition = QUIET) -> Samples:
    """Words said once by a synthetic person, in a quiet room if nothing else is told; another seed, another time."""
    return recorded(voices, person, words, condition, np.random.default_rng(seed), NOBODY)


@cache
def _twice(voices: Voices, words: str, person: Person) -> tuple[Take, ...]:
    """Words said twice, as they are kept."""
    return tuple(take(said(voices, words, 100 + n, person)).take for n in range(2))


def in_english(voices: Voices, words: str) -> Samples:
    """English words, plainly."""
    sound = voices.plain(Person("plain", "f2", 50, 130), words, pace=130, pitch=50, language="en")
    return (0.3 * sound / np.abs(sound).max()).astype(np.float32)


def enrol(
    site: Site,
    voices: Voices,
    person_id: UUID,
    learner_id: UUID,
    commands: dict[str, str] | None = None,
    person: Person = SPEAKER,
) -> None:
    """Let a person agree, and record commands twice each."""
    wanted = WORDS if commands is None else commands
    takes = {name: _twice(voices, words, person) for name, words in wanted.items()}
    kek = make_bank(site.app.extensions["evergreen_settings"]).kek
    now = datetime.now(UTC)
    with site.writing() as session:
        consents.give(session, person_id=person_id, learner_id=learner_id, purpose="voice", language="zh-CN", now=now)
        voice_commands.keep(session, kek, person_id, Enrolment(takes), now=now)


def in_a_room(voices: Voices, words: str, seed: int, person: Person, condition: Condition) -> Samples:
    """Words said once in a room whose noise is there three quarters of a second before and five seconds after them."""
    rng = np.random.default_rng(seed)
    sound = voices.take(person, words, rng, quicker=condition.quicker)
    whole = np.pad(sound.astype(np.float64), (3 * RATE // 4, 5 * RATE))
    noises: tuple[tuple[Noise, float], ...] = (("none", ROOM), (condition.noise, condition.decibels))
    for kind, decibels in noises:
        if decibels < ROOM + 1:
            made = noise(kind, len(whole), rng, NOBODY)
            whole += made * np.sqrt(np.mean(sound**2) / np.mean(made**2)) * 10 ** (-decibels / 20)
    return (whole * min(1.0, 0.9 / np.abs(whole).max())).astype(np.float32)


def into(file: Path, sound: Samples) -> None:
    """What the microphone hears from its next opening: that, with a third of a second of silence before, then three."""
    silence = np.random.default_rng(1).normal(0, 3e-4, 4 * RATE).astype(np.float32)
    soundfile.write(file, np.concatenate([silence[: RATE // 3], sound, silence[RATE // 3 :]]), RATE, subtype="PCM_16")


@contextmanager
def microphone(browser_type: Any, folder: Path, sound: Samples, *, allowed: bool = True) -> Iterator[Any]:
    """A browser whose microphone hears that; and what is put ``into`` the folder's ``said.wav`` later on."""
    file = folder / "said.wav"
    into(file, sound)
    arguments = [*_STANDING, f"--use-file-for-fake-audio-capture={file}%noloop"]
    arguments.append("--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts")
    launched = browser_type.launch(executable_path=chromium(), args=arguments)
    try:
        yield launched
    finally:
        launched.close()


def opened(browser: Any, site: Site, path: str, *, cookies: dict[str, str] | None = None, **how: Any) -> Any:
    """A page in a new context of such a browser."""
    display = how.pop("display", "")
    context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **how})
    brought = dict(cookies or {}) | ({"evergreen_display": display} if display else {})
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": n, "value": v, "url": site.origin} for n, v in brought.items()])
    page = context.new_page()
    page.goto(site.origin + path)
    return page
