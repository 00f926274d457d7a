"""What is heard of a page, from its recordings and their captions: everything once, in order, and no long silence."""

import io
import re
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from flask import Flask

from tests.web.client import ClientRequest
from tests.web.page_checks import text_of
from web import speaking
from web.security import limiter

PAGES = ("/help", "/verify", "/library/phone-basics", "/library/phone-basics/make-a-call", "/accessibility")
CUE = re.compile(r"(\d+):(\d\d):(\d\d\.\d{3}) --> (\d+):(\d\d):(\d\d\.\d{3})\n(.+)")
LONGEST_PAUSE = 2.0  # seconds
QUIET = 0.01  # of full scale


def letters(text: str) -> str:
    """Only what is heard of a text."""
    return "".join(c for c in text if c.isalnum())


def cues(vtt: str) -> list[tuple[float, float, str]]:
    """Start and end in seconds and the words of each cue."""
    found = []
    for h1, m1, s1, h2, m2, s2, words in CUE.findall(vtt):
        start, end = (int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in ((h1, m1, s1), (h2, m2, s2)))
        found.append((start, end, words))
    return found


def longest_silence(samples: np.ndarray, rate: int) -> float:
    """The longest stretch, in seconds, in which nothing is heard, looked at in steps of 10 ms."""
    step = rate // 100
    loud = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1) > QUIET
    edges = np.flatnonzero(np.concatenate(([True], loud, [True])))
    return float((np.diff(edges) - 1).max()) / 100


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_heard_once_in_order_and_without_long_silence(
    app: Flask, client_request: ClientRequest, path: str
) -> None:
    with app.app_context():
        limiter.reset()
    page = client_request.get(f"/read-aloud?of={path}&pace={speaking.PACES[0]}", both_languages=False)
    parts = [e for e in page.tree.iter("section") if e.attrib.get("class") == "part"]
    assert parts
    for part in parts:
        words = "".join(text_of(p) for p in part.findall("p") if p.attrib.get("class") in (None, "strong"))
        track = next(part.iter("track")).attrib["src"]
        heard = cues(client_request.get(track, both_languages=False).data.decode())
        assert letters("".join(text for _, _, text in heard)) == letters(words)
        wav = next(a.attrib["href"] for a in part.iter("a") if a.attrib.get("download", "").endswith(".wav"))
        samples, rate = soundfile.read(io.BytesIO(client_request.get(wav, both_languages=False).data))
        for (_, end, _), (start, _, text) in pairwise([(0.0, 0.0, ""), *heard]):
            assert 0 <= start - end <= LONGEST_PAUSE, text
        for start, end, text in heard:
            sounding = np.abs(samples[int(start * rate) : int(end * rate)]).max()
            assert sounding > QUIET or not letters(text), text
        assert 0 <= len(samples) / rate - heard[-1][1] <= LONGEST_PAUSE
        assert longest_silence(samples, rate) <= LONGEST_PAUSE
