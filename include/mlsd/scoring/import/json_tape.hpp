#pragma once

#include "mlsd/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd::detail {

enum class json_type : std::uint8_t { none, null, boolean, number, text, array, object };

class json_value;

/// A JSON document, or a part of one, as one list of nodes: no recursion, however deep it nests.
/// The numbers that an array begins with are packed and cost 8 bytes each; what follows them is a node each.
/// `clear` keeps the memory for the next part. At most 2^32 - 1 nodes: the reader bounds the document.
template <class = void> class basic_json_tape {
 public:
  static constexpr std::uint32_t nothing = 0xFFFFFFFFu;

  struct node {
    json_type kind = json_type::null;
    std::uint32_t parent = nothing, next = nothing, first_child = nothing, last_child = nothing;
    std::uint32_t key_first = 0, key_size = 0;  // in texts_
    std::uint32_t first = 0, size = 0;          // a text in texts_, or the packed numbers of an array in numbers_
    std::uint32_t children = 0;                 // elements of an array or members of an object, packed ones too
    std::uint32_t place = 0;                    // among the elements of its array
    double number = 0;
    std::uint64_t position = 0;
  };

  void clear() {
    nodes_.clear();
    numbers_.clear();
    texts_.clear();
    open_ = nothing;
    key_size_ = 0;
    root_path_.clear();
  }
  /// What the paths in errors begin with: the place of this part in its document.
  void root_path(std::string path) { root_path_ = std::move(path); }

  [[nodiscard]] bool empty() const noexcept { return nodes_.empty(); }
  [[nodiscard]] bool is_open() const noexcept { return open_ != nothing; }
  [[nodiscard]] bool in_array() const noexcept { return is_open() && nodes_[open_].kind == json_type::array; }
  /// How many elements the open array or object has.
  [[nodiscard]] std::uint32_t children() const noexcept { return nodes_[open_].children; }
  /// An element of the open array that is kept elsewhere.
  void skip_element() { ++nodes_[open_].children; }

  void key(std::string_view name) {
    key_first_ = static_cast<std::uint32_t>(texts_.size());
    key_size_ = static_cast<std::uint32_t>(name.size());
    texts_ += name;
  }
  void open(json_type kind, std::uint64_t position) {
    open_ = add(kind, position);
    nodes_[open_].first = static_cast<std::uint32_t>(numbers_.size());
  }
  void close() { open_ = nodes_[open_].parent; }
  void text(std::string_view value, std::uint64_t position) {
    node& n = nodes_[add(json_type::text, position)];
    n.first = static_cast<std::uint32_t>(texts_.size());
    n.size = static_cast<std::uint32_t>(value.size());
    texts_ += value;
  }
  void null(std::uint64_t position) { add(json_type::null, position); }
  /// A number, or a boolean as 0 or 1: packed if only such were before it in its array.
  void number(double value, std::uint64_t position, json_type kind = json_type::number) {
    if (in_array() && nodes_[open_].size == nodes_[open_].children) {
      numbers_.push_back(value);
      ++nodes_[open_].size;
      ++nodes_[open_].children;
    } else {
      nodes_[add(kind, position)].number = value;
    }
  }

  /// Room for so many numbers in an array that has just been opened.
  [[nodiscard]] std::span<double> numbers(std::size_t count) {
    node& array = nodes_[open_];
    array.size = array.children = static_cast<std::uint32_t>(count);
    numbers_.resize(numbers_.size() + count);
    return std::span(numbers_).last(count);
  }

  [[nodiscard]] const node& at(std::uint32_t i) const noexcept { return nodes_[i]; }
  [[nodiscard]] std::string_view text_of(const node& n) const noexcept {
    return std::string_view(texts_).substr(n.first, n.size);
  }
  [[nodiscard]] std::string_view key_of(const node& n) const noexcept {
    return std::string_view(texts_).substr(n.key_first, n.key_size);
  }
  [[nodiscard]] std::span<const double> numbers_of(const node& n) const noexcept {
    return {numbers_.data() + n.first, n.size};
  }
  /// Such as "learner.model.trees[3].splits", in the end shortened.
  [[nodiscard]] std::string path(std::uint32_t i) const {
    static constexpr std::size_t longest = 200;
    std::string out;
    for (; i != nothing && nodes_[i].parent != nothing && out.size() < longest; i = nodes_[i].parent) {
      const node& n = nodes_[i];
      if (nodes_[n.parent].kind == json_type::array)
        out.insert(0, std::string("[").append(std::to_string(n.place)).append("]"));
      else
        out.insert(0, key_of(n).substr(0, longest)).insert(0, 1, '.');
    }
    if (out.size() >= longest) return "..." + out;
    out = root_path_ + out;
    return out.starts_with('.') ? out.substr(1) : out;
  }
  [[nodiscard]] std::string_view open_key() const noexcept { return key_of(nodes_[open_]); }
  [[nodiscard]] std::string open_path() const { return path(open_); }
  [[nodiscard]] json_value root() const noexcept;

 private:
  std::uint32_t add(json_type kind, std::uint64_t position) {
    const auto i = static_cast<std::uint32_t>(nodes_.size());
    node& n = nodes_.emplace_back();
    n.kind = kind;
    n.position = position;
    n.parent = open_;
    n.key_first = key_first_;
    n.key_size = std::exchange(key_size_, 0u);
    if (open_ == nothing) return i;
    node& parent = nodes_[open_];
    n.place = parent.children++;
    (parent.first_child == nothing ? parent.first_child : nodes_[parent.last_child].next) = i;
    parent.last_child = i;
    return i;
  }

  std::vector<node> nodes_;
  std::vector<double> numbers_;
  std::string texts_, root_path_;
  std::uint32_t open_ = nothing, key_first_ = 0, key_size_ = 0;
};
using json_tape = basic_json_tape<>;

