"""TOML texts of rules as people write them: any order, spacing, kind of quotes, comments and ends of lines."""

from random import Random

from hypothesis import strategies as st

NAMES = ("甲“乙”", "# no", "a]b", "x = 1", "[[rule]]", "{}", "a, b")
COMMENTS = ("", "", " # 说明 “引号” ]] = { ", "\t#x", "#[[rule]]")
FROM = (
    '"x: 1"',
    '["x: 2", "x: ]#"]',
    '[\n  "x: 2", # both ]\n\t{ any = ["x: 3", ["x: 4"]] },\n]',
    '{ course = "A", institution = "b" }',
)


def _string(random: Random, text: str) -> str:
    return random.choice([f'"{text}"', f"'{text}'", f'"""\n{text}"""', f"'''{text}'''", f'"""\\\n   {text}"""'])


def _pairs(random: Random, number: int) -> list[tuple[str, str]]:
    found = [
        ("id", _string(random, f"r{number}")),
        ("title", _string(random, random.choice(NAMES))),
        ("from", random.choice(FROM)),
    ]
    if random.random() < 0.7:
        found.append(("to", random.choice([_string(random, "B"), '{ course = "B", credits = "2.5" }'])))
    if random.random() < 0.3:
        found.append(("priority", str(random.randint(0, 200))))
    random.shuffle(found)
    return found


def _space(random: Random) -> str:
    return random.choice(["", " ", "  ", "\t"])


def _under_header(random: Random, number: int) -> list[str]:
    lines = [random.choice(["", "# about it", "   # indented"]) for _ in range(random.randint(0, 2))]
    lines.append(random.choice(["[[rule]]", "[[ rule ]]", '[["rule"]]', "  [[rule]]"]) + random.choice(COMMENTS))
    for key, value in _pairs(random, number):
        lines += ["# in between"] if random.random() < 0.2 else []
        lines.append(f"{_space(random)}{key}{_space(random)}={_space(random)}{value}{random.choice(COMMENTS)}")
    lines += ["[rule.bridge]", 'task = "t" # tt', 'share = "1/2"'] if random.random() < 0.2 else []
    return lines + (["[[limit]]", f'id = "l{number}"'] if random.random() < 0.2 else [])


def _in_braces(random: Random, number: int) -> str:
    pairs = [f"{key}{_space(random)}={_space(random)}{value}" for key, value in _pairs(random, number)]
    return "{" + _space(random) + f"{_space(random)},{_space(random)}".join(pairs) + _space(random) + "}"


def _listed(random: Random, count: int) -> list[str]:
    tables = [_in_braces(random, number) for number in range(count)]
    if random.random() < 0.3:
        return [f"rule = [ {', '.join(tables)}{random.choice(['', ',', ' , '])}]"]
    lines = [f"rule = [{random.choice(COMMENTS)}"]
    for number, table in enumerate(tables):
        lines += ["  # member"] if random.random() < 0.3 else []
        comma = "" if number == count - 1 and random.random() < 0.5 else ","
        lines.append(f"  {table}{comma}{random.choice(COMMENTS)}")
    return [*lines, "]"]


@st.composite
def odd_texts(draw: st.DrawFn) -> str:
    """A text with one to four rules that ``tomllib`` reads."""
    random = draw(st.randoms(use_true_random=False))
    lines = ["# file", f'format = "evergreen-rules-1"{random.choice(COMMENTS)}', f"title={_string(random, 'T')}"]
    count, policy = random.randint(1, 4), ["[policy]", "chain = 0 # c"]
    if random.random() < 0.5:
        lines += [*_listed(random, count), *(policy if random.random() < 0.5 else ())]
    else:
        lines += policy if random.random() < 0.5 else []
        lines += [line for number in range(count) for line in _under_header(random, number)]
    text = "\n".join(lines) + random.choice(["", "\n", "\n\n"])
    return text.replace("\n", "\r\n") if random.random() < 0.3 else text
