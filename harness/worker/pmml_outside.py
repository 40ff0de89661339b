"""A PMML document answered by a Java process alone, where there is a Java with a compiler."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import Any, List, Optional, Tuple

from . import jvm, pmml_score

SECONDS = 100
SOURCE = """\
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.jpmml.evaluator.*;

public class Score {
  public static void main(String[] arguments) throws Exception {
    Evaluator evaluator = new LoadingModelEvaluatorBuilder().load(new File(arguments[0])).build();
    String target = evaluator.getTargetFields().get(0).getName();
    BufferedReader rows = new BufferedReader(
      new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, "UTF-8");
    String[] names = rows.readLine().split("\\t");
    for (String row = rows.readLine(); row != null; row = rows.readLine()) {
      String[] values = row.split("\\t", -1);
      Map<String, Object> given = new HashMap<>();
      for (int place = 0; place < names.length; place++) {
        given.put(names[place], values[place].isEmpty() ? null : values[place]);
      }
      answers.println(EvaluatorUtil.decodeAll(evaluator.evaluate(given)).get(target));
    }
  }
}
"""


def predict(path: str, rows: Any) -> Optional[Tuple[str, Any]]:
    """How, and the labels or numbers for the rows; None where no Java here can compile."""
    homes = [home for home in jvm.homes() if os.path.exists(os.path.join(home, "bin", "javac"))]
    jars = jvm.jars("jpmml_evaluator", jvm.JARS["jpmml_evaluator"])
    if not homes or not jars:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "Score.java")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        command = [os.path.join(homes[0], "bin", "java"), "-Xmx1g", "-cp", os.pathsep.join(jars)]
        run = subprocess.run(
            command + [source, os.path.abspath(path)],
            input=_table(rows).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
    if run.returncode:
        raise RuntimeError(run.stderr.decode("utf-8", "replace")[-500:])
    return "a Java process with JPMML, by its own class files", _array(run.stdout.decode("utf-8"))


def _table(rows: Any) -> str:
    """Lines of values between tabs, the names first; an empty one where a value is missing."""
    columns = pmml_score.columns(rows)
    lines = ["\t".join(columns)]
    for row in zip(*columns.values()):
        lines.append("\t".join("" if value is None else str(value) for value in row))
    return "\n".join(lines) + "\n"


def _array(text: str) -> Any:
    values: List[Any] = text.splitlines()
    for kind in (int, float):
        try:
            return pmml_score.array([kind(value) for value in values])
        except ValueError:
            continue
    return pmml_score.array(values)
