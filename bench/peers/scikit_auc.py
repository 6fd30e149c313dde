#!/usr/bin/env python3
"""bench_metrics against scikit-learn's roc_auc_score on one million scores: python3 bench/peers/scikit_auc.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import numpy
from sklearn.metrics import roc_auc_score

options = arguments("metrics")
score, label = numpy.fromfile(options.file, dtype=numpy.float32).reshape(2, -1)
turns(options, {"scikit-learn": lambda: cpu(lambda: roc_auc_score(label, score))})
