"""What saving and loading cost: blocks of fresh processes, paired statistics, verdicts.

    choose -> plan -> conduct (processes, wire) -> store -> paired -> tables

`records.py` holds what is kept and reads it; docs/reference/measure.md says it field by field.
The protocol is explained in docs/explanation/measuring.md.
"""
