"""What comments say: repetition by hand-made texts, sentiment in English alone."""

import time

import pytest

from scoring.ml.comment_quality import is_english, measure_comments

LINES = """
I tried this at home and my bowl cracked in the kiln
Which clay do you use for the blue mugs?
My grandmother had exactly the same plate on her wall
The second half of the video explains it much better
Could you show how you mix the glaze next time
We are visiting Porto in June, is the shop open on Sundays
That lamp would look wonderful in our kitchen
Not convinced by the handle, it seems too thin to hold
Ordered two of these last week and they arrived today
How long did the whole set take you to finish
The music is too loud, I cannot hear what you say
Please never stop making these calm little films
I learned throwing from your first tutorial three years ago
Does the shelf come in walnut or only in oak
My kids now want a pottery wheel for Christmas, thanks
The colours remind me of the sea in winter
Is it safe for the dishwasher and the microwave
You forgot to link the book you mention at the start
Greetings from a rainy morning in Bergen
This is the fourth recipe that worked for me right away
What happened to the green vase from the last post
I disagree, stoneware keeps the heat far longer
Saving this for my weekend project in the garden
Beautiful light, which lens did you take that with
"""
HONEST = [line for line in LINES.splitlines() if line]
SPAM = [
    f"Amazing content, check my page for daily crypto signals {emoji}" for emoji in "🔥💯🚀😍👏" * 6
]


def test_no_texts_are_no_measure() -> None:
    assert measure_comments([]) is None
    assert measure_comments(["  ", ""]) is None


def test_different_comments_do_not_repeat_each_other() -> None:
    quality = measure_comments(HONEST)
    assert quality is not None
    assert quality.repeated == 0.0
    assert quality.repetition_ratio == 0.0


def test_the_same_sentence_with_other_emoji_is_repetition() -> None:
    quality = measure_comments(SPAM, [f"bot{n}" for n in range(len(SPAM))])
    assert quality is not None
    assert quality.repeated == 1.0
    assert quality.repetition_ratio == 1.0
    assert quality.authors == len(SPAM)


def test_a_mixture_has_the_share_that_was_mixed_in() -> None:
    quality = measure_comments(HONEST + SPAM[:8])
    assert quality is not None
    assert quality.repeated == pytest.approx(8 / 32)


def test_few_comments_are_not_judged() -> None:
    quality = measure_comments(SPAM[:5])
    assert quality is not None
    assert (quality.repeated, quality.generic, quality.sentiment) == (None, None, None)
    assert quality.repetition_ratio is None


def test_short_praise_is_generic_and_no_repetition() -> None:
    quality = measure_comments(["❤️❤️", "nice pic", "So cute!", "😍"] * 10)
    assert quality is not None
    assert quality.generic == 1.0
    assert quality.repeated is None


def test_sentiment_has_its_sign_and_abstains_on_other_languages() -> None:
    warm = measure_comments(["I love this, it is wonderful and the best"] * 12)
    cold = measure_comments(["This is the worst, I hate it and you are a scam"] * 12)
    foreign = measure_comments(["Очень красиво, спасибо большое за рецепт"] * 30)
    assert warm is not None
    assert cold is not None
    assert foreign is not None
    assert warm.sentiment is not None
    assert cold.sentiment is not None
    assert warm.sentiment > 0.5 > -0.5 > cold.sentiment
    assert (foreign.english, foreign.sentiment) == (0, None)
    assert not is_english("que bonito es todo esto".split())


def test_a_thousand_long_comments_take_less_than_a_few_seconds() -> None:
    texts = [f"{text} {n} times over" for n, text in enumerate(HONEST * 42)]
    started = time.perf_counter()
    measure_comments(texts)
    assert time.perf_counter() - started < 5
