"""PMML documents that try to do more than answer: the attempts that a scorer could fall for."""

from __future__ import annotations

import os
from typing import Any, Callable, List

from .registry import Attack

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
%(before)s
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
  <Header/>
  <DataDictionary>
    <DataField name="y" optype="continuous" dataType="double"/>
    <DataField name="x1" optype="continuous" dataType="double"/>
  </DataDictionary>
  <TransformationDictionary>
    <DerivedField name="code" optype="categorical" dataType="string">%(code)s</DerivedField>
  </TransformationDictionary>
  <RegressionModel functionName="regression">
    <MiningSchema>
      <MiningField name="y" usageType="target"/>
      <MiningField name="x1"/>
    </MiningSchema>
    <Output>
      <OutputField name="predicted_y" optype="continuous" dataType="double"
        feature="predictedValue"/>
      <OutputField name="ran" optype="categorical" dataType="string" feature="transformedValue">
        <FieldRef field="code"/>
      </OutputField>
    </Output>
    <RegressionTable intercept="1">
      <NumericPredictor name="x1" coefficient="2"/>
    </RegressionTable>
  </RegressionModel>
</PMML>
"""
APPLY = '<Apply function="%s"><Constant dataType="string">%s</Constant></Apply>'


def attacks(load: Callable[[str], Any]) -> List[Attack]:
    """Functions that are named for Java's classes, and a DOCTYPE that reads another file."""
    return [
        Attack("strict", "a function named java.io.FileOutputStream", _class, load),
        Attack("strict", "a function that runs a command by Java's Runtime", _command, load),
        Attack("strict", "a DOCTYPE with an entity of another document", _entity, load),
    ]


def _class(path: str, canary: str) -> None:
    _write(path, code=APPLY % ("java.io.FileOutputStream", canary))


def _command(path: str, canary: str) -> None:
    _write(path, code=APPLY % ("java.lang.Runtime.getRuntime.exec", "touch " + canary))


def _entity(path: str, canary: str) -> None:
    """The other file holds the code, so that a check of the document alone does not see it."""
    with open(path + ".entity", "w", encoding="utf-8") as file:
        file.write(APPLY % ("java.io.FileOutputStream", canary))
    doctype = '<!DOCTYPE PMML [<!ENTITY other SYSTEM "file://%s.entity">]>' % os.path.abspath(path)
    _write(path, before=doctype, code="&other;")


def _write(path: str, code: str, before: str = "") -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(DOCUMENT % {"before": before, "code": code})