/// One value on a tape, which must outlive it; or none, which has no fields, no numbers and no text.
class json_value {
 public:
  json_value() = default;
  json_value(const json_tape& tape, std::uint32_t i) : tape_(&tape), i_(i) {}

  [[nodiscard]] explicit operator bool() const noexcept { return i_ != json_tape::nothing; }
  [[nodiscard]] json_type kind() const noexcept { return *this ? node().kind : json_type::none; }
  [[nodiscard]] bool is(json_type k) const noexcept { return kind() == k; }
  [[nodiscard]] std::string_view key() const noexcept { return *this ? tape_->key_of(node()) : std::string_view(); }
  /// Of numbers and booleans; 0 of others.
  [[nodiscard]] double number() const noexcept { return *this ? node().number : 0; }
  [[nodiscard]] std::string_view text() const noexcept {
    return is(json_type::text) ? tape_->text_of(node()) : std::string_view();
  }
  /// How many elements or members there are.
  [[nodiscard]] std::size_t size() const noexcept { return *this ? node().children : 0; }
  /// The numbers that an array begins with.
  [[nodiscard]] std::span<const double> numbers() const noexcept {
    return is(json_type::array) ? tape_->numbers_of(node()) : std::span<const double>();
  }
  /// The first member, or the first element after the packed numbers; then the following ones.
  [[nodiscard]] json_value child() const noexcept { return *this ? json_value(*tape_, node().first_child) : *this; }
  [[nodiscard]] json_value next() const noexcept { return *this ? json_value(*tape_, node().next) : *this; }
  /// The member of that name, the first if several are; O(members).
  [[nodiscard]] json_value find(std::string_view name) const noexcept {
    if (!is(json_type::object)) return {};
    json_value v = child();
    while (v && v.key() != name) v = v.next();
    return v;
  }
  template <class = void> [[nodiscard]] std::string path() const { return *this ? tape_->path(i_) : std::string(); }
  /// An error about this value: "PATH: WHAT", at its byte. Packed numbers are no values of their own: what is wrong
  /// with one is said of its array, at the byte where that begins.
  template <class = void> [[nodiscard]] mlsd::error fault(const std::string& what, errc code = errc::corrupt) const {
    const std::string at = path();
    return {code, (at.empty() ? "the document" : at) + ": " + what, *this ? node().position : error::no_position};
  }

