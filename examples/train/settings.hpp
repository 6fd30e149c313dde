/// What the command line asks for.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/training/gbdt.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

struct settings {
  std::string data{}, test{}, valid{}, model{}, predictions{};
  std::string label{}, group{}, weight{};  ///< columns by name or number
  std::vector<std::string> categorical{};
  std::string objective{};  ///< "name" or "name:parameter"; empty: what the labels look like
  enum class heading { guessed, present, absent } header = heading::guessed;
  std::uint32_t patience = 50;
  std::size_t threads = 0;
  bool json = false, help = false;
  mlsd::gbdt_trainer trainer{};
};

constexpr const char* usage =
    R"(usage: train --data FILE --label COL --model OUT [--test FILE] [--valid FILE [--patience N]]
             [--objective NAME[:X]] [--trees N] [--leaves N] [--rate R] [--threads N]
             [--categorical COL,COL,...] [--group COL|FILE] [--weight COL] [--header yes|no]
             [--depth N] [--bins N] [--min-rows N] [--min-hessian H] [--l1 L] [--l2 L]
             [--rows SHARE] [--columns SHARE] [--top SHARE [--other SHARE]] [--drop SHARE] [--forest]
             [--growth leaf_wise|depth_wise|symmetric] [--linear [--linear-l2 L]] [--zero-as-missing]
             [--seed N] [--predictions OUT] [--json] [--help]
FILE is CSV, TSV or the like, with or without a header, or sparse text (LIBSVM, LETOR: label [qid:N] INDEX:VALUE),
packed by gzip or not. COL is a name of the header or a number that counts from 0. Sparse text has its labels first,
and takes no --label, --weight, --categorical, --header, and of --group a file alone.
Objectives: logistic, weighted_logistic[:W], focal[:FOCUS], softmax[:CLASSES], squared, absolute, huber[:DELTA],
quantile[:LEVEL], mape, poisson, gamma, tweedie[:POWER], lambda_rank[:TRUNCATION], xe_ndcg; without, logistic for
labels of two kinds, softmax for more than two texts and squared for other numbers. Labels of softmax are texts, or
numbers from 0 that all occur unless :CLASSES says how many there are. Rankings need groups: --group with a column or
a file of sizes, qid in sparse text, or sizes in FILE.query.
--growth symmetric knows no --leaves: its trees have --depth levels, at most 16, and 6 where --depth is 0, which for
other trees is no limit. --rows and --columns draw for every tree, --top keeps the rows of large gradients and --other
of the rest (GOSS), --drop leaves out earlier trees (DART), --forest makes a random forest. --linear makes leaves
lines, --zero-as-missing takes zeros for NaN.
)";

namespace command_line {

template <class T> [[nodiscard]] mlsd::result<void> read_number(std::string_view name, std::string_view text, T& to) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (wrong == std::errc{} && end == text.data() + text.size() && !text.empty()) return {};
  return mlsd::error{mlsd::errc::invalid_argument,
                     std::string(name) + " takes a number, not '" + std::string(text) + "'"};
}

[[nodiscard]] inline std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return parts;
}

}  // namespace command_line

/// What takes no value.
[[nodiscard]] inline bool* flag_of(settings& s, std::string_view name) {
  if (name == "--json") return &s.json;
  if (name == "--forest") return &s.trainer.averaged;
  if (name == "--zero-as-missing") return &s.trainer.zero_as_missing;
  if (name == "--linear") return &s.trainer.linear_leaves;
  return nullptr;
}

