/// A fraud gate from a stream of charges to decisions that are logged, reviewed, learnt from and watched.
// ctest: none (tests/examples/fraud.py runs it)
#include "count_allocations.hpp"
#include "fraud/print.hpp"
#include "fraud/system.hpp"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

struct arguments {
  std::string data{}, report{};
  bool json = false;
  fraud::options gate{};
};

constexpr const char* usage =
    "usage: fraud [--data FILE.csv[.gz]] [--events N] [--seed N] [--report OUT.html] [--json]\n"
    "Without --data it simulates N charges (1,000,000) of the world of that seed (7). FILE is the ULB card sample.\n";

template <class Number> [[nodiscard]] bool parse_number(std::string_view text, Number& to) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), to);
  return failed == std::errc{} && end == text.data() + text.size();
}

[[nodiscard]] mlsd::result<arguments> parse(int argc, char** argv) {
  arguments a;
  const auto wrong = [](const std::string& what) { return mlsd::error{mlsd::errc::invalid_argument, what}; };
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--json") {
      a.json = true;
      continue;
    }
    if (name != "--data" && name != "--events" && name != "--seed" && name != "--report")
      return wrong("unknown argument '" + std::string(name) + "'");
    if (++i == argc) return wrong(std::string(name) + " needs a value");
    const std::string_view value = argv[i];
    if (name == "--data") a.data = value;
    if (name == "--report") a.report = value;
    if (name == "--events" &&
        !(parse_number(value, a.gate.events) && a.gate.events >= 50'000 && a.gate.events <= 20'000'000))
      return wrong("--events takes a number from 50,000 to 20,000,000, not '" + std::string(value) + "'");
    if (name == "--seed" && !parse_number(value, a.gate.seed))
      return wrong("--seed takes a number, not '" + std::string(value) + "'");
  }
  a.gate.scratch = "fraud." + std::to_string(getpid());
  return a;
}

int fail(const mlsd::error& e) {
  std::fprintf(stderr, "fraud: %s\n", mlsd::to_string(e).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto a = parse(argc, argv);
  if (!a) {
    std::fputs(usage, stderr);
    return fail(a.error());
  }
  const auto start = std::chrono::steady_clock::now();
  auto found = a->data.empty() ? fraud::run_simulated(a->gate) : fraud::run_card_sample(a->data, a->gate);
  if (!found) return fail(found.error());
  found->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  if (a->json)
    std::fputs(fraud::to_json(*found).c_str(), stdout);
  else
    fraud::print_table(*found);
  if (!a->report.empty()) {
    const std::string html = fraud::to_html_page(*found);
    std::FILE* file = std::fopen(a->report.c_str(), "wb");
    const bool written = file != nullptr && std::fwrite(html.data(), 1, html.size(), file) == html.size();
    if (file == nullptr || std::fclose(file) != 0 || !written)
      return fail({mlsd::errc::io, "cannot write '" + a->report + "'"});
  }
  return found->replay.mismatches == 0 && found->allocations_per_decision == 0 ? 0 : 2;
}
