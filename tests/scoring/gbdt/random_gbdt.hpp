// Random models and rows for tests of tree scoring, and the smallest archive that can save, damage and load a model.
#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

namespace random_gbdt {

struct generator {
  std::uint64_t state = 1;
  std::uint32_t operator()(std::uint32_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state >> 33) % below);
  }
  double uniform() { return static_cast<double>((*this)(1u << 30)) / static_cast<double>(1u << 30); }
};

struct shape {
  std::uint32_t numbers = 5, codes = 2, trees = 20, splits = 30, cardinality = 40;
  bool skewed = false;
  std::uint32_t outputs = 1;
  bool wide_leaves = false, float_sums = false, zero_is_missing = false, categories_in_numbers = false, lines = false;
};

/// Thresholds are few values, so that rows hit them exactly; lists of codes are sometimes empty.
inline mlsd::gbdt_description model(const shape& s, std::uint64_t seed) {
  generator g{seed};
  mlsd::gbdt_description d;
  d.number_columns = s.numbers;
  d.code_columns = s.codes;
  d.base.assign(s.outputs, 0.25);
  d.leaf_width = s.wide_leaves ? s.outputs : 1;
  d.float_sums = s.float_sums;
  d.output = mlsd::link_function::logistic;
  for (std::uint32_t t = 0; t < s.trees; ++t) {
    mlsd::gbdt_tree tree;
    tree.output = s.wide_leaves ? 0 : t % s.outputs;
    struct place {
      std::int32_t parent;
      bool left;
    };
    std::vector<place> open{{-1, false}};
    const auto attach = [&](const place& p, std::int32_t child) {
      if (p.parent < 0) return;
      auto& above = tree.splits[static_cast<std::size_t>(p.parent)];
      (p.left ? above.left : above.right) = child;
    };
    const std::uint32_t splits = t % 7 == 3 ? 0 : t % 5 == 1 ? 1 + g(s.splits) : s.splits;
    for (std::uint32_t i = 0; i < splits; ++i) {
      const std::size_t at = s.skewed ? open.size() - 1 : g(static_cast<std::uint32_t>(open.size()));
      const place p = open[at];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
      mlsd::gbdt_split split;
      split.feature = g(s.numbers + s.codes);
      split.gain = static_cast<float>(g(100));
      const bool category = split.feature >= s.numbers || (s.categories_in_numbers && split.feature % 2 == 1);
      if (split.feature < s.numbers) {
        split.nan_left = g(2) == 0;
        if (category) split.test = g(2) == 0 ? mlsd::gbdt_test::truncated : mlsd::gbdt_test::floored;
        if (!category && s.zero_is_missing && g(2) == 0) split.test = mlsd::gbdt_test::number_or_zero;
      }
      if (!category) {
        const std::uint32_t k = g(24);
        split.threshold = k == 0   ? (std::numeric_limits<double>::infinity)()
                          : k == 1 ? static_cast<double>((std::numeric_limits<float>::max)())
                          : k == 2 ? -0.0
                                   : static_cast<double>(static_cast<int>(k) - 12) * 0.25 + (g(3) == 0 ? 1e-9 : 0.0);
      } else {
        split.first_category = static_cast<std::uint32_t>(tree.categories.size());
        if (g(8) != 0)
          for (std::uint32_t c = 0; c < s.cardinality; ++c)
            if (g(3) == 0) tree.categories.push_back(c * (1 + split.feature % 3));
        split.category_count = static_cast<std::uint32_t>(tree.categories.size()) - split.first_category;
      }
      attach(p, static_cast<std::int32_t>(i));
      tree.splits.push_back(split);
      open.push_back({static_cast<std::int32_t>(i), true});
      open.push_back({static_cast<std::int32_t>(i), false});
    }
    tree.leaves.clear();
    for (const place& p : open) {
      attach(p, ~static_cast<std::int32_t>(tree.leaves.size() / d.leaf_width));
      for (std::uint32_t k = 0; k < d.leaf_width; ++k) {
        tree.leaves.push_back(g.uniform() - 0.5);
      }
      tree.leaf_covers.push_back(1 + g(50));
      if (s.lines && t % 2 == 0) tree.lines.push_back({g.uniform(), {{g(s.numbers), 0.5}, {g(s.numbers), -0.25}}});
    }
    d.trees.push_back(tree);
  }
  return d;
}

