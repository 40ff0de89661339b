"""What makes an estimator of a module of PyTorch: it is fitted on arrays and answers with arrays.

Like `nets_torch`, this is the author's own code, imported by name alone.
"""

from __future__ import annotations

from typing import Any, Dict, List

import torch

torch.set_num_threads(1)


class Network:
    """A module, or a program made of one, that is fitted on arrays and answers with arrays."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, type(self.module).__name__)

    def fit(self, X: Any, y: Any = None) -> Any:
        """Train in batches of 30 rows; the order is the same every time."""
        torch.manual_seed(0)
        rows = _tensor(X)
        targets = rows if y is None else torch.as_tensor(y)
        steps = torch.optim.AdamW(self.module.parameters(), lr=self.module.rate, weight_decay=0.02)
        self.module.train()
        for _ in range(self.module.epochs):
            for batch in torch.randperm(len(rows)).split(30):
                steps.zero_grad()
                self.module.loss(self._call(rows[batch]), targets[batch]).backward()
                steps.step()
        self.module.eval()
        return self

    def outputs(self, X: Any) -> List[Any]:
        """Each output as an array; numpy has no bfloat16, which float32 holds exactly."""
        with torch.no_grad():
            given = self._call(_tensor(X))
        return [part.float() if part.dtype == torch.bfloat16 else part for part in given]

    def _call(self, rows: Any) -> List[Any]:
        given = self.module(rows)
        return list(given) if isinstance(given, (tuple, list)) else [given]


class Classifier(Network):
    """The first output is a logit for each class."""

    def decision_function(self, X: Any) -> Any:
        return self.outputs(X)[0].numpy()

    def predict_proba(self, X: Any) -> Any:
        return self.outputs(X)[0].softmax(dim=1).numpy()

    def predict(self, X: Any) -> Any:
        return self.outputs(X)[0].argmax(dim=1).numpy()

    def score(self, X: Any, y: Any) -> float:
        return float((self.predict(X) == y).mean())


class Embedder(Classifier):
    """The second output is what the classes are told from."""

    def transform(self, X: Any) -> Any:
        return self.outputs(X)[1].numpy()


class Regressor(Network):
    """The output is what is foreseen."""

    def predict(self, X: Any) -> Any:
        return self.outputs(X)[0].numpy()


class Encoder(Network):
    """The first output is the row, transformed."""

    def transform(self, X: Any) -> Any:
        return self.outputs(X)[0].numpy()


KINDS: Dict[str, Any] = {
    "classifier": Classifier,
    "embedder": Embedder,
    "regressor": Regressor,
    "encoder": Encoder,
}


def network(module: Any, answers: str = "") -> Any:
    """`module` as an estimator; `answers` where it cannot tell itself, as a program cannot."""
    return KINDS[answers or module.answers](module)


def answers_of(model: Any) -> str:
    """The name in `KINDS` of what `model` is."""
    return next(name for name, kind in KINDS.items() if type(model) is kind)


def _tensor(X: Any) -> Any:
    return torch.as_tensor(X, dtype=torch.float32)
