"""Judges a short written answer: right, wrong, or neither clearly one nor the other.

Nobody is held to the author's exact words: spelling, width, spaces, traditional characters, 的地得 and a slip of the
keyboard do not make an answer wrong. What cannot be told is ``unsure``, and is not counted against anyone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from rapidfuzz.distance import OSA

from adaptive.content.model import Question
from adaptive.content.words import cut, one_spelling

Judgement = Literal["right", "wrong", "unsure", "unknown"]

_QUOTES = re.compile('[《》〈〉“”‘’「」『』【】"]')
_MARKS = re.compile(r"[^\w\s%+=/.:-]|(?<!\d)[.:/+=-]|[.:/+=-](?!\d)|_")
_SPACE = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])")
_SAME = str.maketrans({"地": "的", "得": "的", "她": "他", "它": "他", "妳": "你", "您": "你", "叁": "三", "两": "二"})
_SHORT_FORMS = tuple(
    (re.compile(pattern), whole)
    for pattern, whole in (
        (r"\bcan'?t\b", "can not"), (r"\bcannot\b", "can not"), (r"\bwon't\b", "will not"), (r"n't\b", " not"),
        (r"'m\b", " am"), (r"'re\b", " are"), (r"'ve\b", " have"), (r"'ll\b", " will"),
        (r"\b(it|that|he|she|what|where|there|here)'s\b", r"\1 is"),
    )
)  # fmt: skip
_NEGATION = re.compile(
    r"不应该|不可以|不能够|千万别|不要|不用|不能|不可|不该|不必|不许|不准|不让|不想|不会|不去|没有|无需|无须|禁止|不是|并非"
    r"|不|别|没|勿|莫|(?<![a-z])(?:do not|does not|did not|can not|must not|should not|not|never|no)(?![a-z])"
)
# Negations that deny nothing about what follows, or that come in pairs.
_NO_NEGATION = re.compile(
    r"不但|不仅|不光|不只|不过|不管|不论|不错|要不|差不多|不一会|不久|不止|不如|不然|不断|不同|别人|别的|特别|区别|别处"
    r"|没关系|不好意思|[不别](?:要|用)?(?:慌|急|怕|着急|紧张|害怕|担心|客气)|([一-龥])不\1|不[得能会可]不|不是不|没有不"
    r"|no problem|not only"
)
# As `_bare` leaves them: without spaces and 了, 得 written 的.
_UNKNOWN = frozenset((
    "不知道", "不清楚", "不晓的", "不懂", "不会", "我不知道", "我不会", "我不清楚", "不记的", "忘", "我忘", "说不好",
    "不确定", "没学过", "idonotknow", "donotknow", "idontknow", "dontknow", "idk", "noidea",
))  # fmt: skip
_REACH = 3
_NEAR = 1 / 3
_FUNCTION = frozenset(
    "的了是在我你他们有和就都要会去把被给让先再后也到用对吗呢吧啊呀一个这那人说着过以可能不没别上下来"
)


def judge(question: Question, text: str) -> tuple[Judgement, str]:
    """What an answer to a text question is, and a code that says why."""
    answer = _clauses(text)
    bare = _bare(answer)
    if not bare or bare in _UNKNOWN:
        return "unknown", "unknown"
    accepted = [_clauses(accept) for accept in question.accept]
    if any(bare == _bare(accept) for accept in accepted):
        return "right", "right"
    own = [*accepted, *(_clauses(word) for group in question.keywords for word in group)]
    denied = _denied(answer, own)
    denied = (*denied, *_carried_on(answer, own, denied))
    if any(_stands(answer, _clauses(word), denied) for word in question.reject):
        return "wrong", "text_rejected"
    if any(_stands(answer, accept, denied) for accept in accepted):
        return "right", "right"
    groups = [[_clauses(word) for word in group] for group in question.keywords]
    met = [any(_stands(answer, word, denied) for word in group) for group in groups]
    if met and all(met):
        return "right", "right"
    if denied and groups and all(any(_stands(answer, word, ()) for word in group) for group in groups):
        return "unsure", "text_denied"
    if any(met):
        return "unsure", "text_incomplete"
    if any(_near(bare, _bare(accept)) for accept in accepted):
        return "unsure", "text_near"
    known = [*own, _clauses(question.model_answer or "")]
    return ("unsure", "text_unsure") if _akin(answer, known) else ("wrong", "text_elsewhere")


def _clauses(text: str) -> str:
    """One spelling, with ``|`` for each mark that parts clauses, and spaces between foreign words only."""
    text = _QUOTES.sub("", one_spelling(text).replace("’", "'"))
    for pattern, whole in _SHORT_FORMS:
        text = pattern.sub(whole, text)
    text = text.replace("'", "")
    return re.sub(r"\|+", "|", _SPACE.sub("", _MARKS.sub("|", text.translate(_SAME)))).strip("|")


def _bare(clauses: str) -> str:
    text = clauses.replace("|", "").replace(" ", "")
    return re.sub(r"(?<=.)[了啊呀吧呢嘛哦啦]+$", "", text)


def _found(answer: str, word: str) -> Iterator[int]:
    """Where a word or phrase stands; foreign words and numbers only as wholes."""
    if not word:
        return
    left = r"(?<![a-z])" if "a" <= word[0] <= "z" else r"(?<![\d.])" if word[0].isdecimal() else ""
    right = r"(?![a-z])" if "a" <= word[-1] <= "z" else r"(?!\d|\.\d)" if word[-1].isdecimal() else ""
    pattern = left + re.escape(word).replace(r"\|", r"\|?") + right
    yield from (found.start() for found in re.finditer(pattern, answer))


def _denied(answer: str, own: Iterable[str]) -> tuple[int, ...]:
    """Where denials end that bear on what follows; those that belong to the author's own words do not count."""
    own_spans = [(at, at + len(word)) for word in own for at in _found(answer, word)]
    harmless = [m.span() for m in _NO_NEGATION.finditer(answer)]
    spans = [m.span() for m in _NEGATION.finditer(answer)]
    return tuple(
        end
        for start, end in spans
        if not any(a <= start and end <= b for a, b in own_spans)
        and not any(a < end and start < b for a, b in harmless)
    )


def _carried_on(answer: str, own: Iterable[str], denied: tuple[int, ...]) -> list[int]:
    """Ends of denied words: what follows one closely in the same clause is denied with it (不要街道服务中心)."""
    spans = sorted({(at, at + len(word)) for word in own for at in _found(answer, word)})
    ends = list(denied)
    for start, end in spans:
        if any(0 <= start - before <= _REACH and "|" not in answer[before:start] for before in ends):
            ends.append(end)
    return ends[len(denied) :]


def _stands(answer: str, word: str, denied: Iterable[int]) -> bool:
    """Whether a word is said, and not denied in the same clause just before it."""
    for at in _found(answer, word):
        before = [end for end in denied if 0 <= at - end <= _REACH and "|" not in answer[end:at]]
        if not before:
            return True
    return False


def _near(answer: str, accept: str) -> bool:
    longest = max(len(answer), len(accept))
    return longest >= 3 and OSA.distance(answer, accept, score_cutoff=longest) / longest <= _NEAR


def _akin(answer: str, known: Iterable[str]) -> bool:
    """Whether an answer has a word or a telling character in common with what was expected."""
    expected = {word for text in known for word in (*cut(text), *text)} - _FUNCTION - {"|", " "}
    return any(word in expected for word in (*cut(answer), *answer))
