#include "train/objective.hpp"

#include "mlsd/data/groups.hpp"
#include "mlsd/data/score_rows.hpp"
#include "mlsd/training/loss.hpp"
#include "progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, SIGINT asks training to stop; the second one ends the program.
class interrupt_guard {
 public:
  interrupt_guard() {
    before_ = std::signal(SIGINT, [](int) {
      interrupted = 1;
      std::signal(SIGINT, SIG_DFL);
    });
  }
  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;
  ~interrupt_guard() { std::signal(SIGINT, before_); }

 private:
  void (*before_)(int) = SIG_DFL;
};

[[nodiscard]] double cpu_now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Draws the bar, and notes when the rows are binned.
struct watcher {
  using clock = std::chrono::steady_clock;
  progress bar;
  clock::time_point start = clock::now();
  double bin_seconds = 0;

  void rows_binned() { bin_seconds = seconds(); }
  bool operator()(const mlsd::gbdt_iteration& i) {
    bar.update(i.trees);
    return interrupted == 0;
  }
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(clock::now() - start).count(); }
};

/// Of rows by weight, or of their groups.
template <class Loss>
[[nodiscard]] double mean_loss(const Loss& loss, const mlsd::gbdt_model& model, const mlsd::labelled_rows& rows,
                               mlsd::threads& pool) {
  const std::size_t outputs = model.outputs();
  std::vector<double> margin(rows.rows() * outputs);
  mlsd::score_rows([&](const auto& x, auto out) { model.raw(x, out); }, rows.x, margin, pool);
  double sum = 0, total = 0;
  if constexpr (mlsd::group_loss<Loss>) {
    const auto groups = mlsd::row_groups::of(rows.group).value();
    typename Loss::scratch scratch;
    for (std::size_t g = 0; g < groups.size(); ++g, ++total) {
      const std::size_t first = groups.first(g), n = groups.last(g) - first;
      sum += loss.value(std::span<const double>(margin).subspan(first, n), rows.label.subspan(first, n), scratch);
    }
  } else {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const double w = static_cast<double>(rows.weight_of(i));
      if (!(w > 0)) continue;
      if constexpr (mlsd::class_loss<Loss>)
        sum += w * loss.value(std::span<const double>(margin).subspan(i * outputs, outputs), rows.label[i]);
      else
        sum += w * loss.value(margin[i], rows.label[i]);
      total += w;
    }
  }
  return sum / total;
}

/// Names the file, and of a table the line: "row 3: ..." is of rows that were read.
[[nodiscard]] mlsd::error in_file(const rows_of_file& file, const mlsd::error& e) {
  constexpr std::string_view row = "row ";
  std::string text = mlsd::to_string(e);
  std::size_t number = 0;
  if (const std::size_t colon = text.find(':');
      text.starts_with(row) && colon != std::string::npos && !file.lines.empty())
    if (command_line::read_number("", std::string_view(text).substr(row.size(), colon - row.size()), number))
      text = "line " + std::to_string(file.lines.of(number)) + text.substr(colon);
  return {e.code, "'" + file.path + "': " + text};
}
template <class Loss>
[[nodiscard]] mlsd::result<void> check_labels(const Loss& loss, const rows_of_file& file, std::size_t outputs) {
  const auto ok = [&] {
    if constexpr (mlsd::class_loss<Loss>)
      return loss.check(file.rows.label, file.rows.weight, outputs);
    else
      return loss.check(file.rows.label, file.rows.weight);
  }();
  return ok ? ok : in_file(file, ok.error());
}
/// Every class has a row that counts. Requires labels that `check_labels` took.
[[nodiscard]] mlsd::result<void> check_classes_occur(const rows_of_file& file, std::size_t classes) {
  std::vector<bool> occurs(classes, false);
  for (std::size_t i = 0; i < file.rows.rows(); ++i)
    if (file.rows.weight_of(i) > 0) occurs[static_cast<std::size_t>(file.rows.label[i])] = true;
  const auto absent = std::find(occurs.begin(), occurs.end(), false);
  if (absent == occurs.end()) return {};
  return in_file(file, {mlsd::errc::invalid_argument,
                        "no row has class " + std::to_string(absent - occurs.begin()) +
                            ", and classes count from 0 to " + std::to_string(classes - 1) +
                            " here; --objective softmax:" + std::to_string(classes) + " trains all the same"});
}
/// What is wrong with the labels of any file. One class alone is enough where nothing is learnt from.
template <class Loss>
[[nodiscard]] mlsd::result<void> check_files(const Loss& loss, const rows_of_file& train, const rows_of_file& valid,
                                             const rows_of_file& test) {
  std::size_t outputs = 1;
  if constexpr (mlsd::class_loss<Loss>) outputs = loss.outputs(train.rows.label, train.rows.weight);
  if (auto ok = check_labels(loss, train, outputs); !ok) return ok;
  if constexpr (mlsd::class_loss<Loss>)
    if (loss.classes == 0)
      if (auto ok = check_classes_occur(train, outputs); !ok) return ok;
  for (const rows_of_file* file : {&valid, &test})
    if (file->rows)
      if (auto ok = check_labels(loss, *file, outputs); !ok && ok.error().code != mlsd::errc::one_class) return ok;
  return {};
}

