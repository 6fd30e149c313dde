#pragma once

#include "mlsd/archive/container.hpp"
#include "mlsd/archive/storage.hpp"

namespace mlsd {

/// How much `inspect` prints.
struct inspect_options {
  std::size_t values = 8;    ///< numbers of an array
  std::size_t items = 3;     ///< objects of an array
  std::size_t lines = 1000;  ///< of all
};

namespace detail {

/// Walks a payload along its schema. Every byte is visited, also of what is not printed.
class payload_printer {
 public:
  payload_printer(const container& file, const parsed_schema& schema, const inspect_options& options)
      : file_(file), schema_(schema), options_(options) {}

  template <class = void> [[nodiscard]] result<std::string> print() {
    head();
    const bool record = schema_[0].kind == wire::record;
    if (const std::uint64_t parts = record ? schema_[0].count : 1; parts != file_.chunks().size())
      return error{.code = errc::corrupt,
                   .message = "the schema has " + std::to_string(parts) + " parts, the file has " +
                              std::to_string(file_.chunks().size()) + " chunks",
                   .position = header::chunk_count};
    std::size_t node = record ? 1 : 0;
    for (const file_chunk& c : file_.chunks()) {
      if (record && schema_.field_name(node) != c.name)
        return error{
            .code = errc::corrupt, .message = "the chunk is not the field of the schema", .position = c.entry_at};
      if (auto sound = file_.verify(c); !sound) return sound.error();
      from_ = byte_reader(file_.file(), c.at, c.at + c.length);
      chunk_note_ = "  (" + std::to_string(c.length) + " bytes at " + std::to_string(c.at) + ")";
      value(node, c.name, record ? 1 : 0, true);
      if (!from_.failed() && from_.left() != 0) from_.fail(errc::corrupt, "bytes after the end of the chunk");
      if (from_.failed()) {
        from_.failure().message.insert(0, printable(c.name) + ": ");
        return std::move(from_.failure());
      }
      node = schema_[node].next;
    }
    if (lines_ > options_.lines) out_ += "... (" + std::to_string(lines_ - options_.lines) + " more lines)\n";
    return std::move(out_);
  }

 private:
  template <class = void> void head() {
    out_ = "mlsd file: format " + std::to_string(format_version) + ", " + std::to_string(file_.file().size()) +
           " bytes, schema " + hexadecimal(file_.schema_fingerprint()) + ", arithmetic " +
           std::string(to_string(file_.mode())) + "\n";
    if (schema_[0].kind == wire::record) line(0, true, {}, record_title(0));
  }
  template <class = void> [[nodiscard]] std::string record_title(std::size_t i) const {
    const auto name = schema_.type_name(i);
    std::string out = name.empty() ? "record" : printable(name);
    if (!name.empty() || schema_[i].version != 1) out += " version " + std::to_string(schema_[i].version);
    return out;
  }
  template <class = void> void line(std::size_t indent, bool shown, std::string_view name, const std::string& what) {
    if (!shown || ++lines_ > options_.lines) return;
    out_.append(2 * indent, ' ');
    if (!name.empty()) out_ += printable(name) + ": ";
    out_ += what;
    out_ += std::exchange(chunk_note_, {});
    out_ += '\n';
  }
  /// Building text costs more than walking: only where it will be seen.
  [[nodiscard]] bool seen(bool shown) noexcept {
    if (!shown) return false;
    if (lines_ < options_.lines) return true;
    ++lines_;
    return false;
  }

