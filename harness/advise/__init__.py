"""Which format? Rules that are data, held against what cells and fact sheets say.

tallies   what the cells of a matrix say of each case: controls, answers elsewhere, lives
subjects  the models that are asked about
dossier   what is known of one format for them: signals
figures   sizes, starts, memory, and which format is better
rules     `rules.toml`: what each signal means for a question
answers   ranks with ties, what is excluded and why, what is not known
tables    answers for a terminal, and as JSON
packed    the same for every question, for a page that knows no rule
"""

from __future__ import annotations

from harness.advise.advisor import Advisor, Beside, read_rules
from harness.advise.answers import Answer, as_json
from harness.advise.packed import common, pack, questions
from harness.advise.rules import Question, Rules
from harness.advise.subjects import Subject, find, subjects_of
from harness.advise.tallies import Shelf, Tally, shelf

__all__ = [
    "Advisor", "Answer", "Beside", "Question", "Rules", "Shelf", "Subject", "Tally", "as_json",
    "common", "find", "pack", "questions", "read_rules", "shelf", "subjects_of",
]  # fmt: skip
