"""Searches over parameters; what is kept is the best model and the table of results."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import enable, find


@model("grid.logreg", data="breast_cancer", summary="grid over logistic regression")
def grid_logreg() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    return GridSearchCV(LogisticRegression(), {"C": [0.01, 0.1]}, cv=2)


@model("grid.pipeline-scores", data="wine.scaled", summary="grid over a pipeline, two scores")
def grid_pipeline_scores() -> Any:
    from sklearn.model_selection import GridSearchCV
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    steps = Pipeline([("scale", StandardScaler()), ("bayes", GaussianNB())])
    grid = {"bayes__var_smoothing": [0.1, 1.0]}
    scores = ["accuracy", "neg_log_loss"]
    return GridSearchCV(steps, grid, scoring=scores, refit="neg_log_loss", cv=2)


@model("randomized.tree", data="diabetes", summary="random search over a tree, distributions")
def randomized_tree() -> Any:
    from scipy.stats import randint
    from sklearn.model_selection import RandomizedSearchCV
    from sklearn.tree import DecisionTreeRegressor

    tree = DecisionTreeRegressor(random_state=0)
    depth = {"max_depth": randint(2, 6), "min_samples_leaf": [3, 6, 9]}
    return RandomizedSearchCV(tree, depth, n_iter=3, cv=2, random_state=0)


@model("halving.ridge", data="diabetes", summary="search by elimination in rounds")
def halving_ridge() -> Any:
    from sklearn.linear_model import Ridge

    enable("halving_search_cv")
    cls = find("model_selection.HalvingGridSearchCV")
    grid = {"alpha": [0.1, 1.0, 10.0]}
    return cls(Ridge(), grid, cv=2, min_resources=40, random_state=0)


@model("halving.random", data="diabetes", summary="random search that halves the candidates")
def halving_random() -> Any:
    enable("halving_search_cv")
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import HalvingRandomSearchCV

    grid = {"alpha": [0.1, 1.0, 10.0, 100.0]}
    return HalvingRandomSearchCV(Ridge(), grid, factor=2, cv=2, random_state=0)