  template <class = void> void value(std::size_t i, std::string_view name, std::size_t indent, bool shown) {
    if (depth_ >= maximal_nesting) return from_.fail(errc::corrupt, "values are nested too deep");
    ++depth_;
    nested_value(i, name, indent, shown);
    --depth_;
  }
  template <class = void> void nested_value(std::size_t i, std::string_view name, std::size_t indent, bool shown) {
    if (from_.failed()) return;
    const wire scalar = schema_.scalar(i);
    if (scalar != wire::text) {
      if (scalar == wire::boolean) return flag(i, name, indent, shown);
      const std::byte* bytes = from_.take(size_of(scalar));
      if (bytes != nullptr && seen(shown)) {
        std::string text = schema_.spelled(i) + " = ";
        append_scalar(text, scalar, bytes);
        line(indent, true, name, text);
      }
      return;
    }
    switch (schema_[i].kind) {
      case wire::text: {
        const std::string_view text = from_.text();
        if (!from_.failed() && seen(shown)) line(indent, true, name, "string = " + quote(text));
        return;
      }
      case wire::vector:
        return items(i, from_.count(1), name, indent, shown);
      case wire::array:
        if (schema_[i].count == 0) from_.zero_byte();
        return items(i, from_.bounded(schema_[i].count, 1, from_.at()), name, indent, shown);
      case wire::optional:
        if (from_.flag("the mark of an optional value")) return value(i + 1, name, indent, shown);
        if (seen(shown)) line(indent, true, name, schema_.spelled(i) + " = none");
        return;
      default:
        return record(schema_.resolve(i), name, indent, shown);
    }
  }
  template <class = void> void flag(std::size_t, std::string_view name, std::size_t indent, bool shown) {
    const bool is = from_.flag("a bool");
    if (seen(shown)) line(indent, true, name, is ? "bool = true" : "bool = false");
  }
  template <class = void> void record(std::size_t i, std::string_view name, std::size_t indent, bool shown) {
    if (seen(shown)) line(indent, true, name, record_title(i));
    if (schema_[i].count == 0) return from_.zero_byte();
    std::size_t child = i + 1;
    for (std::uint64_t k = 0; k < schema_[i].count && !from_.failed(); ++k) {
      value(child, schema_.field_name(child), indent + 1, shown);
      child = schema_[child].next;
    }
  }
  template <class = void>
  void items(std::size_t i, std::uint64_t n, std::string_view name, std::size_t indent, bool shown) {
    if (from_.failed()) return;
    const wire scalar = schema_.scalar(i + 1);
    const std::string text = seen(shown) ? counted(i, n) : std::string{};
    if (scalar != wire::text) return scalars(scalar, n, name, indent, text);
    if (!text.empty()) line(indent, true, name, text);
    for (std::uint64_t k = 0; k < n && !from_.failed(); ++k) {
      if (k == options_.items) line(indent + 1, shown, {}, "... (" + std::to_string(n - k) + " more)");
      const bool visible = shown && k < options_.items;
      value(i + 1, visible ? std::to_string(k) : std::string{}, indent + 1, visible);
    }
  }
  template <class = void> [[nodiscard]] std::string counted(std::size_t i, std::uint64_t n) const {
    if (schema_[i].kind == wire::array) return schema_.spelled(i);
    return schema_.spelled(i).insert(std::string_view("vector of").size(), " " + std::to_string(n));
  }
  template <class = void>
  void scalars(wire scalar, std::uint64_t n, std::string_view name, std::size_t indent, std::string text) {
    const std::uint64_t size = size_of(scalar);
    const std::byte* bytes = from_.block(from_.bounded(n, size, from_.at()), size);
    if (from_.failed()) return;
    if (scalar == wire::boolean)
      for (std::uint64_t k = 0; k < n; ++k)
        if (bytes[k] > std::byte{1}) return from_.fail(errc::corrupt, "a bool is not 0 or 1", from_.at() - n + k);
    if (text.empty()) return;
    text += " = [";
    for (std::uint64_t k = 0; k < n && k < options_.values; ++k) {
      if (k != 0) text += ", ";
      append_scalar(text, scalar, bytes + k * size);
    }
    line(indent, true, name, text + (n > options_.values ? ", ...]" : "]"));
  }

  /// Objects and the containers that they lie in.
  static constexpr std::uint32_t maximal_nesting = 4 * maximal_depth;

  const container& file_;
  const parsed_schema& schema_;
  const inspect_options& options_;
  byte_reader from_{};
  std::string out_{}, chunk_note_{};
  std::size_t lines_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace detail

/// What is in a file, without its type: one line a field, with name, type and the first values. Checks everything that
/// can be checked without the type, all checksums included. O(bytes); the text is bounded by the options.
template <class = void>
[[nodiscard]] result<std::string> inspect(std::span<const std::byte> bytes, const inspect_options& options = {}) {
  const auto file = detail::container::open(bytes);
  if (!file) return file.error();
  const auto schema = file->parse_schema();
  if (!schema) return schema.error();
  return detail::payload_printer(*file, *schema, options).print();
}

/// The same for the file at a path.
template <class = void>
[[nodiscard]] result<std::string> inspect_file(const std::string& path, const inspect_options& options = {}) {
  const auto content = detail::read_file(path);
  return content ? inspect(content->bytes(), options) : content.error();
}

}  // namespace mlsd
