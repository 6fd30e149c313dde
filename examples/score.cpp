/// score: the predictions of a model that LightGBM, XGBoost, CatBoost or this library saved, one line for each row of a
/// CSV file.
// ctest: none (tests/examples/score.py runs it)
#include "mlsd/scoring/gbdt/contributions.hpp"
#include "score/formats.hpp"
#include "score/rows.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr const char* usage =
    "usage: score --model FILE --input FILE.csv [--format auto|lightgbm|xgboost|catboost|mlsd] "
    "[--raw|--leaf|--contrib]\n"
    "             [--classes] [--header auto|yes|no] [--missing V]\n"
    "Prints one line for each row: what the library that trained the model predicts, values separated by commas, each\n"
    "with the fewest digits that say it exactly.\n"
    "  --raw        margins instead\n"
    "  --leaf       the leaf of every tree, by the number that the library gives it\n"
    "  --contrib    what every column adds to the margin, and the margin that is expected (TreeSHAP), for each output\n"
    "  --classes    a first line that says which class each value is of, for models that know the names of classes\n"
    "  --header     auto tells a first line of names from a row. With names, columns are found by them where the "
    "model\n"
    "               has names; else they are taken in order\n"
    "  --missing V  this number means a missing one, as do nan and an empty cell\n"
    "The file may be packed by gzip. For a model that train saved it is read as train reads: separated by what its "
    "first\n"
    "line says, with NA, null, None and ? for missing numbers; and it needs a header line if the training file had "
    "one\n"
    "and the model has columns of numbers and of texts.\n"
    "Exit status: 0 printed, 1 the model or a row cannot be read (the reason and its line are on stderr), 2 wrong "
    "use.\n";

enum class output_kind { prediction, raw, leaf, contributions };

struct arguments {
  std::string model, input, format = "auto";
  output_kind output = output_kind::prediction;
  bool classes = false;
  row_options rows{};
};

[[nodiscard]] mlsd::error misuse(std::string what) { return {mlsd::errc::invalid_argument, std::move(what)}; }

[[nodiscard]] mlsd::result<arguments> parse(int argc, char** argv) {
  arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--raw" || name == "--leaf" || name == "--contrib") {
      if (a.output != output_kind::prediction) return misuse("--raw, --leaf and --contrib exclude each other");
      a.output = name == "--raw" ? output_kind::raw : name == "--leaf" ? output_kind::leaf : output_kind::contributions;
      continue;
    }
    if (name == "--classes") {
      a.classes = true;
      continue;
    }
    if (name != "--model" && name != "--input" && name != "--format" && name != "--header" && name != "--missing")
      return misuse("unknown argument '" + std::string(name) + "'");
    if (++i == argc) return misuse(std::string(name) + " needs a value");
    const std::string_view value = argv[i];
    if (name == "--model") a.model = value;
    if (name == "--input") a.input = value;
    if (name == "--format") a.format = value;
    if (name == "--header") {
      if (value != "auto" && value != "yes" && value != "no") return misuse("--header takes auto, yes or no");
      a.rows.header = value == "auto"  ? header_line::told_apart
                      : value == "yes" ? header_line::present
                                       : header_line::absent;
    }
    if (name == "--missing") {
      double v = 0;
      const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), v);
      if (fault != std::errc{} || end != value.data() + value.size()) return misuse("--missing takes a number");
      a.rows.missing = v;
    }
  }
  if (a.model.empty() || a.input.empty()) return misuse("--model and --input are needed");
  if (a.classes && a.output != output_kind::prediction && a.output != output_kind::raw)
    return misuse("--classes is for predictions and --raw");
  return a;
}

/// Lines of numbers between commas, written in large pieces.
class line_writer {
 public:
  template <class Number> void put(Number value) {
    if (!std::exchange(first_, false)) text_ += ',';
    char digits[32];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void put_real(double value, bool is_float) {
    if (value != value) value = std::abs(value);  // a NaN has no sign
    is_float ? put(static_cast<float>(value)) : put(value);
  }
  /// In quotes where it would not be one value of CSV.
  void put_text(std::string_view text) {
    if (!std::exchange(first_, false)) text_ += ',';
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      text_ += text;
      return;
    }
    text_ += '"';
    for (const char c : text) text_.append(c == '"' ? 2 : 1, c);
    text_ += '"';
  }
  [[nodiscard]] bool end_line() {
    text_ += '\n';
    first_ = true;
    return text_.size() < (1u << 16) || flush();
  }
  [[nodiscard]] bool flush() {
    const bool written = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size();
    text_.clear();
    return written && std::fflush(stdout) == 0;
  }

 private:
  std::string text_;
  bool first_ = true;
};

