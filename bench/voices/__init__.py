"""Synthetic speakers and what befalls their speech, for ``python -m bench voice`` and the tests."""
