/// The smallest model of each contract: what a concept asks for, and no more. They document the contracts, and tests
/// instantiate the library with them to prove that it asks for nothing else.
#pragma once

#include "mlsd/core/concepts.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mlsd::archetypes {

struct kernel {
  float operator()(float x) const noexcept { return x; }
};

struct learning_stage {
  struct statistics {
    float largest = 0;
    void merge(const statistics& o) noexcept { largest = largest < o.largest ? o.largest : largest; }
  };
  struct fitted {
    float scale = 1;
    float operator()(float x) const noexcept { return x * scale; }
    template <class Self, class Ar>
    static constexpr void describe(Self& self, Ar& ar) {
      ar("scale", self.scale);
    }
  };
  void observe(statistics& s, float x) const noexcept { s.largest = s.largest < x ? x : s.largest; }
  fitted fit(const statistics& s) const noexcept { return {s.largest > 0 ? 1 / s.largest : 1}; }
};

struct scorer {
  double operator()(const mixed_row& x) const noexcept { return x.numbers.empty() ? 0.0 : double{x.numbers[0]}; }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    for (std::size_t i = 0; i < x.rows; ++i) out[i] = x.number_columns == 0 ? 0.0 : double{x.numbers[i]};
  }
};

struct multi_scorer {
  std::size_t outputs() const noexcept { return 2; }
  void operator()(const mixed_row&, std::span<double> out) const noexcept { out[0] = out[1] = 0.5; }
};

struct loss {};

struct trainer {
  template <class Loss, class Data>
  result<scorer> fit(const Data&) const {
    return scorer{};
  }
};

struct learner {
  void learn(const mixed_row&, float, float) noexcept {}
  scorer model() const noexcept { return {}; }
};

struct retriever {
  struct scratch {};
  std::span<hit<>> search(std::uint32_t query, std::span<hit<>> out, scratch&) const noexcept {
    if (out.empty()) return out;
    out[0] = {query, 1.0f, 1};
    return out.first(1);
  }
};

struct reranker {
  template <class Candidate>
  std::span<Candidate> operator()(std::span<Candidate> candidates, const int& keep) const noexcept {
    return candidates.first(static_cast<std::size_t>(keep) < candidates.size() ? static_cast<std::size_t>(keep)
                                                                               : candidates.size());
  }
};

struct monitor {
  std::uint64_t count = 0;
  void update(float) noexcept { ++count; }
  void merge(const monitor& o) noexcept { count += o.count; }
  double value() const noexcept { return static_cast<double>(count); }
  friend bool operator==(const monitor&, const monitor&) = default;
};

struct detector {
  struct verdict {
    bool drifted = false;
  };
  verdict update(double x) noexcept { return {x > 1}; }
};

struct store {
  using key_type = std::uint64_t;
  using row_type = float;
  key_type key{};
  row_type row{};
  timestamp time{};
  bool filled = false;
  found<row_type> as_of(const key_type& k, timestamp t) const noexcept {
    if (!filled || k != key) return {0, absence::no_key};
    if (t < time) return {0, absence::too_new};
    return {row, absence::none};
  }
  void put(const key_type& k, const row_type& r, timestamp t) noexcept {
    key = k;
    row = r;
    time = t;
    filled = true;
  }
};

struct sink {
  bool operator()(const int&) noexcept { return true; }
};

struct source {
  struct event {
    timestamp time;
  };
  const event* begin() const noexcept { return nullptr; }
  const event* end() const noexcept { return nullptr; }
};

struct communicator {
  std::size_t rank() const noexcept { return 0; }
  std::size_t size() const noexcept { return 1; }
  result<void> allreduce(std::span<double>) { return {}; }
};

struct archive {
  template <class T>
  void operator()(std::string_view, T&) {}
};

static_assert(mlsd::kernel<kernel, float> && mlsd::learning_stage<learning_stage, float> &&
              mlsd::batch_scorer<scorer> && mlsd::multi_scorer<multi_scorer> && mlsd::trainer<trainer, loss, int> &&
              mlsd::learner<learner> && mlsd::retriever<retriever, std::uint32_t> &&
              mlsd::reranker<reranker, hit<>, int> && mlsd::monitor<monitor, float> && mlsd::detector<detector> &&
              mlsd::store<store> && mlsd::sink<sink, int> && mlsd::source<source> &&
              mlsd::communicator<communicator> && mlsd::archive<archive, float>);

}  // namespace mlsd::archetypes
