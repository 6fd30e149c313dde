#!/usr/bin/env python3
"""bench_ftrl against scikit-learn's SGDClassifier, one pass over the same hashed rows (another algorithm: plain SGD with
one step size for all weights). python3 bench/peers/scikit_sgd.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import numpy
import scipy.sparse
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import roc_auc_score

rows, train, width, values = 200_000, 160_000, 20, 1 << 20
options = arguments("ftrl")
with open(options.file, "rb") as f:
    index = numpy.fromfile(f, dtype=numpy.uint32, count=rows * width).astype(numpy.int32)
    label = numpy.fromfile(f, dtype=numpy.float32)
x = scipy.sparse.csr_matrix((numpy.ones(rows * width), index, numpy.arange(0, rows * width + 1, width)), (rows, values))
x.sum_duplicates()


def sgd():
    model = SGDClassifier(loss="log_loss", alpha=1e-6, learning_rate="invscaling", eta0=0.2, power_t=0.1, max_iter=1,
                          tol=None, shuffle=False)
    seconds, _ = cpu(lambda: model.fit(x[:train], label[:train]))
    return seconds, round(roc_auc_score(label[train:], model.decision_function(x[train:])), 6)


turns(options, {"scikit-learn SGD": sgd})
