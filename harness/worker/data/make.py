"""Make `arrays.bin` and `arrays.json` again: the numbers behind every data set.

    python harness/worker/data/make.py

Run it where scikit-learn is; a second run gives the same bytes. Every array comes from a data
set that scikit-learn ships inside its own package, with rows in a fixed order of ours:

    iris           Fisher 1936; 150 flowers, 4 lengths in cm, 3 species
    wine           UCI, Forina 1991; 178 wines, 13 analyses, 3 growers; `wine.scaled` is six of the
                   analyses that overlap most, standardised and rounded to 3 decimals
    breast_cancer  UCI, Wolberg 1995; 210 of 569 cases, ten of the 30 measures: those that separate
                   worst, so that probabilities stay away from 0 and 1; standardised, rounded
    digits         UCI, Alpaydin 1998; 220 of 1797 digits, 20 of the 64 pixels; all 64 of the same
                   digits as `digits.pictures`
    diabetes       Efron 2004; 210 of 442 patients, in original units as `diabetes.raw`, and
                   standardised and rounded as `diabetes`
    linnerud       Tenenhaus 1998; 20 men, 3 exercises, 3 measures of the body

Values are rounded here and never computed with again where another NumPy could round
differently: all versions of all libraries see the same bits. `text.json` was written by hand.
"""

from __future__ import annotations

import json
import os
from typing import Any, Dict

HERE = os.path.dirname(os.path.abspath(__file__))
STRIDE = 61  # coprime to every number of rows: visits each row once, in a fixed mixed order
WINE = [0, 1, 2, 4, 8, 10]
BREAST_CANCER = [1, 4, 8, 9, 11, 14, 17, 18, 24, 28]
DIGITS = [3, 5, 10, 13, 18, 19, 21, 26, 27, 28, 30, 34, 36, 37, 42, 43, 45, 51, 53, 60]


def rows(count: int, keep: int) -> Any:
    """Indexes of `keep` of `count` rows."""
    return [(7 + index * STRIDE) % count for index in range(keep)]


def standardised(values: Any) -> Any:
    """Columns with mean 0 and deviation 1, to three decimals."""
    return ((values - values.mean(axis=0)) / values.std(axis=0)).round(3) + 0.0


def collect() -> Dict[str, Any]:
    """Every array, by its name in the index."""
    from sklearn import datasets

    arrays: Dict[str, Any] = {}
    iris, wine = datasets.load_iris(), datasets.load_wine()
    order = rows(150, 150)
    arrays["iris.X"], arrays["iris.y"] = iris.data[order], iris.target[order]
    order = rows(178, 178)
    arrays["wine.X"], arrays["wine.y"] = wine.data[order], wine.target[order]
    arrays["wine.scaled"] = standardised(wine.data[:, WINE])[order]
    cancer, digits = datasets.load_breast_cancer(), datasets.load_digits()
    order = rows(569, 210)
    arrays["breast_cancer.X"] = standardised(cancer.data[:, BREAST_CANCER])[order]
    arrays["breast_cancer.y"] = cancer.target[order]
    order = rows(1797, 220)
    arrays["digits.X"], arrays["digits.y"] = digits.data[:, DIGITS][order], digits.target[order]
    arrays["digits.pictures"] = digits.data[order]
    diabetes = datasets.load_diabetes(scaled=False)
    order = rows(442, 210)
    arrays["diabetes.raw"] = diabetes.data.round(4)[order]
    arrays["diabetes.X"] = standardised(diabetes.data)[order]
    arrays["diabetes.y"] = diabetes.target[order]
    linnerud = datasets.load_linnerud()
    arrays["linnerud.X"], arrays["linnerud.y"] = linnerud.data, linnerud.target
    return arrays


def main() -> None:
    """Write both files beside this one."""
    index, chunks, offset = {}, [], 0
    for name, array in sorted(collect().items()):
        dtype = "<i8" if array.dtype.kind == "i" else "<f8"
        raw = array.astype(dtype).tobytes(order="C")
        index[name] = {"dtype": dtype, "offset": offset, "shape": list(array.shape)}
        chunks.append(raw)
        offset += len(raw)
    with open(os.path.join(HERE, "arrays.bin"), "wb") as file:
        file.write(b"".join(chunks))
    lines = ['  "%s": %s' % (name, json.dumps(entry)) for name, entry in index.items()]
    with open(os.path.join(HERE, "arrays.json"), "w", encoding="utf-8", newline="\n") as text:
        text.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