/// Symmetric trees: one test a level, its splits in preorder; the last tree differs in one threshold.
inline mlsd::gbdt_description symmetric_model(std::uint32_t depth, std::uint64_t seed) {
  generator g{seed};
  mlsd::gbdt_description d{.number_columns = 5};
  for (int t = 0; t < 12; ++t) {
    mlsd::gbdt_tree tree;
    tree.leaves.clear();
    std::vector<mlsd::gbdt_split> level(depth);
    for (mlsd::gbdt_split& s : level)
      s = {.feature = g(5),
           .threshold = 0.25 * static_cast<double>(static_cast<int>(g(24)) - 12),
           .nan_left = g(2) == 0};
    const auto grow = [&](const auto& self, std::uint32_t at) -> std::int32_t {
      if (at == depth) {
        tree.leaves.push_back(g.uniform());
        return ~static_cast<std::int32_t>(tree.leaves.size() - 1);
      }
      const std::size_t id = tree.splits.size();
      tree.splits.push_back(level[at]);
      const std::int32_t left = self(self, at + 1), right = self(self, at + 1);
      tree.splits[id].left = left;
      tree.splits[id].right = right;
      return static_cast<std::int32_t>(id);
    };
    grow(grow, 0);
    if (t == 11) tree.splits.back().threshold += 0.25;
    d.trees.push_back(tree);
  }
  return d;
}

/// Rows column-major and row-major: thresholds and their neighbours, NaN, infinities, both zeros, unknown codes.
struct rows {
  std::size_t n, numbers, codes;
  std::vector<float> x, x_by_row;
  std::vector<std::uint32_t> c, c_by_row;

  rows(std::size_t count, const shape& s, std::uint64_t seed) : n(count), numbers(s.numbers), codes(s.codes) {
    generator g{seed};
    constexpr float inf = (std::numeric_limits<float>::infinity)(), nan = (std::numeric_limits<float>::quiet_NaN)();
    x.resize(n * numbers);
    c.resize(n * codes);
    for (float& v : x) {
      const float odd[] = {nan, nan, inf, -inf, 0.0f, -0.0f, 1e-42f, -1e-42f, 3.4e38f, 0.25f * 1.0000001f};
      v = g(3) == 0 ? odd[g(10)] : static_cast<float>(static_cast<int>(g(40)) - 20) * 0.125f;
    }
    for (std::uint32_t& v : c) v = g(20) == 0 ? 0xFFFFFFFFu - g(3) : g(3 * s.cardinality + 2);
    x_by_row.resize(x.size());
    c_by_row.resize(c.size());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < numbers; ++j) x_by_row[i * numbers + j] = x[j * n + i];
      for (std::size_t j = 0; j < codes; ++j) c_by_row[i * codes + j] = c[j * n + i];
    }
  }
  [[nodiscard]] mlsd::mixed_columns columns() const { return {n, numbers, codes, n, x.data(), c.data()}; }
  [[nodiscard]] mlsd::mixed_row row(std::size_t i) const {
    return {{x_by_row.data() + i * numbers, numbers}, {c_by_row.data() + i * codes, codes}};
  }
};

/// Writes every field that `describe` names as bytes.
struct saver {
  std::vector<unsigned char> bytes;
  template <class T> void operator()(std::string_view, const T& field) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      const auto* p = reinterpret_cast<const unsigned char*>(&field);
      bytes.insert(bytes.end(), p, p + sizeof field);
    } else if constexpr (requires { field.data(); }) {
      (*this)("size", field.size());
      const auto* p = reinterpret_cast<const unsigned char*>(field.data());
      bytes.insert(bytes.end(), p, p + field.size() * sizeof *field.data());
    } else {
      T::describe(field, *this);
    }
  }
};

/// Reads them again; lengths beyond what is left read as empty.
struct loader {
  const std::vector<unsigned char>& bytes;
  std::size_t at = 0;
  template <class T> void operator()(std::string_view, T& field) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      take(&field, sizeof field);
    } else if constexpr (requires { field.resize(1); }) {
      std::size_t n = 0;
      take(&n, sizeof n);
      if (n > (bytes.size() - at) / sizeof *field.data()) n = 0;
      field.resize(n);
      if (n != 0) take(field.data(), n * sizeof *field.data());
    } else {
      T::describe(field, *this);
    }
  }
  void take(void* to, std::size_t n) {
    if (n > bytes.size() - at) {
      std::memset(to, 0, n);
      return;
    }
    std::memcpy(to, bytes.data() + at, n);
    at += n;
  }
};

template <class Model> std::vector<unsigned char> saved_bytes(const Model& m) {
  saver s;
  s("model", m);
  return s.bytes;
}

}  // namespace random_gbdt
