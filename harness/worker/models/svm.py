"""Support vector machines: libsvm and liblinear."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("svc.rbf", data="iris", summary="RBF kernel, one decision for each class")
def svc_rbf() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.5, gamma="scale")


@model("svc.rbf-probability", data="breast_cancer", summary="RBF kernel with probabilities")
def svc_rbf_probability() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.5, probability=True, random_state=0)


@model("svc.linear-multiclass", data="wine.scaled", summary="linear, three classes, probabilities")
def svc_linear_multiclass() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.1, kernel="linear", probability=True, random_state=0)


@model("svc.ovo-decision", data="digits.counts", summary="one decision for each pair of classes")
def svc_ovo_decision() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.5, decision_function_shape="ovo", class_weight="balanced")


@model("svc.break-ties", data="digits", summary="polynomial kernel, ties broken by decision")
def svc_break_ties() -> Any:
    from sklearn.svm import SVC

    return SVC(kernel="poly", degree=2, coef0=1.0, C=0.1, break_ties=True)


@model("svc.sparse", data="digits.sparse", summary="fitted on a sparse matrix")
def svc_sparse() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.5)


@model("svc.precomputed", data="iris.kernel", summary="kernel computed by the caller")
def svc_precomputed() -> Any:
    from sklearn.svm import SVC

    return SVC(C=0.1, kernel="precomputed")


@model("svc.chi2-kernel", data="digits.counts", summary="kernel that is a function of scikit-learn")
def svc_chi2_kernel() -> Any:
    from sklearn.metrics.pairwise import chi2_kernel
    from sklearn.svm import SVC

    return SVC(C=0.5, kernel=chi2_kernel)


@model("nusvc.string-labels", data="iris.names", summary="nu-SVC, string labels, probabilities")
def nusvc_string_labels() -> Any:
    from sklearn.svm import NuSVC

    return NuSVC(nu=0.3, gamma=0.2, probability=True, random_state=0)


@model("linearsvc.binary", data="breast_cancer", summary="liblinear, primal")
def linearsvc_binary() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=0.1, dual=False, random_state=0)


@model("linearsvc.crammer-singer", data="wine.scaled", summary="three classes jointly")
def linearsvc_crammer_singer() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(
        C=0.01, max_iter=10000, multi_class="crammer_singer", dual=True, random_state=0
    )


@model("svr.rbf", data="diabetes", summary="regression, RBF kernel")
def svr_rbf() -> Any:
    from sklearn.svm import SVR

    return SVR(C=50.0, epsilon=5.0)


@model("svr.nu-linear", data="diabetes", summary="nu-SVR, linear kernel")
def svr_nu_linear() -> Any:
    from sklearn.svm import NuSVR

    return NuSVR(nu=0.4, C=2.0, kernel="linear")


@model("svr.liblinear", data="diabetes", summary="linear regression by liblinear")
def svr_liblinear() -> Any:
    from sklearn.svm import LinearSVR

    loss = "squared_epsilon_insensitive"
    return LinearSVR(C=0.1, epsilon=1.0, loss=loss, dual=False, random_state=0)


@model("svm.one-class", data="wine.unlabelled", summary="one-class SVM")
def svm_one_class() -> Any:
    from sklearn.svm import OneClassSVM

    return OneClassSVM(nu=0.15, gamma=0.1)
