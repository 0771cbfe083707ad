"""Whatever was asked before, an answer is what a fresh Reading gives."""

import random

from numpy.testing import assert_allclose

from tests.fakes.steps import finish

QUESTIONS = ("What is on the red label?", "What is on the left?", "Why?")
BOXES = {"whole": (), "A": ((10, 20, 50, 60),), "AB": ((10, 20, 50, 60), (60, 5, 110, 40))}


def ask(reading, question):
    answer, rows = finish(reading.ask(question, layers=(1, 2), max_tokens=4))
    return answer.text, [token.logprob for token in answer.tokens], rows.values


def speak(reading, question):
    answer, _ = finish(reading.ask(question, max_tokens=4))
    return answer.text, [token.logprob for token in answer.tokens], answer.margin


def attend(reading, question):
    return "", reading.attend(question, layers=(0, 2)).values, 0


def weigh(reading, question):
    return "", reading.gradient(question, layer=2).values, 0


WORK = (ask, speak, attend, weigh)


class Desk:
    """Readings of two pictures, and of parts added to them."""

    def __init__(self, model, picture):
        self.readings = {}
        for seed in (0, 1):
            whole = model.read([picture(seed=seed)])
            self.readings[seed, "whole"] = whole
            for name in ("A", "AB"):
                views = [picture(box, seed=seed) for box in BOXES[name]]
                self.readings[seed, name] = whole.extended(views)


def test_the_order_of_questions_changes_nothing(pair, picture):
    model = pair.load()
    dice = random.Random(0)
    together = Desk(model, picture)
    fresh = {}
    for _ in range(18):
        job = (dice.randrange(2), dice.choice(list(BOXES))), dice.choice(WORK)
        key, work = job
        question = dice.choice(QUESTIONS)
        if (key, work, question) not in fresh:
            fresh[key, work, question] = work(Desk(model, picture).readings[key], question)
        if dice.random() < 0.5:
            reading = together.readings[key]
            getattr(reading, "inner", getattr(reading, "rows", {})).clear()
        text, numbers, more = work(together.readings[key], question)
        wanted = fresh[key, work, question]
        assert text == wanted[0]
        assert_allclose(numbers, wanted[1], atol=2e-5, rtol=1e-4)
        assert_allclose(more, wanted[2], atol=2e-5)
