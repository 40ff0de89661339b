"""The models: one file per family, one short function per recipe (see `registry.model`).

A recipe returns an unfitted estimator that means the same in every version of scikit-learn.
Names that changed are looked up by the helpers in `_api`; what a version does not have is
`Absent`. Every `random_state` is fixed and nothing runs in threads or processes of its own.
"""
