"""One course compared with 100,000: its time against a sparse matrix product over the same words, and the memory."""

import random
import statistics
import time
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from bench import measuring
from credit_bank.recognition.comparison.comparing import compare
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import shipped_models
from credit_bank.recognition.comparison.precedent import Precedents

AIM = 50  # ms
HOW = [
    "Introduction to",
    "Advanced",
    "Topics in",
    "Applied",
    "Principles of",
    "History of",
    "Methods of",
    "Seminar in",
    "Theory of",
    "Practical",
]
WHAT = [
    "Calculus",
    "Linear Algebra",
    "Organic Chemistry",
    "Accounting",
    "Marketing",
    "Painting",
    "Nursing",
    "World History",
    "Macroeconomics",
    "Music",
    "Data Structures",
    "Thermodynamics",
    "Genetics",
    "Sociology",
    "Ethics",
    "Drawing",
    "Statistics",
    "Geology",
    "Film",
    "Ecology",
    "Welding",
    "Poetry",
]
FOR = [
    "Engineers",
    "Nurses",
    "Teachers",
    "Managers",
    "Beginners",
    "Artists",
    "Scientists",
    "Carers",
    "Citizens",
    "Writers",
]


def run(quick: bool) -> None:
    """Print milliseconds a question, the ratio to the plain product, and MiB of the index."""
    count = 10_000 if quick else 100_000
    chance = random.Random(7)
    courses = [_course(chance, n) for n in range(count)]
    before, began = measuring.memory(), time.perf_counter()
    index = CourseIndex(courses)
    made, held = time.perf_counter() - began, measuring.memory() - before
    decisions = [
        Equivalence((Described(f"College {n % 40}", f"X {n}", course.title),), (course,))
        for n, course in enumerate(chance.sample(courses, 5000))
    ]
    precedents, models = Precedents(decisions), shipped_models()
    asked = [Described("Another College", "ABC 101", one.title, one.description) for one in chance.sample(courses, 50)]
    whole = _median(asked, lambda course: compare([course], index, precedents, models))
    vectors = TfidfVectorizer()
    matrix = vectors.fit_transform([f"{course.title} {course.description}" for course in courses])
    plain = _median(asked, lambda course: matrix @ vectors.transform([f"{course.title} {course.description}"]).T)
    print(f"{count:,} courses indexed in {made:.1f} s, +{held:.0f} MiB")
    print(
        f"a course compared with all, {len(decisions):,} precedents beside them: {whole:.1f} ms (aim {AIM}); "
        f"the product of its words alone {plain:.1f} ms; ratio {whole / plain:.1f}"
    )


def _course(chance: random.Random, number: int) -> Described:
    title = (
        f"{chance.choice(HOW)} {chance.choice(WHAT)} for {chance.choice(FOR)} {chance.choice(['', 'I', 'II', 'III'])}"
    )
    words = " ".join(chance.choices(WHAT + FOR + HOW, k=20))
    return Described("The University", f"SUB{number % 90} {number}", title.strip(), words)


def _median(courses: Sequence[Described], work: Callable[[Described], object]) -> float:
    times: list[float] = []
    for course in courses:
        began = time.perf_counter()
        work(course)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
