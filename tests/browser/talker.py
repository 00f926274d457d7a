"""Somebody who has a microphone and ears: presses to talk, says a word, and hears what is said back. Nothing else."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, request, request_finished
from playwright.sync_api import Error

from bench.voices.conditions import Condition
from bench.voices.people import Person, Voices
from tests.browser.site import Site
from tests.browser.speaking import EVERYTHING, SPEAKER, in_a_room, into, said
from web.sealing import Sealer

T = TypeVar("T")
HEARD, BEGINS = 60_000, 8_000  # milliseconds
TRIES = 4
_SOUND = re.compile(r"/read-aloud/sentence/([\w-]+)\.mp3")


class Talker:
    """Says commands on a page whose microphone is a file. ``heard`` is everything that the speaker was given, in order.

    As a person would: asked to say it again, says it again; offered what was perhaps meant, says the number of it.
    ``misses`` counts how often that was needed.
    """

    def __init__(self, site: Site, page: Any, file: Path, voices: Voices, who: UUID, person: Person = SPEAKER) -> None:
        self.site, self.page, self.misses = site, page, 0
        self._readers = (f"person {who}", "address 127.0.0.1")
        self.heard: list[str] = []
        self._file, self._voices, self._person = file, voices, person
        self._times = 7
        self._answers: list[dict[str, Any]] = []
        page.on("request", self._listen)
        request_finished.connect(self._answered, site.app)  # in the browser an answer is gone with its page

    def _answered(self, _app: Flask, response: Response, **_more: Any) -> None:
        if request.path.endswith("/voice/hear"):
            self._answers.append(response.get_json())

    def _listen(self, asked: Any) -> None:
        if found := _SOUND.search(asked.url):
            text = self._spoken_at(found.group(1))
            if not self.heard or self.heard[-1] != text:
                self.heard.append(text)

    def _spoken_at(self, sealed: str) -> str:
        settings = self.site.app.extensions["evergreen_settings"]
        sealer = Sealer.of(settings.session_key.get_secret_value())
        found = (sealer.open(sealed, reader, datetime.now(UTC)) for reader in self._readers)
        return next(opened[0] for opened in found if opened is not None)

    def press(self) -> None:
        """Press to talk: the space key, wherever the page has left the focus."""
        self.page.keyboard.press("Space")

    def utter(self, command: str, condition: Condition | None = None) -> dict[str, Any]:
        """Press to talk and say a command once, in a room of that kind; what the server made of it."""
        self._times += 1
        how = self._voices, EVERYTHING[command], self._times, self._person
        into(self._file, said(*how) if condition is None else in_a_room(*how, condition))
        self._answers.clear()
        for _ in range(2):  # the first press may fall between two pages
            self.press()
            if self._begun():
                break
        self.until(lambda: "yes" if self._answers else "", f"nothing came of {command}")
        return self._answers[0]

    def _begun(self) -> bool:
        """Whether the page listens, or did already."""
        for _ in range(BEGINS // 50):
            if self._answers or self._state() in ("listening", "working"):
                return True
            self.page.wait_for_timeout(50)
        return False

    def _state(self) -> str:
        """What the button to talk tells of itself; nothing while one page follows another."""
        return self._asked("() => document.getElementById('voice')?.dataset.state ?? ''")

    def _asked(self, script: str) -> str:
        try:
            found: str = self.page.evaluate(script)
        except Error:
            return ""
        return found

    def settled(self, sentence: str) -> None:
        """Wait until that is said back, and let alone what was asked."""
        self.shown(lambda told: sentence in told, sentence)
        self.page.keyboard.press("Escape")

    def say(self, command: str, back: str) -> str:
        """Say a command until it is understood; wait until that is said back. Returns the whole sentence."""
        for _ in range(TRIES):
            answer = self.utter(command)
            if answer["step"] in ("act", "confirm"):
                return self.hears(back)
            self.misses += 1
            self.shown(lambda told: told == answer["say"], answer["say"])  # noqa: B023 - called before the next turn
        raise AssertionError(f"{command} was not understood: {self.said()}")

    def hears(self, words: str) -> str:
        """Wait until a sentence with those words is said back, shown and given to the speaker; the whole of it."""
        sentence = self.shown(lambda told: words in told, words)
        self.until_heard(sentence)
        return sentence

    def shown(self, fits: Callable[[str], bool], what: str) -> str:
        """Wait until what is said back is such a sentence."""
        return self.until(lambda: found if fits(found := self.said()) else "", f"{what!r} was not said back")

    def until_heard(self, words: str) -> None:
        """Wait until the speaker was given something with those words."""
        self.until(lambda: next((one for one in self.heard if words in one), ""), f"{words!r} was never heard")

    def until(self, found: Callable[[], T], otherwise: str) -> T:
        """Wait until something is found; ``otherwise`` is what is wrong when it never is."""
        for _ in range(HEARD // 50):
            if sentence := found():
                return sentence
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{otherwise}: {self.said()} at {self.page.url}, heard {self.heard[-12:]}")

    def said(self) -> str:
        """What was said back last, as it is shown; nothing while one page follows another."""
        return self._asked("() => document.querySelector('.voice-said')?.textContent ?? ''")

    def begin_reading(self) -> None:
        """Say that the page be read aloud; the reading is the answer, nothing else is said."""
        for _ in range(TRIES):
            if self.utter("play")["step"] == "act":
                self.page.wait_for_selector("#read-aloud[data-state=reading]")
                return
            self.misses += 1
        raise AssertionError(f"nothing is read: {self.said()}")

    def choose(self, name: str, back: str) -> str:
        """Ask what there is, listen for a name, go on to what comes after where it is not there, say its number."""
        told = self.say("list", "这里可以选：1，")
        for _ in range(12):
            if found := re.search(rf"(\d)，[^；]*{re.escape(name)}", told):
                return self.say(f"number.{found.group(1)}", back)
            more = re.search(r"(\d)，后面还有", told)
            assert more, f"no {name!r} in {told}"
            first = told.partition("；")[0]
            self.say(f"number.{more.group(1)}", "这里可以选：1，")
            told = self.shown(lambda now: now.startswith("这里可以选") and not now.startswith(first), "what follows")  # noqa: B023
        raise AssertionError(f"no {name!r}")

    def agree(self, name: str, back: str) -> str:
        """Say yes where the page has a form to send, hear what would be sent, and say yes again."""
        self.say("confirm", f"要“{name}”吗？按了“确定”才算数。")
        return self.say("confirm", back)
