"""Shelflife: how long does a saved model keep?

Read `harness/cli/` first: every command is one short composition of the stages
`matrix -> plan -> environments -> execute -> compare -> store -> report`.
"""

__version__ = "0.1.0"
