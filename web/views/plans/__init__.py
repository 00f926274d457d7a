"""What credits can become: a learner's own in every programme, and anybody's in one, by the published rules."""

from web.views.plans import mine, trial
from web.views.plans.blueprint import blueprint

__all__ = ["blueprint", "mine", "trial"]