/// The class of each value of a line: of the only one, the second of two.
[[nodiscard]] mlsd::result<std::span<const std::string>> classes_of(const mlsd::imported_gbdt& model,
                                                                    output_kind kind) {
  const auto none = [](const char* why) {
    return mlsd::error{mlsd::errc::invalid_argument, std::string("--classes: ") + why};
  };
  const std::span<const std::string> classes(model.classes);
  if (classes.empty()) return none("the model does not know the names of classes");
  const bool raw = kind == output_kind::raw;
  if (!raw && model.prediction.kind == mlsd::prediction_kind::class_number)
    return none("what the model predicts is the number of a class");
  if (!raw && model.prediction.kind == mlsd::prediction_kind::both_classes) return classes.last(1);
  const std::size_t values = raw ? model.outputs() : model.predictions();
  if (values == classes.size()) return classes;
  if (values == 1 && classes.size() == 2) return classes.last(1);
  return none("the model has not as many classes as values");
}

/// What is printed for a row, into buffers that are used again.
class row_printer {
 public:
  /// `model` must outlive this.
  [[nodiscard]] static mlsd::result<row_printer> make(const mlsd::imported_gbdt& model, output_kind kind) {
    row_printer p(model, kind);
    if (kind != output_kind::contributions) return p;
    auto contributions = mlsd::gbdt_contributions::build(model.model);
    if (!contributions) return contributions.error();
    p.contributions_ = *std::move(contributions);
    p.scratch_ = p.contributions_.make_scratch();
    p.values_.resize(p.contributions_.outputs() * (model.width() + 1));
    p.columns_ = model.model_columns();
    p.columns_.push_back(static_cast<std::uint32_t>(model.width()));  // the expected margin
    return p;
  }

  void print(const mlsd::wide_row& x, line_writer& to) {
    if (kind_ == output_kind::contributions) {
      const auto code = [&](std::size_t j) { return x.codes[j]; };
      if (model_->float_rows)
        contributions_([&](std::size_t j) { return static_cast<float>(x.numbers[j]); }, code, values_, scratch_);
      else
        contributions_([&](std::size_t j) { return x.numbers[j]; }, code, values_, scratch_);
      for (std::size_t first = 0; first < values_.size(); first += columns_.size())
        for (const std::uint32_t column : columns_) to.put_real(values_[first + column], false);
    } else if (kind_ == output_kind::leaf) {
      model_->leaves(x, leaves_);
      for (const std::uint32_t leaf : leaves_) to.put(leaf);
    } else if (kind_ == output_kind::raw) {
      const auto margins = std::span(values_).first(model_->outputs());
      model_->raw(x, margins);
      for (const double v : margins) to.put_real(v, model_->prediction.in_floats);
    } else {
      auto p = model_->predict(x, std::span(values_));
      if (model_->prediction.kind == mlsd::prediction_kind::both_classes) p = p.last(1);
      for (const double v : p) to.put_real(v, model_->prediction.in_floats);
    }
  }

 private:
  row_printer(const mlsd::imported_gbdt& model, output_kind kind)
      : model_(&model), kind_(kind), values_(model.room()), leaves_(model.trees()) {}

  const mlsd::imported_gbdt* model_;
  output_kind kind_;
  mlsd::gbdt_contributions contributions_;
  mlsd::gbdt_contributions::scratch scratch_;
  std::vector<std::uint32_t> columns_;  // of a row of contributions, in the order of the input
  std::vector<double> values_;
  std::vector<std::uint32_t> leaves_;
};

int fail(const std::string& path, const mlsd::error& e) {
  std::fprintf(stderr, "score: %s: %s\n", path.c_str(), mlsd::to_string(e).c_str());
  return 1;
}

int score(const arguments& a) {
  const auto model = load_model(a.model, a.format);
  if (!model) return fail(a.model, model.error());
  model_rows rows(*model, a.input, a.rows);
  auto printer = row_printer::make(model->model, a.output);
  if (!printer) return fail(a.model, printer.error());
  line_writer out;
  if (a.classes) {
    const auto classes = classes_of(model->model, a.output);
    if (!classes) return fail(a.model, classes.error());
    for (const std::string& name : *classes) out.put_text(name);
    if (!out.end_line()) return fail("standard output", {mlsd::errc::io, std::strerror(errno)});
  }
  for (;;) {
    const auto row = rows.next();
    if (!row) {
      (void)out.flush();
      return fail(a.input, row.error());
    }
    if (!*row) break;
    printer->print(**row, out);
    if (!out.end_line()) return fail("standard output", {mlsd::errc::io, std::strerror(errno)});
  }
  return out.flush() ? 0 : fail("standard output", {mlsd::errc::io, std::strerror(errno)});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h"))
    return std::fputs(usage, stdout) < 0;
  const auto asked = parse(argc, argv);
  if (!asked) {
    std::fprintf(stderr, "%sscore: %s\n", usage, asked.error().message.c_str());
    return 2;
  }
  return score(*asked);
}
