"""Masking: what could tell who someone is goes out of a text before it leaves the house."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

_HAN = "\u4e00-\u9fff"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊"
    "纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪"
    "包诸左石崔吉龚程邢裴陆荣翁荀甄曲家封储靳汲松段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙"
    "叶幸司韶黎薄印宿白怀蒲从鄂索赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴"
    "瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾"
    "毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖"
)
_NAME = rf"[{_SURNAMES}][{_HAN}]{{1,2}}"
_ACCOUNT = r"(?:微信号?|QQ号?|账号|卡号|护照号?)\s*(?:码|是|为|:|：)?\s*([A-Za-z0-9][\w-]{4,})"
_BIRTH = r"(?:生日|出生(?:日期|年月)?|生于)(?:是|为|在|:|：)?\s*(\d{4}[年./-]\d{1,2}(?:[月./-]\d{1,2}日?)?)"
_ADDRESS = (
    rf"[{_HAN}0-9]{{2,12}}(?:路|街|胡同|里|巷|小区|家园|园)"
    rf"(?:[{_HAN}]{{0,6}}\d+(?:号|栋|楼|单元|室|门)院?)+"
)
# In this order: what is longer and surer first. Each is (kind, pattern, the group that is masked).
_PATTERNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), 0),
    ("link", re.compile(r"(?:https?://|www\.)[^\s，。）)]+"), 0),
    ("identity", re.compile(r"(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?![0-9])"), 0),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), 0),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"), 0),
    ("number", re.compile(r"(?<!\d)\d(?:[ -]*\d){6,}(?!\d)"), 0),
    ("account", re.compile(_ACCOUNT, re.ASCII), 1),
    ("birth", re.compile(_BIRTH), 1),
    ("address", re.compile(_ADDRESS), 0),
    ("name", re.compile(rf"(?:我叫|名叫|名字叫|名字是|姓名[:：]?|我是)({_NAME})(?![{_HAN}])"), 1),
    ("name", re.compile(rf"(?:我叫|名叫|名字叫|名字是|姓名[:：]?)({_NAME})"), 1),
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what names a person, and how often each kind was found."""

    text: str
    kinds: dict[str, int]


def mask(text: str, names: Iterable[str] = ()) -> Masked:
    """Replace names, identity, telephone, card and account numbers, addresses, births and links by ``[kind]``.

    ``names`` are names known to belong to the person who asks and to people close to them; they go wherever they stand.
    What no pattern knows is kept, so the text may still say something of a person: it goes only where this suffices.
    """
    kinds: dict[str, int] = {}

    def out(kind: str) -> str:
        kinds[kind] = kinds.get(kind, 0) + 1
        return f"[{kind}]"

    for name in sorted((n.strip() for n in names), key=len, reverse=True):
        if len(name) > 1:
            text = re.sub(re.escape(name), lambda _found: out("name"), text, flags=re.IGNORECASE)
    for kind, pattern, group in _PATTERNS:
        text = pattern.sub(partial(_without, group=group, say=partial(out, kind)), text)
    return Masked(text, kinds)


def _without(found: re.Match[str], *, group: int, say: Callable[[], str]) -> str:
    start, end = found.start(group) - found.start(), found.end(group) - found.start()
    return found[0][:start] + say() + found[0][end:]
