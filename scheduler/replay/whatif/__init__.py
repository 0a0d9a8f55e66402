"""What-if for managers: ask(scenario, question, policy), and rankings of training and equipment."""

from scheduler.replay.whatif.answer import Answer, ask
from scheduler.replay.whatif.questions import (
    Change,
    authorised,
    breaks,
    clerk_absent,
    equipped,
    more_demand,
    one_clerk_fewer,
    one_clerk_more,
    promise,
    window_opened,
    window_shut,
)
from scheduler.replay.whatif.worth import Worth, worth_of_equipment, worth_of_training

__all__ = [
    "Answer",
    "Change",
    "Worth",
    "ask",
    "authorised",
    "breaks",
    "clerk_absent",
    "equipped",
    "more_demand",
    "one_clerk_fewer",
    "one_clerk_more",
    "promise",
    "window_opened",
    "window_shut",
    "worth_of_equipment",
    "worth_of_training",
]