/// What takes a value, and where it goes.
[[nodiscard]] inline mlsd::result<void> set_option(settings& s, std::string_view name, std::string_view value) {
  using namespace command_line;
  using trainer = mlsd::gbdt_trainer;
  static constexpr std::pair<const char*, std::string settings::*> texts[] = {
      {"--data", &settings::data},
      {"--test", &settings::test},
      {"--valid", &settings::valid},
      {"--model", &settings::model},
      {"--label", &settings::label},
      {"--group", &settings::group},
      {"--weight", &settings::weight},
      {"--objective", &settings::objective},
      {"--predictions", &settings::predictions}};
  static constexpr std::pair<const char*, std::uint32_t trainer::*> counts[] = {
      {"--trees", &trainer::trees},
      {"--leaves", &trainer::leaves},
      {"--depth", &trainer::max_depth},
      {"--bins", &trainer::bins},
      {"--min-rows", &trainer::min_rows_in_leaf}};
  static constexpr std::pair<const char*, float trainer::*> reals[] = {{"--rate", &trainer::learning_rate},
                                                                       {"--min-hessian", &trainer::min_hessian},
                                                                       {"--l1", &trainer::l1},
                                                                       {"--l2", &trainer::l2},
                                                                       {"--rows", &trainer::row_fraction},
                                                                       {"--columns", &trainer::column_fraction},
                                                                       {"--top", &trainer::top_fraction},
                                                                       {"--other", &trainer::other_fraction},
                                                                       {"--drop", &trainer::drop_fraction},
                                                                       {"--linear-l2", &trainer::linear_l2}};
  for (const auto& [known, to] : texts)
    if (name == known) return s.*to = value, mlsd::result<void>{};
  for (const auto& [known, to] : counts)
    if (name == known) return read_number(name, value, s.trainer.*to);
  for (const auto& [known, to] : reals)
    if (name == known) return read_number(name, value, s.trainer.*to);
  if (name == "--threads") return read_number(name, value, s.threads);
  if (name == "--patience") return read_number(name, value, s.patience);
  if (name == "--seed") return read_number(name, value, s.trainer.seed);
  if (name == "--categorical") return s.categorical = parts_of(value), mlsd::result<void>{};
  if (name == "--header" && (value == "yes" || value == "no"))
    return s.header = value == "yes" ? settings::heading::present : settings::heading::absent, mlsd::result<void>{};
  if (name == "--growth") {
    constexpr std::string_view growths[] = {"leaf_wise", "depth_wise", "symmetric"};
    const auto* const at = std::find(std::begin(growths), std::end(growths), value);
    if (at == std::end(growths))
      return mlsd::error{mlsd::errc::invalid_argument,
                         "--growth takes leaf_wise, depth_wise or symmetric, not '" + std::string(value) + "'"};
    return s.trainer.growth = static_cast<mlsd::tree_growth>(at - growths), mlsd::result<void>{};
  }
  if (name == "--header")
    return mlsd::error{mlsd::errc::invalid_argument, "--header takes yes or no, not '" + std::string(value) + "'"};
  return mlsd::error{mlsd::errc::invalid_argument, "unknown argument '" + std::string(name) + "'"};
}

[[nodiscard]] inline mlsd::result<settings> parse_settings(int argc, char** argv) {
  const auto refuse = [](const std::string& what) { return mlsd::error{mlsd::errc::invalid_argument, what}; };
  settings s;
  bool patience = false, other = false, leaves = false;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--help") {
      s.help = true;
      return s;
    }
    patience |= name == "--patience";
    other |= name == "--other";
    leaves |= name == "--leaves";
    if (bool* const flag = flag_of(s, name)) {
      *flag = true;
      continue;
    }
    const bool has_value = i + 1 < argc;
    if (auto ok = set_option(s, name, has_value ? argv[++i] : ""); !ok)
      return has_value || ok.error().message.starts_with("unknown") ? ok.error() : refuse(name + " needs a value");
    if (!has_value) return refuse(name + " needs a value");
  }
  if (s.data.empty()) return refuse("--data is needed");
  if (s.model.empty()) return refuse("--model is needed");
  if (patience && s.valid.empty()) return refuse("--patience says how long --valid is listened to: there is none");
  if (other && !(s.trainer.top_fraction > 0)) return refuse("--other goes with --top, which is not given");
  if (s.threads > 1024) return refuse("--threads takes a number up to 1024");
  if (s.trainer.linear_l2 != 0 && !s.trainer.linear_leaves) return refuse("--linear-l2 needs --linear");
  if (leaves && s.trainer.growth == mlsd::tree_growth::symmetric)
    return refuse("--leaves does not limit symmetric trees: --depth D makes at most 2^D leaves");
  if (auto ok = s.trainer.check(); !ok) return ok.error();
  return s;
}
