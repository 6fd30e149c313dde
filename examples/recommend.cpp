/// A recommender, the whole loop: events, stores, candidates, ranking, rules, replay, experiment, drift. See
/// docs/guide.md.
// ctest: none (tests/examples/recommend.py runs it)
#include "count_allocations.hpp"
#include "recommend/loop.hpp"
#include "recommend/print.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage =
    "usage: recommend [--data FOLDER] [--user ID|new] [--requests N] [--report OUT.html] [--json]\n"
    "FOLDER holds movies.csv and ratings.csv of MovieLens, packed by gzip or not; without it a catalogue is "
    "simulated.\n"
    "ID is a user of those, `new` one whom nobody knows; N pages, 5000 unless said, are served in the replay, and at "
    "most twice as many to train the ranker.\n";

[[nodiscard]] mlsd::result<options> parse(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--json") {
      o.json = true;
      continue;
    }
    if (name != "--data" && name != "--user" && name != "--report" && name != "--requests")
      return mlsd::error{mlsd::errc::invalid_argument, "unknown argument '" + std::string(name) + "'"};
    if (++i == argc) return mlsd::error{mlsd::errc::invalid_argument, std::string(name) + " needs a value"};
    const std::string_view value = argv[i];
    if (name == "--data") o.data = value;
    if (name == "--user") o.user = value;
    if (name == "--report") o.report = value;
    if (name == "--requests") {
      const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), o.requests);
      if (wrong != std::errc{} || end != value.data() + value.size() || o.requests < 200 || o.requests > 1'000'000)
        return mlsd::error{mlsd::errc::invalid_argument,
                           "--requests takes a number from 200 to 1000000, not '" + std::string(value) + "'"};
    }
  }
  return o;
}

int fail(const mlsd::error& e) {
  std::fprintf(stderr, "recommend: %s\n", mlsd::to_string(e).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto asked = parse(argc, argv);
  if (!asked) {
    std::fputs(usage, stderr);
    return fail(asked.error());
  }
  const auto start = std::chrono::steady_clock::now();
  const auto c = asked->data.empty() ? mlsd::result<catalogue>(simulator{}()) : read_movielens(asked->data);
  if (!c) return fail(c.error());
  auto o = run(*c, *asked);
  if (!o) return fail(o.error());
  o->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  if (asked->json)
    std::fputs(to_json(*o).c_str(), stdout);
  else
    print_table(*o);
  if (!asked->report.empty()) {
    const std::string html = to_html_page(*o);
    std::FILE* file = std::fopen(asked->report.c_str(), "wb");
    const bool written = file != nullptr && std::fwrite(html.data(), 1, html.size(), file) == html.size();
    if (file == nullptr || std::fclose(file) != 0 || !written)
      return fail({mlsd::errc::io, "cannot write '" + asked->report + "'"});
  }
  return o->replay.future_mismatches == 0 && o->replay.allocations == 0 && o->replay.empty_pages == 0 ? 0 : 2;
}
