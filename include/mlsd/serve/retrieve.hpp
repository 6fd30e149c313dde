#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/serve/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {
template <class Source> struct id_of_source {
  using type = std::uint32_t;
};
template <class Source>
  requires requires { typename Source::id_type; }
struct id_of_source<Source> {
  using type = typename Source::id_type;
};
}  // namespace detail

/// The first stage: candidates of one retriever, whose query is the request. Made by `retrieve(source, n)`, which
/// refers to a named source (it must outlive the ranking, and may learn between requests) and keeps a temporary one.
/// The source may have `prepare(scratch, n)` or `prepare(scratch)`, which makes room for all searches to come.
template <class Kept> class retrieve_stage {
  using Source = std::remove_cvref_t<Kept>;

 public:
  static constexpr std::string_view stage_name = "retrieve";
  using id_type = typename detail::id_of_source<Source>::type;
  template <class> using output = hit<id_type>;

  constexpr retrieve_stage(Kept source, std::size_t most) : source_(std::forward<Kept>(source)), most_(most) {}

  [[nodiscard]] constexpr std::size_t capacity(std::size_t) const noexcept { return most_; }

  template <class> struct scratch {
    typename Source::scratch of_source;
    std::vector<hit<id_type>> hits;
  };
  template <class In> [[nodiscard]] scratch<In> make_scratch(std::size_t) const {
    scratch<In> s{{}, std::vector<hit<id_type>>(most_)};
    if constexpr (requires { source_.prepare(s.of_source, most_); })
      source_.prepare(s.of_source, most_);
    else if constexpr (requires { source_.prepare(s.of_source); })
      source_.prepare(s.of_source);
    return s;
  }
  template <class In, class Request, class State>
  [[nodiscard]] std::span<hit<id_type>> run(const Request& request, std::span<In>, scratch<In>& s,
                                            State&) const noexcept {
    static_assert(retriever<Source, Request, id_type>,
                  "mlsd: retrieve(source, n) needs a source with `search(request, hits, scratch) noexcept`");
    return source_.search(request, std::span(s.hits), s.of_source);
  }

 private:
  Kept source_;
  std::size_t most_;
};

}  // namespace mlsd
