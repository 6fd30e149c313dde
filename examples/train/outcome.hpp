/// What a training run found, and its metrics on rows.
#pragma once

#include "mlsd/archive/json_writer.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/metrics/accuracy.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "mlsd/metrics/multi_log_loss.hpp"
#include "mlsd/metrics/ndcg.hpp"
#include "mlsd/metrics/query_mean.hpp"
#include "train/dataset.hpp"
#include "train/objective.hpp"

#include <sys/resource.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

using named_figures = std::vector<std::pair<std::string, double>>;

struct outcome {
  std::size_t rows = 0, features = 0, trees = 0, outputs = 1;
  std::uint64_t peak_rss_bytes = 0;
  double bin_seconds = 0, cpu_seconds = 0, wall_seconds = 0;
  std::string objective{}, label{};
  std::vector<std::string> classes{};
  named_figures train{}, test{};
  std::vector<std::pair<std::string, double>> importance{};  ///< features by gain, the best first
};

[[nodiscard]] inline std::uint64_t peak_rss_bytes() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<std::uint64_t>(use.ru_maxrss) * 1024;
}

/// The metrics of an objective's kind. NDCG: gain 2^label - 1, equal scores averaged; lists without a label above 0
/// are counted, not scored.
[[nodiscard]] inline named_figures measure(objective_kind kind, const mlsd::labelled_rows& rows,
                                           std::span<const double> prediction, double loss) {
  named_figures out;
  const std::span<const float> label(rows.label);
  if (kind == objective_kind::two_classes) {
    const std::vector<double> labels(label.begin(), label.end()), weights(rows.weight.begin(), rows.weight.end());
    mlsd::log_loss log_loss;
    mlsd::accuracy accuracy;
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const double w = static_cast<double>(rows.weight_of(i));
      log_loss.update(prediction[i], labels[i], w);
      accuracy.update(prediction[i], labels[i], w);
    }
    out = {{"auc", mlsd::auc(prediction, labels, weights)},
           {"log_loss", log_loss.value()},
           {"accuracy", accuracy.value()}};
  } else if (kind == objective_kind::several_classes) {
    const std::size_t classes = prediction.size() / rows.rows();
    mlsd::multi_log_loss log_loss;
    mlsd::accuracy accuracy;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const double y = static_cast<double>(label[i]), w = static_cast<double>(rows.weight_of(i));
      const std::span<const double> shares = prediction.subspan(i * classes, classes);
      log_loss.update(shares, y, w);
      accuracy.update(shares, y, w);
    }
    out = {{"multi_log_loss", log_loss.value()}, {"accuracy", accuracy.value()}};
  } else if (kind == objective_kind::numbers) {
    double squares = 0, sizes = 0, total = 0;
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const double w = static_cast<double>(rows.weight_of(i)), d = prediction[i] - static_cast<double>(label[i]);
      squares += w * d * d;
      sizes += w * std::fabs(d);
      total += w;
    }
    out = {{"rmse", std::sqrt(squares / total)}, {"mae", sizes / total}};
  } else {
    const auto groups = mlsd::row_groups::of(rows.group).value();
    using exponential = mlsd::ndcg<mlsd::dcg_gain::exponential>;
    mlsd::query_mean<exponential> at5(exponential{.k = 5}), at10(exponential{.k = 10});
    mlsd::ranked_query query;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::size_t first = groups.first(g), n = groups.last(g) - first;
      query.rank(prediction.subspan(first, n), label.subspan(first, n));
      at5.update(query);
      at10.update(query);
    }
    out = {{"ndcg5", at5.value()},
           {"ndcg10", at10.value()},
           {"queries", static_cast<double>(groups.size())},
           {"queries_without_relevant", static_cast<double>(at10.without_relevant())}};
  }
  out.push_back({"loss", loss});
  return out;
}

[[nodiscard]] inline std::string to_json(const outcome& o) {
  mlsd::json_writer json;
  const auto figures = [&](const char* name, const named_figures& list) {
    json.key(name).begin_object(mlsd::json_layout::line);
    for (const auto& [key, value] : list)
      json.member(key, std::isfinite(value) ? std::optional(value) : std::nullopt);  // the AUC of one class is none
    json.end_object();
  };
  json.begin_object();
  json.member("rows", std::uint64_t{o.rows}).member("features", std::uint64_t{o.features});
  json.member("bin_seconds", o.bin_seconds).member("train_cpu_seconds", o.cpu_seconds);
  json.member("train_wall_seconds", o.wall_seconds).member("peak_rss_bytes", o.peak_rss_bytes);
  json.member("trees", std::uint64_t{o.trees}).member("objective", o.objective);
  if (o.classes.size() > 2) json.member("classes", o.classes);
  figures("train", o.train);
  if (!o.test.empty()) figures("test", o.test);
  json.end_object();
  return json.text() + "\n";
}

inline void print(const outcome& o) {
  std::printf("%zu rows, %zu features, objective %s", o.rows, o.features, o.objective.c_str());
  if (o.classes.size() == 2) std::printf(", %s '%s' is 1", o.label.c_str(), o.classes[1].c_str());
  if (o.classes.size() > 2) {
    std::printf(", %s:", o.label.c_str());
    for (std::size_t k = 0; k < o.classes.size() && k < 20; ++k)
      std::printf("%s '%s' is %zu", k == 0 ? "" : ",", o.classes[k].c_str(), k);
    if (o.classes.size() > 20) std::printf(", ...");
  } else if (o.outputs > 1) {
    std::printf(", %zu classes", o.outputs);
  }
  std::printf("\n%zu trees in %.2f s (%.2f s of CPU; binning %.2f s), peak memory %.0f MB\n\n", o.trees, o.wall_seconds,
              o.cpu_seconds, o.bin_seconds, static_cast<double>(o.peak_rss_bytes) / 1e6);
  std::printf("%-26s %12s%s\n", "", "train", o.test.empty() ? "" : "         test");
  for (std::size_t i = 0; i < o.train.size(); ++i) {
    std::printf("%-26s %12.6g", o.train[i].first.c_str(), o.train[i].second);
    if (!o.test.empty()) std::printf(" %12.6g", o.test[i].second);
    std::printf("\n");
  }
  std::printf("\nfeatures by gain\n");
  for (const auto& [name, share] : o.importance) std::printf("%-26s %11.1f%%\n", name.c_str(), 100 * share);
}
