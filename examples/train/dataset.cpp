#include "train/dataset.hpp"

#include "gzip_source.hpp"
#include "mlsd/data/groups.hpp"
#include "mlsd/data/libsvm.hpp"
#include "mlsd/data/parse.hpp"
#include "table_text.hpp"
#include "train/table.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

/// For errors of texts that were taken for what they are not.
[[nodiscard]] std::string taken_for(const table_dialect& d) {
  if (d.sparse) return " (its first line made it sparse text)";
  const std::string separator = d.separator == '\t'  ? "tabs"
                                : d.separator == ' ' ? "blanks"
                                                     : std::string{'\'', d.separator, '\''};
  return " (its first line made it a table, separated by " + separator + ")";
}

/// Options of tables, of which sparse text has none: its labels come first.
[[nodiscard]] mlsd::result<void> check_sparse_settings(const settings& s, bool groups_by_file) {
  const auto refuse = [](const char* option) {
    return mlsd::error{mlsd::errc::invalid_argument, std::string(option) + " is for tables, and this is sparse text"};
  };
  if (!s.label.empty() && s.label != "0") return refuse("--label");
  if (!s.weight.empty()) return refuse("--weight");
  if (!s.categorical.empty()) return refuse("--categorical");
  if (s.header != settings::heading::guessed) return refuse("--header");
  if (!s.group.empty() && !groups_by_file) return refuse("--group with a column");
  return {};
}

[[nodiscard]] mlsd::result<std::vector<std::uint32_t>> read_sizes(const std::string& path) {
  std::vector<std::uint32_t> sizes;
  mlsd::csv_scanner<gzip_source> lines(gzip_source(path), {.separator = '\t', .trim = true});
  for (;;) {
    const mlsd::csv_step step = lines.next();
    if (step == mlsd::csv_step::end) return sizes;
    if (step != mlsd::csv_step::record) return lines.error();
    std::uint32_t size = 0;
    if (lines.fields().size() != 1 || !mlsd::parse_value(lines.fields()[0], {}, size))
      return mlsd::error{mlsd::errc::parse,
                         "'" + std::string(lines.raw().substr(0, 80)) + "' is not the size of a group",
                         mlsd::error::no_position, lines.line(), 1};
    sizes.push_back(size);
  }
}

/// "rank.train.gz" has its sizes in "rank.train.query".
[[nodiscard]] std::string sizes_beside(std::string path) {
  if (path.ends_with(".gz")) path.resize(path.size() - 3);
  path += ".query";
  return std::filesystem::exists(path) ? path : std::string{};
}

[[nodiscard]] mlsd::feature_matrix dense_of(const mlsd::sparse_matrix& from) {
  mlsd::feature_matrix to({from.info().begin(), from.info().end()}, from.rows());
  for (std::size_t j = 0; j < from.number_columns(); ++j) {
    const mlsd::sparse_column stored = from.number(j);
    for (std::size_t e = 0; e < stored.row.size(); ++e) to.number(j)[stored.row[e]] = stored.value_of(e);
  }
  return to;
}

/// Features of sparse text are called by their indices.
[[nodiscard]] std::uint32_t first_index_of(const mlsd::table_layout& layout) {
  return !layout.names.empty() && layout.names[0] == "0" ? 0u : 1u;
}

[[nodiscard]] mlsd::result<dataset> read_sparse(const std::string& path, char separator,
                                                const mlsd::table_layout* learnt) {
  mlsd::libsvm_options options{.separator = separator};
  if (learnt != nullptr) options.first_index = first_index_of(*learnt), options.columns = learnt->names.size();
  auto rows = mlsd::read_sparse_libsvm(gzip_source(path), options);
  if (!rows) return rows.error();
  dataset out;
  for (const mlsd::feature_info& f : rows->x.info()) out.layout.names.push_back(f.name);
  out.layout.label = "label";
  constexpr std::size_t few = 3;  // one cell in so many; more are smaller and faster dense
  const std::size_t columns = rows->x.number_columns();
  if (columns == 0 || rows->x.size() / columns * few < rows->rows())
    out.sparse_rows = std::move(*rows);
  else
    out.rows = {dense_of(rows->x), std::move(rows->label), {}, std::move(rows->group)};
  return out;
}

}  // namespace

mlsd::result<dataset> read_dataset(const std::string& path, const settings& s, bool needs_groups, bool has_classes,
                                   const mlsd::table_layout* learnt) {
  const auto in_file = [](const std::string& file, mlsd::error e) {
    const std::string text = mlsd::to_string(e);
    return mlsd::error{e.code, text.find(file) == std::string::npos ? "'" + file + "': " + text : text};
  };
  const auto d = dialect_of(path);
  if (!d) return in_file(path, d.error());
  std::string sizes = learnt == nullptr && !s.group.empty() && std::filesystem::is_regular_file(s.group) ? s.group : "";
  const bool by_file = !sizes.empty() || (learnt != nullptr && std::filesystem::is_regular_file(s.group));
  if (sizes.empty() && (by_file || (needs_groups && s.group.empty()))) sizes = sizes_beside(path);

  mlsd::result<dataset> out = [&] {
    if (d->sparse) {
      if (auto ok = check_sparse_settings(s, by_file); !ok) return mlsd::result<dataset>(ok.error());
      return read_sparse(path, d->separator, learnt);
    }
    table_reader reader(path, d->separator, s, has_classes, learnt);
    if (by_file) reader.groups_from(s.group);
    return reader();
  }();
  if (!out) {
    mlsd::error e = out.error();
    if (e.code == mlsd::errc::parse || e.code == mlsd::errc::missing_column) e.message += taken_for(*d);
    return in_file(path, std::move(e));
  }
  std::vector<std::uint32_t>& groups = out->is_sparse() ? out->sparse_rows.group : out->rows.group;
  if (groups.empty() && !sizes.empty()) {
    const auto read = read_sizes(sizes);
    if (!read) return in_file(sizes, read.error());
    auto group = mlsd::groups_of_sizes(*read, out->view().rows());
    if (!group) return in_file(sizes, group.error());
    groups = std::move(*group);
  }
  if (needs_groups && groups.empty())
    return mlsd::error{mlsd::errc::missing_column,
                       "'" + path + "': a ranking needs groups: --group COL, --group FILE, qid in sparse text, or '" +
                           path.substr(0, path.size() - (path.ends_with(".gz") ? 3 : 0)) + ".query'"};
  if (auto ok = check(out->view()); !ok) return in_file(path, ok.error());
  return out;
}
