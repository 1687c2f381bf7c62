"""Bidirectional LSTM over the steps (Hochreiter and Schmidhuber, 1997)."""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

from scoring.ml.engagement.deep.batch import Batch
from scoring.ml.engagement.deep.detector import DeepDetector
from scoring.ml.engagement.deep.inputs import CHANNELS
from scoring.ml.engagement.deep.network import StepNetwork, SupervisedNetwork

HIDDEN: Final = 24
DROPOUT: Final = 0.1


class LSTMNetwork(SupervisedNetwork):
    """One layer in either direction, so that a step is judged by what follows it too."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Linear(CHANNELS, HIDDEN)
        self.lstm = nn.LSTM(HIDDEN, HIDDEN, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(DROPOUT)
        self.head = nn.Linear(2 * HIDDEN, 1)

    def forward(self, batch: Batch) -> Tensor:
        steps = batch.channels.shape[1]
        entered = nn.functional.relu(self.enter(batch.channels))
        # packed, or the backward pass would begin in the padding
        packed = nn.utils.rnn.pack_padded_sequence(
            entered, batch.lengths, batch_first=True, enforce_sorted=False
        )
        hidden, _ = nn.utils.rnn.pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=steps
        )
        raw: Tensor = self.head(self.drop(hidden)).squeeze(-1)
        return raw


class LSTMDetector(DeepDetector):
    """Score of a step: its log-odds against those of organic steps (see `OrganicUnits`)."""

    name = "lstm"

    def build(self) -> StepNetwork:
        return LSTMNetwork()


DETECTOR = LSTMDetector
