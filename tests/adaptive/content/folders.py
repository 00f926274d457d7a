"""A small sound library on disk, to be broken one thing at a time."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessibility.text import readability
from adaptive.content.check import check_folders
from adaptive.content.fault import Fault

TODAY = date(2026, 11, 22)

SKILLS = """\
name: {zh: 手机, en: Phone}
skills:
  - id: phone.unlock
    name: {zh: 解锁, en: Unlock}
    can: {zh: 能解锁手机, en: Can unlock a phone}
    level: 1
  - id: phone.call
    name: {zh: 打电话, en: Call}
    can: {zh: 能给家人打电话, en: Can call family}
    level: 1
    requires: [phone.unlock]
"""
COURSE = """\
---
title: {zh: 手机入门, en: First steps}
summary: {zh: 一步一步来, en: Step by step}
area: phone
level: 1
audience: [elder]
items: [call]
credential:
  name: {zh: 手机基本使用, en: Basic use}
  skills: [phone.call]
  hours: 6
  level: 1
author: 常青学分银行
licence: CC-BY-4.0
drafting: ai
reviewed: 2026-11-20
review_due: 2027-11-20
---
学会开机和打电话。
"""
ITEM = """\
---
title: {zh: 打电话, en: Make a call}
skills: [phone.unlock, phone.call]
level: 1
minutes: 8
reading_level: simple
recheck: 2027-11-22
sources:
  - {title: 手机说明书, publisher: 厂家, date: "2024", url: https://example.org/a}
---
## 怎么打

先点电话图标，再点家人的名字。

![绿色的电话图标](phone.svg)
"""
EASY = """\
点绿色的图标。

再点女儿的名字。

等她接电话。
"""
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" role="img">
  <title>电话图标</title>
  <desc>绿色圆角方块，中间一只白色听筒。</desc>
  <rect width="320" height="200" fill="#ffffff"/>
  <text x="20" y="40" font-size="18">电话</text>
</svg>
"""
PRACTICE = """\
questions:
  - id: who
    kind: choice
    difficulty: 2
    prompt: 家里冒烟了，先打哪个电话？
    options:
      - {text: "119", correct: true, why: 火警电话}
      - {text: "110", why: 这是报警电话}
    hints: [想想消防车]
    explanation: 火警是 119。
  - id: price
    kind: number
    difficulty: 1
    prompt: 一共多少钱？
    answer: "12.5"
    unit: 元
    hints: [加起来]
    explanation: 十二块五。
  - id: gas
    kind: text
    difficulty: 3
    prompt: 闻到燃气味怎么办？
    accept: [关掉燃气阀门]
    keywords: [[关], [燃气, 煤气]]
    reject: [打开]
    model_answer: 先关燃气阀门，再开窗。
    hints: [想想阀门]
    explanation: 先关阀门。
  - id: steps
    kind: order
    difficulty: 2
    prompt: 排好顺序
    sequence: [解锁, 点图标, 点名字]
    hints: [先解锁]
    explanation: 先解锁。
  - id: pairs
    kind: match
    difficulty: 2
    prompt: 连一连
    pairs: [[火警, "119"], [急救, "120"]]
    distractors: ["114"]
    hints: [先找火警]
    explanation: 火警 119，急救 120。
  - id: many
    kind: several
    difficulty: 2
    prompt: 哪些要做？
    options:
      - {text: 关火, correct: true}
      - {text: 浇水, why: 油会溅}
      - {text: 盖锅盖, correct: true}
    hints: [想想氧气]
    explanation: 关火，盖盖。
  - id: hear
    kind: listen
    difficulty: 2
    prompt: 他是谁？
    script: 我是您孙子，我换号码了。
    options:
      - {text: 骗子, correct: true}
      - {text: 孙子, why: 没有打旧号码核实}
    hints: [打旧号码问问]
    explanation: 要核实。
"""


@dataclass(frozen=True)
class Folder:
    """A library's folder."""

    path: Path

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> int:
        """Replace a text that stands there once, and give the line on which it stood."""
        text = (self.path / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def faults(self) -> dict[str, Fault]:
        """Its faults by code, without the common beginning of the codes."""
        return {f.code.removeprefix("content."): f for f in self.check()}

    def check(self) -> tuple[Fault, ...]:
        """Its faults in order."""
        return check_folders(self.path, measure=readability.measure, today=TODAY)


def sound(path: Path) -> Folder:
    """A library without a fault."""
    folder = Folder(path)
    folder.write("skills/phone.yaml", SKILLS)
    folder.write("courses/phone-basics/course.md", COURSE)
    for name, text in (("item.md", ITEM), ("easy.md", EASY), ("practice.yaml", PRACTICE), ("phone.svg", SVG)):
        folder.write(f"courses/phone-basics/call/{name}", text)
    return folder
