#pragma once

#include "mlsd/archive/schema.hpp"

namespace mlsd::detail {

template <class = void> [[nodiscard]] std::string join_path(const std::string& path, std::string_view name) {
  return joined({path, path.empty() ? "" : ".", name});
}
template <class = void> [[nodiscard]] std::string at_path(const std::string& path, std::string_view message) {
  return joined({path, path.empty() ? "" : ": ", message});
}

/// Finds the first place where the types of a file are not those of a program. Positions are of the file.
class schema_difference {
 public:
  schema_difference(const parsed_schema& expected, const parsed_schema& found) noexcept
      : expected_(expected), found_(found) {}

  /// The difference as an error that names the path; nothing where the schemas agree. O(nodes).
  template <class = void> [[nodiscard]] std::optional<error> first() {
    same(0, 0, {});
    return std::move(difference_);
  }

 private:
  template <class = void>
  [[gnu::noinline]] bool differ(errc code, std::size_t at, const std::string& path,
                                std::initializer_list<std::string_view> what) {
    difference_ = error{.code = code, .message = at_path(path, joined(what)), .position = found_.position(at)};
    return false;
  }
  template <class = void> [[gnu::noinline]] bool differ_in_type(std::size_t e, std::size_t f, const std::string& path) {
    return differ(errc::mismatch, f, path, {"expected ", expected_.spelled(e), ", found ", found_.spelled(f)});
  }
  template <class = void> bool same(std::size_t e, std::size_t f, const std::string& path) {
    const schema_node &want = expected_[e], &have = found_[f];
    const bool counts = want.kind == wire::array || want.kind == wire::enclosing;
    if (want.kind != have.kind || want.base != have.base || (counts && want.count != have.count))
      return differ_in_type(e, f, path);
    if (want.kind == wire::record) return same_record(e, f, path);
    if (want.kind != wire::vector && want.kind != wire::array && want.kind != wire::optional) return true;
    if (expected_[e + 1].kind != found_[f + 1].kind) return differ_in_type(e, f, path);
    return same(e + 1, f + 1, join_path(path, "*"));
  }
  template <class = void> bool same_record(std::size_t e, std::size_t f, const std::string& path) {
    if (expected_.type_name(e) != found_.type_name(f)) return differ_in_type(e, f, path);
    const schema_node &want = expected_[e], &have = found_[f];
    if (want.version != have.version)
      return differ(errc::version, f, path,
                    {found_.spelled(f), " has version ", std::to_string(have.version),
                     " in the file, this program reads version ", std::to_string(want.version)});
    std::size_t a = e + 1, b = f + 1;
    for (std::uint64_t k = 0; k < want.count || k < have.count; ++k) {
      const bool wanted = k < want.count, found = k < have.count;
      const std::string a_name = wanted ? joined({"field '", printable(expected_.field_name(a)), "'"}) : "the end";
      const std::string b_name = found ? joined({"field '", printable(found_.field_name(b)), "'"}) : "the end";
      if (!wanted || !found || expected_.field_name(a) != found_.field_name(b))
        return differ(errc::mismatch, found ? b : f, path, {"expected ", a_name, ", found ", b_name});
      if (!same(a, b, join_path(path, expected_.field_name(a)))) return false;
      a = expected_[a].next;
      b = found_[b].next;
    }
    return true;
  }

  const parsed_schema& expected_;
  const parsed_schema& found_;
  std::optional<error> difference_{};
};

/// Nothing where two schemas agree. `file` holds the found one at [position, position + size).
template <class = void>
[[nodiscard]] [[gnu::noinline]] std::optional<error> find_type_difference(std::span<const std::byte> mine,
                                                                          std::span<const std::byte> file,
                                                                          std::uint64_t position, std::uint64_t size) {
  const auto theirs = file.subspan(static_cast<std::size_t>(position), static_cast<std::size_t>(size));
  if (std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end())) return std::nullopt;
  const auto expected = parsed_schema::parse(mine, 0, mine.size());
  const auto found = parsed_schema::parse(file, position, size);
  if (!expected) return expected.error();
  if (!found) return found.error();
  if (auto difference = schema_difference(*expected, *found).first()) return difference;
  return error{.code = errc::mismatch, .message = "the file has another schema", .position = position};
}

}  // namespace mlsd::detail
