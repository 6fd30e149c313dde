#pragma once

#include "mlsd/archive/schema.hpp"

namespace mlsd::detail {

[[nodiscard]] inline std::string join_path(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}
[[nodiscard]] inline std::string at_path(const std::string& path, std::string message) {
  return path.empty() ? std::move(message) : path + ": " + std::move(message);
}

/// Finds the first place where the types of a file are not those of a program. Positions are of the file.
class schema_difference {
 public:
  schema_difference(const parsed_schema& expected, const parsed_schema& found) noexcept
      : expected_(expected), found_(found) {}

  /// The difference as an error that names the path; nothing where the schemas agree. O(nodes).
  [[nodiscard]] std::optional<error> first() { return node(0, 0, {}); }

 private:
  [[nodiscard]] std::optional<error> differ(errc code, std::size_t at, const std::string& path,
                                            std::string what) const {
    return error{.code = code, .message = at_path(path, std::move(what)), .position = found_.position(at)};
  }
  [[nodiscard]] std::optional<error> node(std::size_t e, std::size_t f, const std::string& path) const {
    const schema_node &want = expected_[e], &have = found_[f];
    const bool same_kind = want.kind == have.kind && want.base == have.base &&
                           (want.kind != wire::array || want.count == have.count) &&
                           (want.kind != wire::enclosing || want.count == have.count);
    if (!same_kind)
      return differ(errc::mismatch, f, path, "expected " + expected_.spelled(e) + ", found " + found_.spelled(f));
    if (want.kind == wire::record) return record(e, f, path);
    if (want.kind != wire::vector && want.kind != wire::array && want.kind != wire::optional) return std::nullopt;
    auto below = node(e + 1, f + 1, join_path(path, "*"));
    if (below && expected_[e + 1].kind != found_[f + 1].kind)
      return differ(errc::mismatch, f, path, "expected " + expected_.spelled(e) + ", found " + found_.spelled(f));
    return below;
  }
  [[nodiscard]] std::optional<error> record(std::size_t e, std::size_t f, const std::string& path) const {
    if (expected_.type_name(e) != found_.type_name(f))
      return differ(errc::mismatch, f, path, "expected " + expected_.spelled(e) + ", found " + found_.spelled(f));
    const schema_node &want = expected_[e], &have = found_[f];
    if (want.version != have.version)
      return differ(errc::version, f, path,
                    found_.spelled(f) + " has version " + std::to_string(have.version) +
                        " in the file, this program reads version " + std::to_string(want.version));
    std::size_t a = e + 1, b = f + 1;
    for (std::uint64_t k = 0; k < want.count || k < have.count; ++k) {
      if (k == have.count)
        return differ(errc::mismatch, f, path,
                      "expected field '" + printable(expected_.field_name(a)) + "', found the end");
      if (k == want.count)
        return differ(errc::mismatch, b, path,
                      "expected the end, found field '" + printable(found_.field_name(b)) + "'");
      if (expected_.field_name(a) != found_.field_name(b))
        return differ(errc::mismatch, b, path,
                      "expected field '" + printable(expected_.field_name(a)) + "', found field '" +
                          printable(found_.field_name(b)) + "'");
      if (auto below = node(a, b, join_path(path, expected_.field_name(a)))) return below;
      a = expected_[a].next;
      b = found_[b].next;
    }
    return std::nullopt;
  }

  const parsed_schema& expected_;
  const parsed_schema& found_;
};

}  // namespace mlsd::detail