template <class Loss>
[[nodiscard]] mlsd::result<training_run> run_with(const Loss& loss, const settings& s, const mlsd::training_rows& data,
                                                  const rows_of_file& train, const rows_of_file& valid,
                                                  const rows_of_file& test, mlsd::threads& pool) {
  if (auto ok = check_files(loss, train, valid, test); !ok) return ok.error();
  const mlsd::early_stopping stop{.validation = valid.rows, .rounds = s.patience};
  training_run run;
  const double cpu = cpu_now();
  watcher watch{.bar = {"training", s.trainer.trees}};
  {
    const interrupt_guard guard;
    auto model = s.trainer.fit(loss, data, stop, watch, pool);
    if (!model) return in_file(train, model.error());
    run.model = std::move(*model);
  }
  run.wall_seconds = watch.seconds();
  run.cpu_seconds = cpu_now() - cpu;
  run.bin_seconds = watch.bin_seconds;
  run.train_loss = mean_loss(loss, run.model, data.rows(), pool);
  if (test.rows) run.test_loss = mean_loss(loss, run.model, test.rows, pool);
  return run;
}

struct known_objective {
  const char* name;
  const char* aliases;  ///< separated by commas
  objective_kind kind;
  bool takes_parameter;
};
constexpr known_objective known_objectives[] = {
    {"logistic", "binary", objective_kind::two_classes, false},
    {"weighted_logistic", "weighted", objective_kind::two_classes, true},
    {"focal", "focal_loss", objective_kind::two_classes, true},
    {"softmax", "multiclass,multi_logloss", objective_kind::several_classes, true},
    {"squared", "regression", objective_kind::numbers, false},
    {"absolute", "l1", objective_kind::numbers, false},
    {"huber", "huber", objective_kind::numbers, true},
    {"quantile", "pinball", objective_kind::numbers, true},
    {"mape", "mape", objective_kind::numbers, false},
    {"poisson", "poisson", objective_kind::numbers, false},
    {"gamma", "gamma_loss", objective_kind::numbers, false},
    {"tweedie", "tweedie", objective_kind::numbers, true},
    {"lambda_rank", "lambdarank", objective_kind::ranking, true},
    {"xe_ndcg", "rank_xendcg", objective_kind::ranking, false},
};

[[nodiscard]] bool is_among(const std::string& name, const char* list) {
  const auto names = command_line::parts_of(list);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

mlsd::result<objective> objective_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  objective o{.name = text.substr(0, colon)};
  const known_objective* found = nullptr;
  for (const known_objective& k : known_objectives)
    if (o.name == k.name || is_among(o.name, k.aliases)) found = &k;
  if (found == nullptr) {
    std::string names;
    for (const known_objective& k : known_objectives) names += (names.empty() ? "" : ", ") + std::string(k.name);
    return mlsd::error{mlsd::errc::invalid_argument, "no objective '" + o.name + "'; there are " + names};
  }
  o.name = found->name;
  o.kind = found->kind;
  if (colon == std::string::npos) return o;
  if (!found->takes_parameter)
    return mlsd::error{mlsd::errc::invalid_argument, "the objective " + o.name + " takes no parameter"};
  o.has_parameter = true;
  if (auto ok = command_line::read_number("--objective " + o.name, text.substr(colon + 1), o.parameter); !ok)
    return ok.error();
  return o;
}

mlsd::result<training_run> run_training(const objective& o, const settings& s, const mlsd::training_rows& data,
                                        const rows_of_file& train, const rows_of_file& valid, const rows_of_file& test,
                                        mlsd::threads& pool) {
  using namespace mlsd;
  const auto run = [&](const auto& loss) { return run_with(loss, s, data, train, valid, test, pool); };
  const auto or_else = [&](double standard) { return o.has_parameter ? o.parameter : standard; };
  if (o.name == "logistic") return run(logistic{});
  if (o.name == "weighted_logistic") return run(weighted_logistic{.positive_weight = or_else(1)});
  if (o.name == "focal") return run(focal{.focus = or_else(2)});
  if (o.name == "softmax") {
    if (!(or_else(0) >= 0 && or_else(0) <= 1e9 && or_else(0) == std::floor(or_else(0))))
      return error{errc::invalid_argument, "--objective softmax takes a whole number of classes"};
    return run(softmax{.classes = static_cast<std::uint32_t>(or_else(0))});
  }
  if (o.name == "squared") return run(squared{});
  if (o.name == "absolute") return run(absolute{});
  if (o.name == "huber") return run(huber{.delta = or_else(0.9)});
  if (o.name == "quantile") return run(quantile{.level = or_else(0.9)});
  if (o.name == "mape") return run(mape{});
  if (o.name == "poisson") return run(poisson{});
  if (o.name == "gamma") return run(gamma_loss{});
  if (o.name == "tweedie") return run(tweedie{.power = or_else(1.5)});
  if (o.name == "xe_ndcg") return run(xe_ndcg{});
  if (!(or_else(30) >= 1 && or_else(30) <= 1e9) || or_else(30) != std::floor(or_else(30)))
    return error{errc::invalid_argument, "--objective lambda_rank takes a truncation, a whole number of at least 1"};
  return run(lambda_rank{.truncation = static_cast<std::uint32_t>(or_else(30))});
}
