#!/usr/bin/env python3
"""bench_recommend_models against the package implicit: five iterations of alternating least squares, 64 factors, three
steps of conjugate gradients, a million entries, one thread. pip install implicit;
python3 bench/peers/implicit_als.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import implicit.als
import numpy
import scipy.sparse

users, items = 20_000, 10_000
options = arguments("recommend_models")
with open(options.file, "rb") as f:
    n = int(numpy.fromfile(f, dtype=numpy.uint64, count=1)[0])
    offset = numpy.fromfile(f, dtype=numpy.uint64, count=users + 1).astype(numpy.int32)
    index = numpy.fromfile(f, dtype=numpy.uint32, count=n).astype(numpy.int32)
    weight = numpy.fromfile(f, dtype=numpy.float32, count=n)
# Its confidence is the value itself: 1 + 5 w.
x = scipy.sparse.csr_matrix((1 + 5 * weight, index, offset), (users, items))


def als():
    model = implicit.als.AlternatingLeastSquares(factors=64, regularization=0.1, alpha=1.0, iterations=5, use_cg=True,
                                                 use_native=True, num_threads=1, random_state=1)
    seconds, _ = cpu(lambda: model.fit(x, show_progress=False))
    row = numpy.repeat(numpy.arange(users), numpy.diff(offset))
    score = numpy.einsum("ij,ij->i", model.user_factors[row], model.item_factors[index])
    return seconds, round(float(score.mean()), 6)


turns(options, {"implicit ALS": als})
