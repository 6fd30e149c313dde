#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "mlsd/core/feature.hpp"
#include "mlsd/core/pack.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/drift/detection.hpp"
#include "mlsd/drift/watched.hpp"

namespace mlsd {

/// Never defined: its name stands in the first line with "error:" when a value is given under a name that nobody
/// watches.
template <fixed_string Name> struct nothing_watches;

/// Monitors of drift attached to named values of a running system, composed at compile time:
///
///     watch drift{watched{"amount"_f, psi(reference)}, watched{"amount"_f, ks(shape)}, watched{"error"_f, adwin{}}};
///     drift.update("amount"_f, request.amount);
///     if (drift.update("error"_f, wrong ? 1.0 : 0.0).drifted) page_someone();
///
/// `watch<>` watches nothing: it is empty, and every call on it compiles to no code. A system that is a template of its
/// watch thus pays for drift only where it is wanted.
/// Update: what the monitors of that name cost. Not for several threads at once: give each its own.
template <class... Watched> class watch {
 public:
  watch() = default;
  explicit watch(Watched... watched) : watch(std::index_sequence_for<Watched...>{}, std::move(watched)...) {}

  /// The time that alarms from now on are noted with.
  void set_time(timestamp now) noexcept { now_ = now; }

  /// Gives a value to every monitor of that name. `sample`: what their `update` takes, a weight after it where they
  /// know weights.
  template <fixed_string Name, class... Sample> detection update(feature<Name>, const Sample&... sample) noexcept {
    static_assert(is_watched<Name>());
    return {update_from<Name, 0>(sample...)};
  }

  /// The first that was named so.
  template <fixed_string Name> [[nodiscard]] const auto& operator[](feature<Name>) const noexcept {
    static_assert(is_watched<Name>());
    return get<place<Name>()>(watched_);
  }
  /// Number `I` of all, in the order they were written in.
  template <std::size_t I> [[nodiscard]] const auto& at() const noexcept { return get<I>(watched_); }

  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Watched); }
  [[nodiscard]] static constexpr std::array<std::string_view, sizeof...(Watched)> names() noexcept {
    return {Watched::name.view()...};
  }
  /// What happened under each of `names()`.
  template <class = void> [[nodiscard]] std::array<watch_line, sizeof...(Watched)> lines() const noexcept {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<watch_line, sizeof...(Watched)>{get<I>(watched_).line()...};
    }(std::index_sequence_for<Watched...>{});
  }
  /// Of all together.
  template <class = void> [[nodiscard]] std::uint64_t alarms() const noexcept {
    std::uint64_t n = 0;
    for (const watch_line& line : lines()) n += line.alarms;
    return n;
  }

  static constexpr std::string_view type_name = "watch";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (ar(numbered_names[I].view(), get<I>(self.watched_)), ...);
    }(std::index_sequence_for<Watched...>{});
    ar("now", self.now_);
  }

 private:
  /// Two may have one name, and fields of a file may not: "00 amount", "01 amount", "02 error".
  struct numbered_name {
    std::array<char, 64> text{};
    std::size_t length = 0;
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text.data(), length}; }
  };
  static constexpr std::array<numbered_name, sizeof...(Watched)> numbered_names = [] {
    std::array<numbered_name, sizeof...(Watched)> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      const char front[3] = {static_cast<char>('0' + i / 10 % 10), static_cast<char>('0' + i % 10), ' '};
      for (const char c : front) all[i].text[all[i].length++] = c;
      const std::string_view name = names()[i];
      for (const char c : name)
        if (all[i].length < all[i].text.size()) all[i].text[all[i].length++] = c;
    }
    return all;
  }();
  static_assert(sizeof...(Watched) < 100, "at most 99 monitors to a watch");

  template <std::size_t... I> watch(std::index_sequence<I...>, Watched... watched) {
    ((get<I>(watched_) = std::move(watched)), ...);
  }

  /// The first of that name; size() where there is none.
  template <fixed_string Name> static constexpr std::size_t place() noexcept {
    std::size_t i = 0;
    for (const std::string_view name : names()) {
      if (name == Name.view()) break;
      ++i;
    }
    return i;
  }
  template <fixed_string Name> static consteval bool is_watched() {
    if constexpr (place<Name>() == size())
      return sizeof(nothing_watches<Name>) != 0;
    else
      return true;
  }
  template <fixed_string Name, std::size_t I, class... Sample> bool update_from(const Sample&... sample) noexcept {
    if constexpr (I == sizeof...(Watched)) {
      return false;
    } else {
      bool drifted = false;
      if constexpr (names()[I] == Name.view()) drifted = get<I>(watched_).update(now_, sample...);
      return update_from<Name, I + 1>(sample...) || drifted;
    }
  }

  pack<Watched...> watched_;
  timestamp now_{};
};

template <> class watch<> {
 public:
  static void set_time(timestamp) noexcept {}
  template <fixed_string Name, class... Sample> static detection update(feature<Name>, const Sample&...) noexcept {
    return {};
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
  [[nodiscard]] static constexpr std::array<std::string_view, 0> names() noexcept { return {}; }
  [[nodiscard]] static constexpr std::array<watch_line, 0> lines() noexcept { return {}; }
  [[nodiscard]] static constexpr std::uint64_t alarms() noexcept { return 0; }
};

template <class... Watched> watch(Watched...) -> watch<Watched...>;

}  // namespace mlsd
