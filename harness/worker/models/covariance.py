"""Covariances and the outliers that they tell."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("elliptic.robust", data="iris.unlabelled", summary="outliers of a robust ellipse")
def elliptic_robust() -> Any:
    from sklearn.covariance import EllipticEnvelope

    return EllipticEnvelope(contamination=0.1, support_fraction=0.9, random_state=0)


@model("covariance.ledoit-wolf", data="wine.unlabelled", summary="a shrunk covariance")
def covariance_ledoit_wolf() -> Any:
    from sklearn.covariance import LedoitWolf

    return LedoitWolf()
