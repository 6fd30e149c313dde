#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/import/json_cursor.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mlsd::detail {

/// Reads a document of UBJ (Universal Binary JSON, draft 12; big-endian) and tells `Events` of it, as a parser of JSON
/// text would. A list keeps what is open, so no depth overflows the stack; a container of a given size makes room for
/// no more than its bytes; arrays of numbers of one type are read at once. High-precision numbers are refused.
/// `Events` is that of `json_events`.
template <class Events> class ubj_reader {
 public:
  ubj_reader(json_cursor& bytes, Events& events) : bytes_(bytes), events_(events) {}

  /// False if the events were told of a fault, or asked to stop.
  [[nodiscard]] bool read() {
    if (!value(marker())) return false;
    while (!open_.empty())
      if (!element()) return false;
    while (!bytes_.done())
      if (marker() != 'N') return fail("something follows the document");
    return true;
  }

 private:
  struct container {
    bool object = false, counted = false;
    char type = 0;           // of all its values, or 0: each says its own
    std::uint64_t left = 0;  // if counted
  };

  bool fail(const std::string& what, errc code = errc::parse) { return events_.fail(what, code); }
  bool ends() { return fail("unexpected end of input", errc::truncated); }

  /// The next byte, or 0 at the end, which is no marker.
  [[nodiscard]] char marker() {
    if (bytes_.done()) return 0;
    const char c = bytes_.now();
    bytes_.skip(1);
    return c;
  }
  [[nodiscard]] bool next_is(char wanted) const { return !bytes_.done() && bytes_.now() == wanted; }

  template <class Number> [[nodiscard]] static Number big_endian(const char* from) noexcept {
    using word =
        std::conditional_t<sizeof(Number) == 1, std::uint8_t,
                           std::conditional_t<sizeof(Number) == 2, std::uint16_t,
                                              std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>>;
    word w = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
      w = static_cast<word>(static_cast<std::uint64_t>(w) << 8 | static_cast<unsigned char>(from[i]));
    return std::bit_cast<Number>(w);
  }
  /// Calls `f` with a zero of the type that a marker stands for; false if it is none of numbers.
  template <class F> static bool with_number(char type, F&& f) {
    switch (type) {
      case 'i':
        return f(std::int8_t{0}), true;
      case 'U':
        return f(std::uint8_t{0}), true;
      case 'I':
        return f(std::int16_t{0}), true;
      case 'l':
        return f(std::int32_t{0}), true;
      case 'L':
        return f(std::int64_t{0}), true;
      case 'd':
        return f(float{0}), true;
      case 'D':
        return f(double{0}), true;
      default:
        return false;
    }
  }

  /// A length: a whole number that is not negative.
  [[nodiscard]] bool length(std::uint64_t& out) {
    const char type = marker();
    std::int64_t value = -1;
    bool there = true;
    const bool known = type != 'd' && type != 'D' && with_number(type, [&](auto zero) {
                         using number = decltype(zero);
                         const std::string_view raw = bytes_.take(sizeof(number));
                         there = raw.size() == sizeof(number);
                         if (there) value = static_cast<std::int64_t>(big_endian<number>(raw.data()));
                       });
    if (type == 0 || !there) return ends();
    if (!known || value < 0) return fail("a length that is no whole number");
    out = static_cast<std::uint64_t>(value);
    return true;
  }
  [[nodiscard]] bool text(std::string_view& out) {
    std::uint64_t n = 0;
    if (!length(n)) return false;
    if (n > bytes_.left()) return ends();
    out = bytes_.take(static_cast<std::size_t>(n));
    return true;
  }

  bool value(char type) {
    switch (type) {
      case 0:
        return ends();
      case 'Z':
        return events_.null();
      case 'T':
      case 'F':
        return events_.boolean(type == 'T');
      case 'C':
      case 'S': {
        std::string_view s;
        if (type == 'C' && bytes_.done()) return ends();
        if (type == 'C')
          s = bytes_.take(1);
        else if (!text(s))
          return false;
        return events_.string(s);
      }
      case '[':
      case '{':
        return open(type == '{');
      default:
        return numbers(type, 1);
    }
  }
  /// So many numbers of a type.
  bool numbers(char type, std::uint64_t count) {
    bool good = false;
    const bool known = with_number(type, [&](auto zero) {
      using number = decltype(zero);
      if (count > bytes_.left() / sizeof(number)) return good = ends(), void();
      const std::string_view raw = bytes_.take(static_cast<std::size_t>(count) * sizeof(number));
      if (count == 1) return good = events_.number(static_cast<double>(big_endian<number>(raw.data()))), void();
      const std::span<double> room = events_.numbers(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < room.size(); ++i)
        room[i] = static_cast<double>(big_endian<number>(raw.data() + i * sizeof(number)));
      good = room.size() == count;
    });
    return known ? good : fail("parse error: a byte that is no type of value");
  }

  bool open(bool object) {
    if (!(object ? events_.start_object(0) : events_.start_array(0))) return false;
    container c{.object = object};
    if (next_is('$')) {
      bytes_.skip(1);
      c.type = marker();
      if (c.type == 0) return ends();
      if (!next_is('#')) return fail("a type without a size");
    }
    if (next_is('#')) {
      bytes_.skip(1);
      c.counted = true;
      if (!length(c.left)) return false;
    }
    if (!object && c.counted && c.left != 0 && with_number(c.type, [](auto) {})) {
      if (!numbers(c.type, c.left)) return false;
      c.left = 0;
    }
    open_.push_back(c);
    return true;
  }
  bool element() {
    container& c = open_.back();
    while (!c.counted && next_is('N')) bytes_.skip(1);
    const bool over = c.counted ? c.left == 0 : next_is(c.object ? '}' : ']');
    if (over) {
      const bool object = c.object;
      if (!c.counted) bytes_.skip(1);
      open_.pop_back();
      return object ? events_.end_object() : events_.end_array();
    }
    if (c.counted) --c.left;
    if (c.object) {
      std::string_view key;
      if (!text(key) || !events_.key(key)) return false;
    }
    return value(c.type != 0 ? c.type : marker());
  }

  json_cursor& bytes_;
  Events& events_;
  std::vector<container> open_;
};

}  // namespace mlsd::detail
