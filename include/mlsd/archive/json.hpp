#pragma once

#include "mlsd/archive/json_document.hpp"
#include "mlsd/archive/json_writer.hpp"
#include "mlsd/archive/schema_difference.hpp"

namespace mlsd {

namespace detail {

/// An archive that reads a document into what it visits. Keys may come in any order; in the order of `describe` each
/// look-up is O(1).
template <class = void> class json_reader {
 public:
  explicit json_reader(const json_document<>& from) noexcept : from_(&from) {}

  [[nodiscard]] bool failed() const noexcept { return failure_.has_value(); }
  /// Requires `failed()`.
  [[nodiscard]] error take_failure() {
    failure_->message = at_path(path_, failure_->message);
    return std::move(*failure_);
  }

  template <class T> void operator()(std::string_view name, T& field) {
    if (failed()) return;
    const std::size_t found = find(name);
    if (failed()) return;
    const object outer = open_;
    value(found, field);
    open_ = outer;
    if (failed()) prepend(name);
  }

  template <class T> void value(std::size_t i, T& v) {
    static_assert(require_archivable<T>());
    constexpr field_kind kind = kind_of<T>;
    if constexpr (kind == field_kind::boolean) {
      if (is(i, json_kind::boolean, "true or false")) v = from_->word(i) == "true";
    } else if constexpr (kind == field_kind::enumeration) {
      std::underlying_type_t<T> number{};
      value(i, number);
      v = static_cast<T>(number);
    } else if constexpr (kind == field_kind::number) {
      number(i, v);
    } else if constexpr (kind == field_kind::text) {
      if (is(i, json_kind::text, "a text")) v = from_->unescaped(i);
    } else if constexpr (kind == field_kind::optional) {
      v.reset();
      if ((*from_)[i].kind != json_kind::null) value(i, v.emplace());
    } else if constexpr (kind == field_kind::vector) {
      if (!is(i, json_kind::array, "an array")) return;
      v.clear();
      v.resize((*from_)[i].count);
      items(i, v);
    } else if constexpr (kind == field_kind::array) {
      if (!is(i, json_kind::array, "an array")) return;
      if ((*from_)[i].count != v.size())
        return fail(i, "expected " + std::to_string(v.size()) + " items, found " + std::to_string((*from_)[i].count));
      items(i, v);
    } else {
      record(i, v);
    }
  }

 private:
  struct object {
    std::uint32_t first = 0, end = 0, next = 0;  ///< nodes; `next` is the key that is tried first
    std::uint32_t taken = 0;
  };

  [[gnu::noinline]] void prepend(std::string_view name) { path_.insert(0, joined({name, path_.empty() ? "" : "."})); }
  [[gnu::noinline]] void fail(std::size_t node, std::string message, errc code = errc::parse) {
    if (!failure_) failure_ = json_error(from_->text(), (*from_)[node].at, std::move(message), code);
  }
  [[nodiscard]] [[gnu::noinline]] bool is(std::size_t i, json_kind kind, const char* wanted) {
    if ((*from_)[i].kind == kind) return true;
    fail(i, std::string("expected ") + wanted + ", found " + found(i));
    return false;
  }
  [[nodiscard]] [[gnu::noinline]] std::string found(std::size_t i) const {
    switch ((*from_)[i].kind) {
      case json_kind::array:
        return "an array";
      case json_kind::object:
        return "an object";
      case json_kind::text:
        return quote(from_->unescaped(i));
      default:
        return std::string(from_->word(i).substr(0, 60));
    }
  }
  /// The value of a member of the open object.
  [[nodiscard]] [[gnu::noinline]] std::size_t find(std::string_view name) {
    std::uint32_t key = open_.next;
    for (int pass = 0; pass < 2; ++pass) {
      const std::uint32_t end = pass == 0 ? open_.end : open_.next;
      for (key = pass == 0 ? key : open_.first; key < end; key = (*from_)[key + 1].next) {
        if (from_->unescaped(key) != name) continue;
        open_.next = (*from_)[key + 1].next;
        ++open_.taken;
        return key + std::size_t{1};
      }
    }
    fail(open_.first - 1, "there is no key " + quote(name), errc::mismatch);
    return 0;
  }
  template <class T> void number(std::size_t i, T& v) {
    if constexpr (std::is_floating_point_v<T>) {
      if ((*from_)[i].kind == json_kind::text) {
        const std::string name = from_->unescaped(i);
        const T infinity = std::numeric_limits<T>::infinity();
        if (name == "nan")
          v = std::numeric_limits<T>::quiet_NaN();
        else if (name == "inf")
          v = infinity;
        else if (name == "-inf")
          v = -infinity;
        else
          fail(i, "expected a number, found " + found(i));
        return;
      }
    }
    if (!is(i, json_kind::number, "a number")) return;
    using read_as = std::conditional_t<std::is_floating_point_v<T>, T,
                                       std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
    const std::string_view word = from_->word(i);
    read_as wide{};
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), wide);
    const bool whole = parsed.ptr == word.data() + word.size();
    if constexpr (!std::is_floating_point_v<T>) {
      if (!whole || parsed.ec == std::errc::invalid_argument)
        return fail(i, std::string(std::is_signed_v<T> ? "expected an integer" : "expected an integer from 0") +
                           ", found " + found(i));
    }
    v = static_cast<T>(wide);
    if (parsed.ec != std::errc{} || static_cast<read_as>(v) != wide)
      fail(i, found(i) + " does not fit into " + std::string(name_of(wire_of<T>())));
  }
  template <class C> void items(std::size_t i, C& v) {
    std::size_t node = i + 1;
    for (std::size_t k = 0; k < v.size(); ++k) {
      if constexpr (std::is_same_v<C, std::vector<bool>>) {
        bool item = false;
        value(node, item);
        v[k] = item;
      } else {
        value(node, v[k]);
      }
      if (failed()) return prepend(std::to_string(k));
      node = (*from_)[node].next;
    }
  }
  template <class T> void record(std::size_t i, T& v) {
    if (!is(i, json_kind::object, "an object")) return;
    const auto first = static_cast<std::uint32_t>(i + 1);
    open_ = {.first = first, .end = (*from_)[i].next, .next = first};
    visit_fields(v, *this);
    if (failed()) return;
    if (open_.taken != (*from_)[i].count) return unknown_key(i, v);
    if constexpr (has_invariants<T>)
      if (result<void> sound = validate_fields(v); !sound) fail(i, sound.error().message, sound.error().code);
  }
  /// Names the key that no field has, or the second of two. A repeated key is found among the first few: all are
  /// fields.
  template <class T> void unknown_key(std::size_t i, const T& v) {
    const auto first = static_cast<std::uint32_t>(i + 1), end = (*from_)[i].next;
    std::vector<std::string> seen;
    for (std::uint32_t key = first; key < end; key = (*from_)[key + 1].next) {
      seen.push_back(from_->unescaped(key));
      key_search wanted{seen.back()};
      visit_fields(v, wanted);
      if (!wanted.found) return fail(key, "unknown key " + quote(seen.back()), errc::mismatch);
      if (std::find(seen.begin(), seen.end() - 1, seen.back()) != seen.end() - 1)
        return fail(key, "the key " + quote(seen.back()) + " appears twice", errc::mismatch);
    }
  }
  struct key_search {
    std::string_view name;
    bool found = false;
    template <class T> void operator()(std::string_view field, const T&) { found = found || field == name; }
  };

  const json_document<>* from_;
  object open_{};
  std::string path_{};
  std::optional<error> failure_{};
};

}  // namespace detail

/// Reads what `to_json` wrote, or a text that a person wrote: every field by its name, in any order. An error has line
/// and column, and names the path: missing and unknown keys, wrong types, numbers that do not fit, what `validate()`
/// refuses. O(text) for keys in the order of `describe`; memory is bounded by a multiple of the text.
template <class T> [[nodiscard]] result<T> from_json(std::string_view text) {
  static_assert(detail::require_archivable<T>());
  const auto document = detail::json_document<>::parse(text);
  if (!document) return document.error();
  T value{};
  detail::json_reader reader(*document);
  reader.value(0, value);
  if (reader.failed()) return reader.take_failure();
  return value;
}

}  // namespace mlsd
