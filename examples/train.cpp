/// Trains gradient-boosted trees on a table or on sparse text, says how good they are, and saves them: see usage.
// ctest: none (tests/examples/train.py runs it)
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/data/score_rows.hpp"
#include "mlsd/scoring/gbdt/table_model.hpp"
#include "train/dataset.hpp"
#include "train/objective.hpp"
#include "train/outcome.hpp"
#include "train/settings.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace {

int fail(const mlsd::error& e) {
  std::fprintf(stderr, "train: %s\n", mlsd::to_string(e).c_str());
  return 1;
}

[[nodiscard]] bool is_two_kinds(std::span<const float> label) {
  return std::all_of(label.begin(), label.end(), [](float y) { return y == 0 || y == 1; });
}

/// Saves, loads, and compares every prediction's bits.
[[nodiscard]] mlsd::result<void> save_and_prove(const std::string& path, const mlsd::gbdt_table_model& m,
                                                const mlsd::labelled_rows& rows, std::span<const double> prediction) {
  if (auto ok = mlsd::save(path, m); !ok) return ok;
  const auto loaded = mlsd::load<mlsd::gbdt_table_model>(path);
  if (!loaded) return loaded.error();
  std::vector<double> again(prediction.size());
  mlsd::score_rows(*loaded, rows.x, again);
  for (std::size_t i = 0; i < again.size(); ++i)
    if (std::bit_cast<std::uint64_t>(again[i]) != std::bit_cast<std::uint64_t>(prediction[i]))
      return mlsd::error{mlsd::errc::corrupt,
                         "'" + path + "' predicts row " + std::to_string(i / m.model.outputs()) + " differently"};
  return {};
}

/// A line a row; `outputs` numbers each.
[[nodiscard]] mlsd::result<void> write_predictions(const std::string& path, std::span<const double> prediction,
                                                   std::size_t outputs) {
  std::FILE* const f = std::fopen(path.c_str(), "w");
  if (f == nullptr) return mlsd::error{mlsd::errc::io, "cannot open '" + path + "'"};
  for (std::size_t i = 0; i < prediction.size(); ++i)
    std::fprintf(f, "%.17g%c", prediction[i], (i + 1) % outputs == 0 ? '\n' : ',');
  const bool written = std::ferror(f) == 0;
  if (std::fclose(f) != 0 || !written) return mlsd::error{mlsd::errc::io, "cannot write '" + path + "'"};
  return {};
}

[[nodiscard]] mlsd::error cannot_write(const std::string& path, const std::string& why) {
  return {mlsd::errc::io, "cannot write '" + path + "': " + why};
}
/// Whether a model can be saved, known before hours of training: a file beside it can, which then takes its name.
[[nodiscard]] mlsd::result<void> check_can_save(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::exists(path, none) && !fs::is_regular_file(path, none)) return cannot_write(path, "it is not a regular file");
  const std::string beside = fs::weakly_canonical(path, none).string() + ".try";
  std::FILE* const f = std::fopen(beside.c_str(), "wbx");
  if (f == nullptr) return errno == EEXIST ? mlsd::result<void>{} : cannot_write(path, std::strerror(errno));
  std::fclose(f);
  fs::remove(beside, none);
  return {};
}
/// Whether predictions can be written; what is in the file stays for now. Pipes are not tried.
[[nodiscard]] mlsd::result<void> check_can_write(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code none;
  const bool was_there = fs::exists(path, none);
  if (was_there && !fs::is_regular_file(path, none) && !fs::is_directory(path, none)) return {};
  std::FILE* const f = std::fopen(path.c_str(), "ab");
  if (f == nullptr) return cannot_write(path, std::strerror(errno));
  std::fclose(f);
  if (!was_there) fs::remove(path, none);
  return {};
}

[[nodiscard]] std::vector<std::pair<std::string, double>> importance_of(const mlsd::gbdt_table_model& m) {
  const std::vector<double> gain = m.model.gain_importance();
  double total = 0;
  for (const double g : gain) total += g;
  std::vector<std::pair<std::string, double>> out;
  for (std::size_t f = 0; f < gain.size(); ++f)
    if (gain[f] > 0) out.push_back({m.layout.names[f], gain[f] / total});
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.size() > 10) out.resize(10);
  return out;
}

