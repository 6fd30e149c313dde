/// Ad-click prediction from raw events to a calibrated, monitored score: see docs/guide.md.
// ctest: none (tests/examples/ad_click.py runs it)
#include "ad_click/print.hpp"
#include "ad_click/run.hpp"
#include "count_allocations.hpp"
#include "gzip_source.hpp"
#include "mlsd/report/write_page.hpp"

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
  job_options job{};
};

constexpr const char* usage =
    "usage: ad_click [--data FILE.csv[.gz]] [--seeds N] [--model OUT] [--report OUT.html] [--json]\n"
    "Without --data it simulates 500,000 impressions. FILE is a TalkingData click log or UCI Adult.\n";

[[nodiscard]] mlsd::result<arguments> parse(int argc, char** argv) {
  arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--json") {
      a.json = true;
      continue;
    }
    if (name != "--data" && name != "--seeds" && name != "--model" && name != "--report")
      return mlsd::error{mlsd::errc::invalid_argument, "unknown argument '" + std::string(name) + "'"};
    if (++i == argc) return mlsd::error{mlsd::errc::invalid_argument, std::string(name) + " needs a value"};
    const std::string_view value = argv[i];
    if (name == "--data") a.data = value;
    if (name == "--report") a.report = value;
    if (name == "--model") a.job.model = value, a.job.keep_model = true;
    if (name == "--seeds") {
      const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), a.job.seeds);
      if (wrong != std::errc{} || end != value.data() + value.size() || a.job.seeds < 1 || a.job.seeds > 1000)
        return mlsd::error{mlsd::errc::invalid_argument, "--seeds takes a number from 1 to 1000, not '" + std::string(value) + "'"};
    }
  }
  if (a.job.model.empty()) a.job.model = "ad_click." + std::to_string(getpid()) + ".mlsd";
  return a;
}

/// The first line tells which table it is: the click log has a header.
[[nodiscard]] mlsd::result<outcome> run_file(const arguments& a) {
  char line[256];
  auto head = gzip_source(a.data)(line);
  if (!head) return head.error();
  if (*head == 0) return mlsd::error{mlsd::errc::empty, "'" + a.data + "' is empty"};
  if (std::string_view(line, *head).starts_with("ip,")) return run_clicks(a.data, a.job);
  return run_adult(a.data, a.job);
}

int fail(const mlsd::error& e) {
  std::fprintf(stderr, "ad_click: %s\n", mlsd::to_string(e).c_str());
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
  auto o = a->data.empty() ? run_simulated(a->job) : run_file(*a);
  if (!o) return fail(o.error());
  o->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  if (a->json)
    std::fputs(to_json(*o).c_str(), stdout);
  else
    print_table(*o);
  if (!a->report.empty()) {
    const auto written = mlsd::report::write_page(a->report, mlsd::report::to_page(to_report(*o)));
    if (!written) return fail(written.error());
  }
  return o->different == 0 && o->online.allocations == 0 ? 0 : 2;
}