 private:
  [[nodiscard]] const json_tape::node& node() const noexcept { return tape_->at(i_); }

  const json_tape* tape_ = nullptr;
  std::uint32_t i_ = json_tape::nothing;
};

template <class Unused> json_value basic_json_tape<Unused>::root() const noexcept {
  return nodes_.empty() ? json_value() : json_value(*this, 0);
}

/// The whole number that `v` is, if it is one in [low, high]; |low| and |high| at most 2^53.
[[nodiscard]] constexpr std::optional<std::int64_t> whole(double v, double low, double high) noexcept {
  if (!(v >= low && v <= high)) return std::nullopt;
  const auto i = static_cast<std::int64_t>(v);
  return static_cast<double>(i) == v ? std::optional(i) : std::nullopt;
}

/// Reads the members of an object. The first that is missing or not as it must be is the error, and all reads after it
/// give nothing: so a caller asks for all it needs, and then looks once.
template <class = void> class basic_json_fields {
 public:
  explicit basic_json_fields(json_value object) : object_(object) {
    if (!object.is(json_type::object)) fail(object.fault(object ? "is not an object" : "there is none"));
  }

  [[nodiscard]] bool good() const noexcept { return !error_; }
  [[nodiscard]] const mlsd::error& error() const noexcept { return *error_; }
  void fail(mlsd::error e) {
    if (!error_) error_ = std::move(e);
  }
  void fail(std::string_view key, const std::string& what) { fail(object_.find(key).fault(what)); }

  [[nodiscard]] bool has(std::string_view key) const noexcept { return bool(object_.find(key)); }
  [[nodiscard]] json_value field(std::string_view key, json_type kind, const char* what) {
    if (!good()) return {};
    const json_value v = object_.find(key);
    if (!v) return fail(object_.fault("has no '" + std::string(key) + "'")), json_value();
    if (!v.is(kind)) return fail(v.fault(std::string("is not ") + what)), json_value();
    for (json_value w = v.next(); w; w = w.next())
      if (w.key() == key) return fail(w.fault("is there twice")), json_value();
    return v;
  }
  [[nodiscard]] json_value object(std::string_view key) { return field(key, json_type::object, "an object"); }
  [[nodiscard]] json_value array(std::string_view key) { return field(key, json_type::array, "an array"); }
  [[nodiscard]] std::string_view text(std::string_view key) { return field(key, json_type::text, "a text").text(); }
  [[nodiscard]] double number(std::string_view key) { return field(key, json_type::number, "a number").number(); }
  [[nodiscard]] bool boolean(std::string_view key) {
    return field(key, json_type::boolean, "true or false").number() != 0;
  }
  /// A whole number.
  [[nodiscard]] std::int64_t integer(std::string_view key, double low, double high) {
    const double v = number(key);
    const auto i = whole(v, low, high);
    if (good() && !i) fail(key, "is no whole number in range");
    return i.value_or(0);
  }
  /// An array of numbers alone, as many as there are `of` something.
  [[nodiscard]] std::span<const double> numbers(std::string_view key, std::size_t count, const char* of) {
    const std::span<const double> v = numbers(key);
    if (good() && v.size() != count)
      fail(key, std::to_string(v.size()) + " values, " + std::to_string(count) + " " + of);
    return good() ? v : std::span<const double>();
  }
  [[nodiscard]] std::span<const double> numbers(std::string_view key) {
    const json_value v = array(key);
    if (v.numbers().size() != v.size()) fail(v.fault("has an element that is not a number"));
    return good() ? v.numbers() : std::span<const double>();
  }

 private:
  json_value object_;
  std::optional<mlsd::error> error_;
};
using json_fields = basic_json_fields<>;

}  // namespace mlsd::detail
