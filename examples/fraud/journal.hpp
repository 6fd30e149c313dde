/// The log of all decisions with their features, and its replay.
#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/serve/cascade.hpp"
#include "mlsd/store/feature_log.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fraud {

/// What stands in the log for one decision, byte by byte. Rows must have no padding.
template <class Row> struct logged_decision {
  Row features{};
  double score = 0;
  std::uint32_t level = 0, verdict = 0;
};

/// Decisions that differ between the log and its replay, and how much was compared.
struct skew {
  std::uint64_t decisions = 0, values = 0, mismatches = 0;
};

/// A log and the files of the models that decided, which go when it goes.
template <class Row, class Cascade> class journal {
  static_assert(sizeof(logged_decision<Row>) == sizeof(Row) + 16, "bytes between fields have no value to compare");

 public:
  [[nodiscard]] static mlsd::result<journal> open(std::string name) {
    journal j(std::move(name));
    std::remove(j.log_path().c_str());
    auto log = mlsd::feature_log::open(j.log_path(), {.buffer = 1 << 16});
    if (!log) return log.error();
    j.log_.emplace(std::move(*log));
    return j;
  }
  journal(journal&& other) noexcept
      : name_(std::exchange(other.name_, {})), log_(std::exchange(other.log_, {})), models_(std::move(other.models_)) {}
  journal& operator=(journal&&) = delete;
  ~journal() {
    if (name_.empty()) return;
    log_.reset();
    std::remove(log_path().c_str());
    for (const auto& [print, path] : models_) std::remove(path.c_str());
  }

  /// Keeps a model that decides from now on. Its fingerprint stands in each record that it is behind.
  [[nodiscard]] mlsd::result<std::uint64_t> keep(const Cascade& model) {
    const std::uint64_t print = mlsd::fingerprint(model);
    const std::string path = name_ + ".model" + std::to_string(models_.size());
    if (auto ok = mlsd::save(path, model); !ok) return ok.error();
    models_[print] = path;
    return print;
  }

  [[nodiscard]] mlsd::result<void> write(std::uint64_t number, mlsd::timestamp now, std::uint64_t model,
                                         const Row& features, const mlsd::decision& d) {
    const logged_decision<Row> record{features, d.score, d.level, static_cast<std::uint32_t>(d.verdict)};
    return log_->append({number, now, model, std::as_bytes(std::span(&record, 1))});
  }

  /// Reads the log and the models from their files, decides everything anew, and compares bits. `features_of(first,
  /// out)` computes rows anew; `otherwise(row)` decides where no model did (fingerprint 0).
  template <class FeaturesOf, class Otherwise>
  [[nodiscard]] mlsd::result<skew> replay(std::uint64_t decisions, FeaturesOf features_of, Otherwise otherwise) {
    if (auto ok = log_->flush(); !ok) return ok.error();
    std::map<std::uint64_t, Cascade> models;
    for (const auto& [print, path] : models_) {
      auto model = mlsd::load<Cascade>(path);
      if (!model) return model.error();
      models.emplace(print, std::move(*model));
    }
    auto log = mlsd::log_reader::open(log_path());
    if (!log) return log.error();
    skew found;
    std::vector<Row> rows;
    for (std::uint64_t first = 0; first < decisions; first += rows.size()) {
      rows.assign(static_cast<std::size_t>((std::min)(decisions - first, std::uint64_t{50'000})), Row{});
      if (auto ok = features_of(first, std::span<Row>(rows)); !ok) return ok.error();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        auto record = log->next();
        if (!record) return record.error();
        if (!*record)
          return mlsd::error{mlsd::errc::truncated, "the log ends at decision " + std::to_string(first + i)};
        auto logged = (*record)->template row<logged_decision<Row>>();
        if (!logged) return logged.error();
        const auto model = models.find((*record)->schema);
        const mlsd::decision d = model == models.end() ? otherwise(logged->features) : model->second(logged->features);
        const logged_decision<Row> again{rows[i], d.score, d.level, static_cast<std::uint32_t>(d.verdict)};
        const bool is_known = model != models.end() || (*record)->schema == 0;
        found.mismatches +=
            !is_known || (*record)->key != first + i || std::memcmp(&again, &*logged, sizeof again) != 0;
        found.values += sizeof again / sizeof(float);
        ++found.decisions;
      }
    }
    const auto rest = log->next();
    if (!rest) return rest.error();
    found.mismatches += rest->has_value();
    return found;
  }

 private:
  explicit journal(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string log_path() const { return name_ + ".log"; }

  std::string name_;
  std::optional<mlsd::feature_log> log_{};
  std::map<std::uint64_t, std::string> models_{};
};

}  // namespace fraud
