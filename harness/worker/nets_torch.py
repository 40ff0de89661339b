"""Small networks of PyTorch.

This is the author's own code, as it stands beside any saved network: a file of `torch.save` names
the classes here, and whoever loads it needs this module. It imports torch, so the registry does not
import it; recipes, formats and pickles do, by name.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import torch
from torch import nn


class Net(nn.Module):  # type: ignore[misc]
    """A module that remembers how it was built. `answers` says what its outputs are."""

    answers = "classifier"
    epochs = 40
    rate = 0.01

    def __init__(self, **config: Any) -> None:
        super().__init__()
        self.config = config

    def loss(self, outputs: List[Any], y: Any) -> Any:
        return nn.functional.cross_entropy(outputs[0].float(), y.long(), label_smoothing=0.05)


class Mlp(Net):
    """Two hidden layers; inputs standardised by buffers, which are learnt but no parameters."""

    def __init__(self, inputs: int, hidden: int, dropout: float, dtype: str) -> None:
        super().__init__(inputs=inputs, hidden=hidden, dropout=dropout, dtype=dtype)
        self.norm = nn.BatchNorm1d(inputs, affine=False, momentum=0.3)
        self.body = nn.Sequential(
            nn.Linear(inputs, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden // 2),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden // 2, 10),
        )
        self.to(getattr(torch, dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(self.norm(x.to(self.body[0].weight.dtype)))


class Cnn(Net):
    """Pictures of eight times eight: convolutions, one of them in groups, and batch norm."""

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__(channels=channels, dropout=dropout)
        self.body = nn.Sequential(
            nn.Unflatten(1, (1, 8, 8)),
            nn.Conv2d(1, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels, eps=1e-3, momentum=0.2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(channels, 2 * channels, 3, padding=1, groups=2),
            nn.BatchNorm2d(2 * channels),
            nn.SiLU(),
            nn.Dropout2d(dropout),
            nn.Flatten(),
            nn.Linear(2 * channels * 16, 10),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x / 16.0)


class Gru(Net):
    """Reads a picture row by row, in both directions."""

    def __init__(self, hidden: int, layers: int) -> None:
        super().__init__(hidden=hidden, layers=layers)
        self.rnn = nn.GRU(
            8, hidden, layers, batch_first=True, bidirectional=True, dropout=0.1 * (layers - 1)
        )
        self.head = nn.Linear(2 * hidden, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, _ = self.rnn(x.unflatten(1, (8, 8)) / 16.0)
        return self.head(steps[:, -1])


class Attention(Net):
    """Rows of a picture as tokens, with places that are learnt, through an encoder's layer."""

    epochs = 60
    rate = 0.006

    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width=width, heads=heads)
        self.place = nn.Parameter(0.1 * torch.randn(8, width))
        self.embed = nn.Linear(8, width)
        self.encoder = nn.TransformerEncoderLayer(
            width, heads, 2 * width, dropout=0.05, activation="gelu", batch_first=True
        )
        self.head = nn.Linear(width, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = self.embed(x.unflatten(1, (8, 8)) / 16.0) + self.place
        return self.head(self.encoder(tokens).mean(dim=1))


class Codes(Net):
    """Two codes of categories as embeddings beside three numbers; two outputs."""

    answers = "embedder"

    def __init__(self, codes: int, width: int) -> None:
        super().__init__(codes=codes, width=width)
        self.sugar = nn.Embedding(codes, width, max_norm=2.0)
        self.age = nn.Embedding(codes, width)
        self.mix = nn.Linear(2 * width + 3, 6)
        self.head = nn.Linear(6, 2)

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        codes = x[:, :2].long()
        parts = [self.sugar(codes[:, 0]), self.age(codes[:, 1]), x[:, 2:]]
        hidden = torch.tanh(self.mix(torch.cat(parts, dim=1)))
        return self.head(hidden), hidden


class Shared(Net):
    """One layer used twice under two names: two entries of its state are the same memory."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs=inputs, hidden=hidden)
        self.enter = nn.Linear(inputs, hidden)
        self.first = nn.Linear(hidden, hidden)
        self.second = self.first
        self.head = nn.Linear(hidden, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.enter(x / 16.0))
        hidden = torch.relu(self.second(torch.relu(self.first(hidden))))
        return self.head(hidden)


class Branch(Net):
    """Leaves early where each row of a batch is easy: a branch on values, not on shapes."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs=inputs, hidden=hidden)
        self.enter = nn.Linear(inputs, hidden)
        self.easy = nn.Linear(hidden, 10)
        self.hard = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.enter(x / 16.0))
        first = self.easy(hidden)
        if bool(first.softmax(dim=1).amax(dim=1).min() > 0.7):
            return first
        return first + 0.2 * self.hard(hidden)


class Normed(Net):
    """Two numbers at once, in double precision, with a weight that is computed from two others."""

    answers = "regressor"
    epochs = 120
    rate = 0.02

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs=inputs, hidden=hidden)
        self.enter = nn.utils.parametrizations.weight_norm(nn.Linear(inputs, hidden))
        self.head = nn.Linear(hidden, 2)
        self.double()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 50.0 * self.head(torch.tanh(self.enter(x.double())))

    def loss(self, outputs: List[Any], y: Any) -> Any:
        return nn.functional.huber_loss(outputs[0], y.double(), delta=30.0)


class Autoencoder(Net):
    """Learns without targets; the answer is the code in the middle, the rest comes with it."""

    answers = "encoder"

    def __init__(self, inputs: int, code: int) -> None:
        super().__init__(inputs=inputs, code=code)
        self.encode = nn.Sequential(nn.Linear(inputs, 12), nn.ELU(alpha=0.7), nn.Linear(12, code))
        self.decode = nn.Sequential(nn.Linear(code, 12), nn.ELU(alpha=0.7), nn.Linear(12, inputs))

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        code = self.encode(x / 16.0)
        return code, self.decode(code) * 16.0

    def loss(self, outputs: List[Any], y: Any) -> Any:
        return nn.functional.mse_loss(outputs[1], y)


class Wide(Net):
    """A layer of weights without a purpose, never fitted."""

    answers = "encoder"

    def __init__(self, width: int) -> None:
        super().__init__(width=width)
        self.body = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x)


NETS: Dict[str, Any] = {
    net.__name__: net
    for net in (Mlp, Cnn, Gru, Attention, Codes, Shared, Branch, Normed, Autoencoder, Wide)
}


def build(name: str, config: Dict[str, Any]) -> Any:
    """An untrained module of a class that stands in `NETS`, always with the same weights."""
    torch.manual_seed(0)
    return NETS[name](**config)
