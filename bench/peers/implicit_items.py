#!/usr/bin/env python3
"""bench_cooccurrence against the package implicit: the 100 nearest neighbours of 10,000 items by cosine, from 20,000
histories, one thread. pip install implicit; python3 bench/peers/implicit_items.py --build DIR"""
from turns import arguments, cpu, turns  # first: it sets the number of threads

import implicit.nearest_neighbours
import numpy
import scipy.sparse

users, items = 20_000, 10_000
options = arguments("cooccurrence")
with open(options.file, "rb") as f:
    n = int(numpy.fromfile(f, dtype=numpy.uint64, count=1)[0])
    offset = numpy.fromfile(f, dtype=numpy.uint64, count=users + 1).astype(numpy.int32)
    index = numpy.fromfile(f, dtype=numpy.uint32, count=n).astype(numpy.int32)
x = scipy.sparse.csr_matrix((numpy.ones(n, numpy.float32), index, offset), (users, items))


def neighbours():
    # It counts the item itself among its neighbours.
    model = implicit.nearest_neighbours.CosineRecommender(K=101, num_threads=1)
    seconds, _ = cpu(lambda: model.fit(x, show_progress=False))
    similarity = model.similarity.tolil()
    similarity.setdiag(0)
    return seconds, round(float(similarity.tocsr().max(axis=1).sum()), 6)


turns(options, {"implicit cosine": neighbours})
