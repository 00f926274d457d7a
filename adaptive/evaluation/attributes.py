"""What people may tell so that fairness can be checked: the attributes and their values, as codes.

Coarse on purpose: a value is shared by many, and nobody has to say. Districts are those of Beijing by their usual
pinyin; ethnic groups the largest of the city, the others together, so that no small group stands alone.
"""

from collections.abc import Mapping

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "age_band": ("under-45", "45-59", "60-69", "70-79", "80-and-over"),
    "sex": ("female", "male"),
    "district": (
        *("dongcheng", "xicheng", "chaoyang", "fengtai", "shijingshan", "haidian", "mentougou", "fangshan"),
        *("tongzhou", "shunyi", "changping", "daxing", "huairou", "pinggu", "miyun", "yanqing", "elsewhere"),
    ),
    "ethnicity": ("han", "manchu", "hui", "mongol", "another"),
    "occupation": ("retired", "employed", "own-business", "farming", "home", "studying", "seeking", "another"),
    "disability": ("none", "seeing", "hearing", "moving", "understanding", "several"),
}
