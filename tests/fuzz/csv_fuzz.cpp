// libFuzzer target: hostile bytes for the CSV readers.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude tests/fuzz/csv_fuzz.cpp -o csv_fuzz
//   ./csv_fuzz -max_len=4096 -rss_limit_mb=512 -runs=1000000
//
// The first byte chooses the format. What a scan says may not depend on the sizes of buffers and chunks, a scan without
// faults must agree with the byte-by-byte machine below, and a collecting reader must account for every record.
#include "mlsd/data/csv.hpp"

namespace {
using namespace mlsd;

struct sample {
  std::uint8_t small = 0;
  std::optional<double> number{};
  std::string text{};
  timestamp time{};
  bool flag = false;
};
constexpr schema samples{"small"_f = &sample::small, "number"_f = &sample::number, "text"_f = &sample::text,
                         "time"_f = &sample::time, "flag"_f = label(&sample::flag)};

void require(bool law) {
  if (!law) std::abort();
}

struct dripping {
  std::string_view rest;
  std::size_t chunk;
  std::size_t operator()(std::span<char> to) {
    const std::size_t n = (std::min)({to.size(), rest.size(), chunk});
    std::copy_n(rest.begin(), n, to.begin());
    rest.remove_prefix(n);
    return n;
  }
};

struct told {
  std::vector<std::vector<std::string>> records{};
  std::string places{};
  std::size_t faults = 0;
  bool failed = false;
};

told scan(std::string_view text, const csv_format& format, std::size_t chunk) {
  csv_scanner scanner(dripping{text, chunk}, format);
  told out;
  std::uint64_t line = 0;
  for (;;) {
    const csv_step step = scanner.next();
    if (step == csv_step::end) break;
    if (step == csv_step::failed) {
      out.failed = true;
      break;
    }
    require(scanner.line() > line);
    line = scanner.line();
    if (step == csv_step::bad) {
      ++out.faults;
      out.places += to_string(scanner.error());
      require(scanner.error().line >= line && scanner.error().column >= 1);
      continue;
    }
    auto& record = out.records.emplace_back();
    out.places += std::to_string(line) + ";";
    for (std::size_t i = 0; i < scanner.fields().size(); ++i) {
      record.emplace_back(scanner.fields()[i]);
      const text_position at = scanner.position(i);
      require(at.line >= line);
      out.places += std::to_string(at.line) + ":" + std::to_string(at.column) + " ";
    }
  }
  return out;
}

/// RFC 4180 as a machine over single bytes, without trimming. Only for texts without faults.
std::vector<std::vector<std::string>> reference(std::string_view text, const csv_format& format) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<std::vector<std::string>> records;
  for (std::size_t i = 0; i < text.size();) {
    std::vector<std::string> record(1);
    bool quoted_any = false;
    for (bool at_start = true;; ++i) {
      if (i == text.size()) break;
      const char c = text[i];
      if (at_start && c == format.quote && format.quote != '\0') {
        quoted_any = true;
        for (++i; text[i] != format.quote || (i + 1 < text.size() && text[i + 1] == format.quote); ++i) {
          if (text[i] == format.quote) ++i;
          record.back() += text[i];
        }
        at_start = false;
      } else if (c == format.separator) {
        record.emplace_back();
        at_start = true;
      } else if (c == '\n' || c == '\r') {
        i += c == '\r' && i + 1 < text.size() && text[i + 1] == '\n' ? 2 : 1;
        break;
      } else {
        record.back() += c;
        at_start = false;
      }
    }
    if (quoted_any || record.size() > 1 || !record[0].empty() || format.keep_empty_lines) records.push_back(record);
  }
  return records;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  csv_format format{.separator = (choice & 1) != 0 ? ';' : ',',
                    .quote = (choice & 6) == 6 ? '\0' : '"',
                    .trim = (choice & 8) != 0,
                    .keep_empty_lines = (choice & 16) != 0};
  if ((choice & 32) != 0) {
    format.max_record_bytes = 64;
    format.max_fields = 5;
  }
  const told whole = scan(text, format, 1u << 20);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1} + (choice >> 6), 1 + size / 2}) {
    format.buffer_bytes = piece;
    const told pieces = scan(text, format, piece);
    require(pieces.records == whole.records && pieces.places == whole.places && pieces.failed == whole.failed);
  }
  if (!whole.failed && whole.faults == 0 && !format.trim) require(whole.records == reference(text, format));

  std::vector<bad_row> bad;
  csv_options options{.format = format, .bad_rows = &bad};
  if ((choice & 2) == 0) options.header = false;
  auto reader = open_csv<samples>(text_source(text), options);
  frame<samples> batch;
  std::size_t rows = 0;
  for (result<bool> more = reader.next(batch, 3); more && *more; more = reader.next(batch, 3)) rows += batch.size();
  if (!options.header && !whole.failed)
    require(rows + bad.size() == whole.records.size() + whole.faults);  // none is lost
  return 0;
}
