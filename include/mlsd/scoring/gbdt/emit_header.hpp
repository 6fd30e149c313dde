#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/model.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mlsd {

namespace detail {

/// Writes numbers as C++17 reads them back, bit for bit.
template <class = void> class header_writer {
 public:
  std::string text{};

  void number(double v) {
    std::array<char, 40> digits;
    if (std::signbit(v)) text += '-';
    if (std::isinf(v)) {
      text += "infinity";
      return;
    }
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), std::abs(v), std::chars_format::hex).ptr;
    text.append("0x").append(digits.data(), end);
  }
  void number(std::int64_t v) { text += std::to_string(v); }

  /// `constexpr TYPE NAME[] = {value(0), value(1), ...};`, never empty.
  template <class Value> void array(std::string_view type, std::string_view name, std::size_t n, Value&& value) {
    text.append("inline constexpr ").append(type).append(" ").append(name).append("[] = {");
    std::size_t line = text.size();
    for (std::size_t i = 0; i < n; ++i) {
      if (text.size() - line > 100) text += "\n   ", line = text.size();
      number(value(i));
      if (i + 1 < n) text += ", ";
    }
    text += n == 0 ? "0};\n" : "};\n";
  }
};

inline constexpr std::string_view emitted_functions = R"(
/// True if split s sends a row to its left child. NaN is missing.
template <class Number>
constexpr bool goes_left(std::size_t s, const Number* numbers, const std::uint32_t* codes) noexcept {
  std::uint32_t category = 0;
  if (test[s] == 4) {
    category = codes[feature[s] - number_columns];
  } else {
    const Number x = numbers[feature[s]];
    const bool tiny = x <= Number(1e-35f) && x >= -Number(1e-35f);
    if (x != x || (test[s] == 1 && tiny)) return nan_left[s] != 0;
    if (test[s] < 2) return static_cast<double>(x) <= threshold[s];
    const bool is_category = x < Number(2147483648) && (x >= 0 || (test[s] == 2 && x > -1));
    if (!is_category) return false;
    category = x > 0 ? static_cast<std::uint32_t>(x) : 0;
  }
  for (std::size_t i = first_category[s]; i < first_category[s + 1]; ++i)
    if (listed[i] == category) return true;
  return false;
}

}  // namespace detail

/// The margins of a row: numbers [number_columns], floats or doubles, codes [code_columns], out [outputs].
template <class Number>
constexpr void raw(const Number* numbers, const std::uint32_t* codes, double* out) noexcept {
  for (std::size_t k = 0; k < outputs; ++k) out[k] = detail::base[k];
  for (std::size_t t = 0; t < trees; ++t) {
    const std::size_t first = detail::first_split[t];
    std::int64_t at = detail::first_split[t + 1] == first ? -1 : 0;
    while (at >= 0) {
      const std::size_t s = first + static_cast<std::size_t>(at);
      at = detail::goes_left(s, numbers, codes) ? detail::left[s] : detail::right[s];
    }
    const std::size_t leaf = (first + t + static_cast<std::size_t>(-1 - at)) * detail::leaf_width;
    for (std::size_t k = 0; k < detail::leaf_width; ++k) {
      double& sum = out[detail::output[t] + k];
      sum += detail::leaf[leaf + k];
      if (detail::float_sums) sum = static_cast<double>(static_cast<float>(sum));
    }
  }
  for (std::size_t k = 0; k < outputs; ++k) {
    out[k] *= detail::scale;
    if (detail::bias[k] != 0) out[k] += detail::bias[k];
  }
}
/// The margin of a model of one output.
template <class Number>
constexpr double raw(const Number* numbers, const std::uint32_t* codes = nullptr) noexcept {
  double out[outputs] = {};
  raw(numbers, codes, out);
  return out[0];
}
)";

template <class = void> [[nodiscard]] bool is_identifier(std::string_view name) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !letter(name[0]) || name == "std") return false;
  for (const char c : name)
    if (!letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

}  // namespace detail

