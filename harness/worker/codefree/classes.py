"""The exact list of what may be rebuilt: classes, functions and types, by their whole names.

A name from a file is looked up in these lists as a whole string. It is never split, never compared
by its beginning, and no attribute of an attribute is followed: the module that the list names is
imported, and its own namespace is asked once for the name that the list gives.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, Dict, Optional, Tuple

Names = Dict[str, Tuple[str, str]]


def _read(text: str) -> Names:
    """`module: name name ...` on each line, as {"module.name": (module, name)}."""
    found = {}
    for line in text.strip().split("\n"):
        module, _, names = line.partition(": ")
        found.update({"%s.%s" % (module, name): (module, name) for name in names.split()})
    return found


# Instances of these are made empty and given their attributes. Left out on purpose: PatchExtractor
# (strides from its parameters), MultiLabelBinarizer (trusts a cache of its own), FrozenEstimator.
CLASSES = _read("""
sklearn._loss.link: IdentityLink LogLink LogitLink HalfLogitLink MultinomialLogit Interval
sklearn._loss.loss: AbsoluteError ExponentialLoss HalfBinomialLoss HalfGammaLoss
sklearn._loss.loss: HalfMultinomialLoss HalfPoissonLoss HalfSquaredError HalfTweedieLoss
sklearn._loss.loss: HalfTweedieLossIdentity HuberLoss PinballLoss
sklearn.calibration: CalibratedClassifierCV _CalibratedClassifier
sklearn.calibration: _SigmoidCalibration _TemperatureScaling
sklearn.cluster._affinity_propagation: AffinityPropagation
sklearn.cluster._agglomerative: AgglomerativeClustering FeatureAgglomeration
sklearn.cluster._bicluster: SpectralBiclustering SpectralCoclustering
sklearn.cluster._birch: Birch _CFNode _CFSubcluster
sklearn.cluster._bisect_k_means: BisectingKMeans _BisectingTree
sklearn.cluster._dbscan: DBSCAN
sklearn.cluster._hdbscan.hdbscan: HDBSCAN
sklearn.cluster._kmeans: KMeans MiniBatchKMeans
sklearn.cluster._mean_shift: MeanShift
sklearn.cluster._optics: OPTICS
sklearn.cluster._spectral: SpectralClustering
sklearn.compose._column_transformer: ColumnTransformer _RemainderColsList
sklearn.compose._target: TransformedTargetRegressor
sklearn.covariance._elliptic_envelope: EllipticEnvelope
sklearn.covariance._empirical_covariance: EmpiricalCovariance
sklearn.covariance._graph_lasso: GraphicalLasso GraphicalLassoCV
sklearn.covariance._robust_covariance: MinCovDet
sklearn.covariance._shrunk_covariance: LedoitWolf OAS ShrunkCovariance
sklearn.cross_decomposition._pls: CCA PLSCanonical PLSRegression PLSSVD
sklearn.decomposition._dict_learning: DictionaryLearning MiniBatchDictionaryLearning SparseCoder
sklearn.decomposition._factor_analysis: FactorAnalysis
sklearn.decomposition._fastica: FastICA
sklearn.decomposition._incremental_pca: IncrementalPCA
sklearn.decomposition._kernel_pca: KernelPCA
sklearn.decomposition._lda: LatentDirichletAllocation
sklearn.decomposition._nmf: MiniBatchNMF NMF
sklearn.decomposition._pca: PCA
sklearn.decomposition._sparse_pca: MiniBatchSparsePCA SparsePCA
sklearn.decomposition._truncated_svd: TruncatedSVD
sklearn.discriminant_analysis: LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis
sklearn.dummy: DummyClassifier DummyRegressor
sklearn.ensemble._bagging: BaggingClassifier BaggingRegressor
sklearn.ensemble._forest: ExtraTreesClassifier ExtraTreesRegressor RandomForestClassifier
sklearn.ensemble._forest: RandomForestRegressor RandomTreesEmbedding
sklearn.ensemble._gb: GradientBoostingClassifier GradientBoostingRegressor
sklearn.ensemble._gb_losses: BinomialDeviance ExponentialLoss HuberLossFunction
sklearn.ensemble._gb_losses: LeastAbsoluteError LeastSquaresError MultinomialDeviance
sklearn.ensemble._gb_losses: QuantileLossFunction
sklearn.ensemble._hist_gradient_boosting.binning: _BinMapper
sklearn.ensemble._hist_gradient_boosting.gradient_boosting: HistGradientBoostingClassifier
sklearn.ensemble._hist_gradient_boosting.gradient_boosting: HistGradientBoostingRegressor
sklearn.ensemble._hist_gradient_boosting.predictor: TreePredictor
sklearn.ensemble._iforest: IsolationForest
sklearn.ensemble._stacking: StackingClassifier StackingRegressor
sklearn.ensemble._voting: VotingClassifier VotingRegressor
sklearn.ensemble._weight_boosting: AdaBoostClassifier AdaBoostRegressor
sklearn.feature_extraction._dict_vectorizer: DictVectorizer
sklearn.feature_extraction._hash: FeatureHasher
sklearn.feature_extraction.text: CountVectorizer HashingVectorizer TfidfTransformer TfidfVectorizer
sklearn.feature_selection._from_model: SelectFromModel
sklearn.feature_selection._rfe: RFE RFECV
sklearn.feature_selection._sequential: SequentialFeatureSelector
sklearn.feature_selection._univariate_selection: GenericUnivariateSelect SelectFdr SelectFpr
sklearn.feature_selection._univariate_selection: SelectFwe SelectKBest SelectPercentile
sklearn.feature_selection._variance_threshold: VarianceThreshold
sklearn.gaussian_process._gpc: GaussianProcessClassifier _BinaryGaussianProcessClassifierLaplace
sklearn.gaussian_process._gpr: GaussianProcessRegressor
sklearn.gaussian_process.kernels: CompoundKernel ConstantKernel DotProduct ExpSineSquared
sklearn.gaussian_process.kernels: Exponentiation Matern PairwiseKernel Product RBF
sklearn.gaussian_process.kernels: RationalQuadratic Sum WhiteKernel
sklearn.impute._base: MissingIndicator SimpleImputer
sklearn.impute._iterative: IterativeImputer
sklearn.impute._knn: KNNImputer
sklearn.isotonic: IsotonicRegression
sklearn.kernel_approximation: AdditiveChi2Sampler Nystroem PolynomialCountSketch RBFSampler
sklearn.kernel_approximation: SkewedChi2Sampler
sklearn.kernel_ridge: KernelRidge
sklearn.linear_model._base: LinearRegression
sklearn.linear_model._bayes: ARDRegression BayesianRidge
sklearn.linear_model._coordinate_descent: ElasticNet ElasticNetCV Lasso LassoCV MultiTaskElasticNet
sklearn.linear_model._coordinate_descent: MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV
sklearn.linear_model._glm.glm: GammaRegressor PoissonRegressor TweedieRegressor
sklearn.linear_model._huber: HuberRegressor
sklearn.linear_model._least_angle: Lars LarsCV LassoLars LassoLarsCV LassoLarsIC
sklearn.linear_model._logistic: LogisticRegression LogisticRegressionCV
sklearn.linear_model._omp: OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV
sklearn.linear_model._passive_aggressive: PassiveAggressiveClassifier PassiveAggressiveRegressor
sklearn.linear_model._perceptron: Perceptron
sklearn.linear_model._quantile: QuantileRegressor
sklearn.linear_model._ransac: RANSACRegressor
sklearn.linear_model._ridge: Ridge RidgeCV RidgeClassifier RidgeClassifierCV
sklearn.linear_model._stochastic_gradient: SGDClassifier SGDOneClassSVM SGDRegressor
sklearn.linear_model._theil_sen: TheilSenRegressor
sklearn.manifold._classical_mds: ClassicalMDS
sklearn.manifold._isomap: Isomap
sklearn.manifold._locally_linear: LocallyLinearEmbedding
sklearn.manifold._mds: MDS
sklearn.manifold._spectral_embedding: SpectralEmbedding
sklearn.manifold._t_sne: TSNE
sklearn.metrics._scorer: _CurveScorer _MultimetricScorer _PassthroughScorer _Scorer
sklearn.metrics._scorer: _PredictScorer _ProbaScorer _ThresholdScorer
sklearn.mixture._bayesian_mixture: BayesianGaussianMixture
sklearn.mixture._gaussian_mixture: GaussianMixture
sklearn.model_selection._classification_threshold: FixedThresholdClassifier _CurveScorer
sklearn.model_selection._classification_threshold: TunedThresholdClassifierCV
sklearn.model_selection._search: GridSearchCV RandomizedSearchCV
sklearn.model_selection._search_successive_halving: HalvingGridSearchCV HalvingRandomSearchCV
sklearn.model_selection._split: GroupKFold GroupShuffleSplit KFold LeaveOneGroupOut LeaveOneOut
sklearn.model_selection._split: LeavePGroupsOut LeavePOut ShuffleSplit StratifiedGroupKFold
sklearn.model_selection._split: StratifiedKFold StratifiedShuffleSplit TimeSeriesSplit
sklearn.multiclass: OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier _ConstantPredictor
sklearn.multioutput: ClassifierChain MultiOutputClassifier MultiOutputRegressor RegressorChain
sklearn.naive_bayes: BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB
sklearn.neighbors._classification: KNeighborsClassifier RadiusNeighborsClassifier
sklearn.neighbors._graph: KNeighborsTransformer RadiusNeighborsTransformer
sklearn.neighbors._kde: KernelDensity
sklearn.neighbors._lof: LocalOutlierFactor
sklearn.neighbors._nca: NeighborhoodComponentsAnalysis
sklearn.neighbors._nearest_centroid: NearestCentroid
sklearn.neighbors._regression: KNeighborsRegressor RadiusNeighborsRegressor
sklearn.neighbors._unsupervised: NearestNeighbors
sklearn.neural_network._multilayer_perceptron: MLPClassifier MLPRegressor
sklearn.neural_network._rbm: BernoulliRBM
sklearn.neural_network._stochastic_optimizers: AdamOptimizer SGDOptimizer
sklearn.pipeline: FeatureUnion Pipeline
sklearn.preprocessing._data: Binarizer KernelCenterer MaxAbsScaler MinMaxScaler Normalizer
sklearn.preprocessing._data: PowerTransformer QuantileTransformer RobustScaler StandardScaler
sklearn.preprocessing._discretization: KBinsDiscretizer
sklearn.preprocessing._encoders: OneHotEncoder OrdinalEncoder
sklearn.preprocessing._function_transformer: FunctionTransformer
sklearn.preprocessing._label: LabelBinarizer LabelEncoder
sklearn.preprocessing._polynomial: PolynomialFeatures SplineTransformer
sklearn.preprocessing._target_encoder: TargetEncoder
sklearn.random_projection: GaussianRandomProjection SparseRandomProjection
sklearn.semi_supervised._label_propagation: LabelPropagation LabelSpreading
sklearn.semi_supervised._self_training: SelfTrainingClassifier
sklearn.svm._classes: LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR
sklearn.tree._classes: DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier
sklearn.tree._classes: ExtraTreeRegressor
sklearn.utils._metadata_requests: MetadataRequest MethodMetadataRequest
""")

# Referred to and never called on loading; a model may call them when it is asked. They compute:
# none of them reads or writes a file, imports, or takes a name to look up.
CONSTANTS = _read("""
builtins: float int bool str object
numpy: bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 str_ object_
numpy: absolute add arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh deg2rad divide
numpy: exp exp2 expm1 fabs floor isfinite isinf isnan log log10 log1p log2 logical_not maximum
numpy: minimum multiply negative positive power rad2deg reciprocal rint sign sin sinh sqrt square
numpy: subtract tan tanh trunc clip amax amin max mean median min sum
sklearn.cluster._kmeans: _kmeans_single_elkan _kmeans_single_lloyd
sklearn.feature_selection._mutual_info: mutual_info_classif mutual_info_regression
sklearn.feature_selection._univariate_selection: chi2 f_classif f_regression r_regression
sklearn.metrics._classification: accuracy_score balanced_accuracy_score brier_score_loss
sklearn.metrics._classification: cohen_kappa_score f1_score fbeta_score jaccard_score log_loss
sklearn.metrics._classification: matthews_corrcoef precision_score recall_score
sklearn.metrics._ranking: average_precision_score roc_auc_score
sklearn.metrics._regression: explained_variance_score max_error mean_absolute_error
sklearn.metrics._regression: mean_squared_error median_absolute_error r2_score
sklearn.metrics._regression: root_mean_squared_error
sklearn.metrics._scorer: _passthrough_scorer
sklearn.metrics.pairwise: additive_chi2_kernel chi2_kernel cosine_similarity euclidean_distances
sklearn.metrics.pairwise: laplacian_kernel linear_kernel manhattan_distances polynomial_kernel
sklearn.metrics.pairwise: rbf_kernel sigmoid_kernel
""")

# No use but their own: they trust what they are given. The one attribute that may refer to each.
ONLY_AS = {
    "sklearn.cluster._kmeans._kmeans_single_elkan": "_kmeans_single",
    "sklearn.cluster._kmeans._kmeans_single_lloyd": "_kmeans_single",
}


def find_class(name: str) -> type:
    """The class of that listed name; KeyError, ImportError or TypeError where there is none."""
    module, plain = CLASSES[name]
    cls = vars(importlib.import_module(module))[plain]
    if not isinstance(cls, type) or (cls.__module__, cls.__qualname__) != (module, plain):
        raise TypeError("%s is not the class of that name" % name)
    return cls


def class_name(value: Any) -> str:
    """The listed name of the class of `value`; "" where the list has none."""
    cls = type(value)
    name = "%s.%s" % (cls.__module__, cls.__qualname__)
    return name if name in CLASSES and find_class(name) is cls else ""


def find_constant(name: str) -> Any:
    """The function or type of that listed name; KeyError or ImportError where there is none."""
    module, plain = CONSTANTS[name]
    return vars(importlib.import_module(module))[plain]


def constant_name(value: Any) -> Optional[str]:
    """The listed name of a function or type; None where the list has none."""
    for name, (module, plain) in CONSTANTS.items():
        if module in sys.modules and vars(sys.modules[module]).get(plain) is value:
            return name
    return None


def in_words(value: Any) -> str:
    """What `value` is, for a reason why it is not held."""
    name = getattr(value, "__qualname__", None)
    if isinstance(name, str) and callable(value):
        return "the function or class %s.%s" % (getattr(value, "__module__", "?"), name)
    return "an object of %s.%s" % (type(value).__module__, type(value).__qualname__)


def is_bunch(value: Any) -> bool:
    """Whether it is scikit-learn's dictionary whose keys are attributes as well."""
    return (type(value).__module__, type(value).__qualname__) == ("sklearn.utils._bunch", "Bunch")
