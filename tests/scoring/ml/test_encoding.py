import hashlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml import encoding

TEXTS = [
    "vegan cooking for students",
    "Plant-based recipes on a budget",
    "Heavy metal drummer from Oslo",
    "🏋️‍♀️ coach",
    "料理と旅行",
    "word " * 2_000,
    "vegan  cooking\nfor students ",
]


@pytest.fixture(scope="module")
def encoder():
    return encoding.get_encoder()


def test_encode_gives_unit_vectors_in_the_order_asked(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoding.DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_text_has_the_same_vector_alone_and_in_any_batch(encoder):
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(together, backwards, atol=1e-5)


def test_texts_that_differ_in_white_space_only_share_vector_and_hash(encoder):
    vectors = encoder.encode(TEXTS)
    assert (vectors[0] == vectors[6]).all()
    assert encoding.text_hash(TEXTS[0]) == encoding.text_hash(TEXTS[6])


def test_nothing_after_256_word_pieces_counts(encoder):
    first, second = encoder.encode(["word " * 300 + "one end", "word " * 300 + "another"])
    assert (first == second).all()


@pytest.mark.parametrize("empty", ["", "  \n\t", "\x00\x07", "\u200b", "\ud800"])
def test_encode_refuses_a_text_with_nothing_to_read(encoder, empty):
    assert encoding.is_empty(empty)
    with pytest.raises(encoding.EmptyText, match="Text 1 is empty"):
        encoder.encode(["fine", empty])


def test_encode_refuses_what_is_not_a_list_of_texts(encoder):
    with pytest.raises(TypeError, match="sequence of texts"):
        encoder.encode("one text")
    with pytest.raises(TypeError, match="Text 0 is NoneType"):
        encoder.encode([None])


def test_encoding_nothing_gives_no_rows(encoder):
    assert encoder.encode([]).shape == (0, encoding.DIMENSIONS)


def test_a_megabyte_without_meaning_is_read_in_no_time(encoder):
    assert encoder.encode(["x" * 1_000_000, "\ud83d" * 10 + "a \x00b"]).shape[0] == 2


def test_progress_counts_distinct_texts_and_may_stop_the_work(encoder):
    seen = []
    encoder.encode([*TEXTS, *TEXTS], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (6, 6)
    assert seen == sorted(seen)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoder.encode(TEXTS, progress=stop)


def test_every_thread_gets_the_same_encoder():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(encoding.get_encoder())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(item) for item in found}) == 1


def test_float32_equals_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(str(encoding.model_directory()), device="cpu")
    ours = encoding.TextEncoder(precision="float32").encode(TEXTS)
    np.testing.assert_allclose(ours, peer.encode(TEXTS), atol=1e-5)


def test_the_fast_precision_stays_close_to_float32(encoder):
    exact = encoding.TextEncoder(precision="float32").encode(TEXTS)
    assert (exact * encoder.encode(TEXTS)).sum(axis=1).min() > 0.999


def test_importing_the_module_does_not_load_torch():
    code = "import sys, scoring.ml.encoding; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_changed_weights_are_refused(monkeypatch):
    encoding.model_directory.cache_clear()
    monkeypatch.setattr(encoding, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(encoding.EncoderUnavailable, match="not those of all-MiniLM-L6-v2"):
        encoding.model_directory()


def test_the_precision_can_be_set_by_the_environment(monkeypatch):
    monkeypatch.setenv(encoding.PRECISION_VARIABLE, "float32")
    assert encoding.choose_precision() == "float32"
    monkeypatch.setenv(encoding.PRECISION_VARIABLE, "int4")
    with pytest.raises(ValueError, match="int4"):
        encoding.choose_precision()


def test_the_hash_is_sha256_of_the_normalised_text():
    assert encoding.text_hash(" a\u0301  b") == hashlib.sha256("á b".encode()).hexdigest()


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = encoding.normalise_text(text)
    assert encoding.normalise_text(once) == once
    once.encode("utf-8")


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 1_024))
def test_batches_hold_every_position_once_and_one_length_each(lengths, budget):
    batches = list(encoding.equal_length_batches(lengths, budget))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[i] for i in batch}) == 1
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= budget