/// A model as a C++17 header that needs nothing but itself: constant arrays and `NAME::raw(numbers, codes)`, constexpr,
/// for firmware and for servers without files. Margins are the bits of the model's own; the link is left to the reader.
/// About 60 bytes of text a split; a walk from node to node, so models of servers are faster as they are.
/// Errors: a name that is no identifier (keywords are for the compiler to refuse); leaves that are lines; a scale
/// beside a bias, whose product and sum a compiler might round once.
template <class Engine>
[[nodiscard]] result<std::string> emit_header(const basic_gbdt_model<Engine>& model, std::string_view name) {
  const gbdt_forest& f = model.forest();
  const auto refuse = [](std::string why) { return error{errc::invalid_argument, "emit_header: " + std::move(why)}; };
  if (!detail::is_identifier(name)) return refuse("\"" + std::string(name) + "\" is not a name");
  if (f.has_lines()) return refuse("leaves are lines");
  bool has_bias = false;
  for (std::size_t k = 0; k < model.outputs(); ++k) has_bias = has_bias || model.bias(k) != 0;
  if (model.scale() != 1 && has_bias) return refuse("the model has both a scale and a bias");
  detail::header_writer<> out;
  const auto constant = [&](std::string_view type, std::string_view what, std::size_t value) {
    out.text.append("inline constexpr ").append(type).append(" ").append(what).append(" = ");
    out.number(static_cast<std::int64_t>(value));
    out.text += ";\n";
  };
  const auto integer = [](auto v) { return static_cast<std::int64_t>(v); };
  out.text
      .append(
          "// Boosted trees, written by mlsd's emit_header.\n#pragma once\n\n#include <cstddef>\n#include "
          "<cstdint>\n#include <limits>\n\nnamespace ")
      .append(name)
      .append(" {\n\n");
  constant("std::size_t", "number_columns", f.number_columns());
  constant("std::size_t", "code_columns", f.code_columns());
  constant("std::size_t", "outputs", f.outputs());
  constant("std::size_t", "trees", f.trees());
  out.text += "\nnamespace detail {\n\ninline constexpr double infinity = std::numeric_limits<double>::infinity();\n";
  constant("std::size_t", "leaf_width", f.leaf_width());
  constant("bool", "float_sums", f.float_sums() ? 1 : 0);
  out.text += "inline constexpr double scale = ";
  out.number(model.scale());
  out.text += ";\n";
  const std::size_t n = f.splits(), leaves = (n + f.trees()) * f.leaf_width();
  out.array("double", "base", f.outputs(), [&](std::size_t k) { return model.base_sum(k); });
  out.array("double", "bias", f.outputs(), [&](std::size_t k) { return model.bias(k); });
  out.array("std::uint32_t", "first_split", f.trees() + 1, [&](std::size_t t) { return integer(f.first_split(t)); });
  out.array("std::uint32_t", "output", f.trees(), [&](std::size_t t) { return integer(f.output(t)); });
  out.array("std::uint32_t", "feature", n, [&](std::size_t s) { return integer(f.feature(s)); });
  out.array("std::uint8_t", "test", n, [&](std::size_t s) { return integer(f.test(s)); });
  out.array("std::uint8_t", "nan_left", n, [&](std::size_t s) { return integer(f.nan_left(s)); });
  out.array("double", "threshold", n, [&](std::size_t s) { return f.threshold(s); });
  out.array("std::int32_t", "left", n, [&](std::size_t s) { return integer(f.left(s)); });
  out.array("std::int32_t", "right", n, [&](std::size_t s) { return integer(f.right(s)); });
  out.array("double", "leaf", leaves, [&](std::size_t i) { return f.leaf(0, i / f.leaf_width(), i % f.leaf_width()); });
  out.array("std::uint32_t", "first_category", n + 1, [&](std::size_t s) {
    return integer(s == 0 ? 0 : f.categories(s - 1).data() + f.categories(s - 1).size() - f.categories(0).data());
  });
  const std::size_t listed = n == 0 ? 0
                                    : static_cast<std::size_t>(f.categories(n - 1).data() - f.categories(0).data()) +
                                          f.categories(n - 1).size();
  out.array("std::uint32_t", "listed", listed, [&](std::size_t i) { return integer(f.categories(0).data()[i]); });
  out.text.append(detail::emitted_functions).append("\n}  // namespace ").append(name).append("\n");
  return std::move(out.text);
}

}  // namespace mlsd
