"""What the libraries share at the edge: typed errors with a code, and sentences by code from each one's catalogue."""

import accessibility.sentences
import adaptive.sentences
import credit_bank.sentences
from accessibility.errors import AccessibilityError
from adaptive.errors import AdaptiveError
from credit_bank.errors import CreditBankError

LibraryError = CreditBankError | AdaptiveError | AccessibilityError
LIBRARY_ERRORS: tuple[type[CreditBankError], type[AdaptiveError], type[AccessibilityError]] = (
    CreditBankError,
    AdaptiveError,
    AccessibilityError,
)


def sentence(key: str, locale: str, /, **parameters: str | int | float | None) -> str:
    """The sentence of a code, from whichever library has it.

    Raises KeyError for an unknown key, locale or parameter.
    """
    if key in adaptive.sentences.catalogue():
        return adaptive.sentences.sentence(key, locale, **parameters)
    if key in accessibility.sentences.catalogue():
        return accessibility.sentences.sentence(key, locale, **parameters)  # type: ignore[arg-type] # it raises no floats
    return credit_bank.sentences.sentence(key, locale, **parameters)  # type: ignore[arg-type] # nor does this


def catalogue() -> dict[str, dict[str, str]]:
    """Every sentence of every library, by key; no key stands in two of them (a test looks)."""
    return {
        **credit_bank.sentences.catalogue(),
        **adaptive.sentences.catalogue(),
        **accessibility.sentences.catalogue(),
    }