[[nodiscard]] mlsd::result<outcome> run(const settings& s) {
  objective o;
  if (!s.objective.empty()) {
    auto named = objective_of(s.objective);
    if (!named) return named.error();
    o = *named;
  }
  if (auto ok = check_can_save(s.model); !ok) return ok.error();
  if (!s.predictions.empty())
    if (auto ok = check_can_write(s.predictions); !ok) return ok.error();
  const bool ranking = o.kind == objective_kind::ranking, has_classes = o.kind == objective_kind::several_classes;
  auto data = read_dataset(s.data, s, ranking, has_classes);
  if (!data) return data.error();
  const std::vector<std::string>& classes = data->layout.classes;
  if (s.objective.empty())
    o = objective_of(classes.size() > 2                 ? "softmax"
                     : is_two_kinds(data->view().label) ? "logistic"
                                                        : "squared")
            .value();
  if (classes.size() > 2 && o.kind != objective_kind::several_classes)
    return mlsd::error{mlsd::errc::invalid_argument, "'" + s.data + "': label '" + data->layout.label + "' has " +
                                                         std::to_string(classes.size()) + " texts, among them '" +
                                                         classes[0] + "', '" + classes[1] + "' and '" + classes[2] +
                                                         "'; but for softmax, labels are numbers or two texts"};
  if (!classes.empty() && o.kind == objective_kind::several_classes && o.has_parameter &&
      o.parameter != static_cast<double>(classes.size()))
    return mlsd::error{mlsd::errc::invalid_argument, "'" + s.data + "': label '" + data->layout.label + "' has " +
                                                         std::to_string(classes.size()) +
                                                         " texts, --objective softmax says another number"};
  if (!classes.empty() && o.kind == objective_kind::several_classes) {  // those without weight, too
    o.parameter = static_cast<double>(classes.size());
    o.has_parameter = true;
  }
  dataset valid, test;
  for (const auto& [path, to] : {std::pair{&s.valid, &valid}, {&s.test, &test}}) {
    if (path->empty()) continue;
    auto read = read_dataset(*path, s, ranking, has_classes, &data->layout);
    if (!read) return read.error();
    *to = std::move(*read);
  }
  const bool has_test = !s.test.empty();

  mlsd::threads pool(s.threads);
  const bool is_sparse = data->is_sparse();
  const auto dense = mlsd::training_matrix::out_of_fold(std::move(data->rows));
  const auto sparse = mlsd::sparse_training_matrix::out_of_fold(std::move(data->sparse_rows));
  const auto rows = is_sparse ? mlsd::training_rows(sparse) : mlsd::training_rows(dense);
  const auto given = [](const std::string& file, const dataset& of) {
    return file.empty() ? mlsd::labelled_rows{} : of.view();
  };
  const mlsd::labelled_rows test_rows = given(s.test, test);
  auto trained = run_training(o, s, rows, {s.data, rows.rows(), data->lines},
                              {s.valid, given(s.valid, valid), valid.lines}, {s.test, test_rows, test.lines}, pool);
  if (!trained) return trained.error();
  outcome out{.rows = rows.size(), .features = rows.x().info().size(), .peak_rss_bytes = peak_rss_bytes()};
  out.trees = trained->model.trees();
  out.outputs = trained->model.outputs();
  out.bin_seconds = trained->bin_seconds;
  out.cpu_seconds = trained->cpu_seconds;
  out.wall_seconds = trained->wall_seconds;
  out.objective = o.name;
  out.label = data->layout.label;
  out.classes = data->layout.classes;

  const mlsd::gbdt_table_model m{std::move(data->layout), o.name, std::move(trained->model)};
  const auto predict = [&](const mlsd::labelled_rows& of) {
    std::vector<double> p(of.rows() * m.model.outputs());
    mlsd::score_rows(m, of.x, p, pool);
    return p;
  };
  const std::vector<double> on_train = predict(rows.rows());
  out.train = measure(o.kind, rows.rows(), on_train, trained->train_loss);
  const std::vector<double> on_test = has_test ? predict(test_rows) : on_train;
  if (has_test) out.test = measure(o.kind, test_rows, on_test, trained->test_loss);
  out.importance = importance_of(m);
  if (auto ok = save_and_prove(s.model, m, has_test ? test_rows : rows.rows(), on_test); !ok) return ok.error();
  if (!s.predictions.empty())
    if (auto ok = write_predictions(s.predictions, on_test, m.model.outputs()); !ok) return ok.error();
  return out;
}

int run_main(int argc, char** argv) {
  const auto s = parse_settings(argc, argv);
  if (!s) {
    std::fputs(usage, stderr);
    return fail(s.error());
  }
  if (s->help) return std::fputs(usage, stdout) < 0 || std::fflush(stdout) != 0 ? 1 : 0;
  const auto o = run(*s);
  if (!o) return fail(o.error());
  if (s->json)
    std::fputs(to_json(*o).c_str(), stdout);
  else
    print(*o);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return fail({mlsd::errc::io, "cannot write to the standard output; the model is saved"});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_main(argc, argv);
  } catch (const std::bad_alloc&) {
    return fail({mlsd::errc::capacity, "out of memory"});
  }
}
