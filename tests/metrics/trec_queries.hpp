// The queries of the goldens that trec_eval has figures for, with its figures.
#pragma once

#include "golden_json.hpp"
#include "mlsd/metrics/ranked_query.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace mlsd_test {

/// Calls `f(query, figures)`; ties are there in both orders. Without ../shared it says so.
template <class F> void for_trec_queries(F&& f) {
  if (!shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : golden("golden_ranking.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    std::vector<double> scores = in["s"].reals();
    std::vector<float> labels = in["rel"].reals<float>();
    if (in.has("qrel")) {  // the relevant document was not retrieved
      scores = {1.0, 0.5, -(std::numeric_limits<double>::infinity)()};
      labels = {0, 0, 1};
    }
    for (const char* order : {"trec_idxasc", "trec_idxdesc", "trec"}) {
      const auto& trec = out[order];
      const auto q = mlsd::ranked_query::of(scores, labels);
      std::reverse(scores.begin(), scores.end());
      std::reverse(labels.begin(), labels.end());
      if (q.relevant() == 0 || !trec.has("recip_rank")) continue;
      f(q, trec);
      ++compared;
    }
  }
  CHECK(compared == 17);
}

}  // namespace mlsd_test
