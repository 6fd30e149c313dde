// Reads a CSV of ad impressions into typed columns, against a loop by hand that cuts lines at commas, trusts every byte
// and reads numbers with std::from_chars. Against pandas, pyarrow, polars and Python's csv: bench/peers/csv_readers.py.
#include "mlsd/data/csv.hpp"
#include "ad_click/impressions.hpp"
#include "peer.hpp"

#include <charconv>
#include <string>

namespace {

struct line {
  std::int64_t time;
  std::uint32_t user, ad, site;
  std::string_view country, device;
  float age, price;
  bool clicked;
};
using namespace mlsd::literals;
constexpr mlsd::schema lines{
    "time"_f = &line::time, "user"_f = &line::user,       "ad"_f = &line::ad,
    "site"_f = &line::site, "country"_f = &line::country, "device"_f = &line::device,
    "age"_f = &line::age,   "price"_f = &line::price,     "clicked"_f = mlsd::label(&line::clicked)};

std::string make_text() {
  std::string text = "time,user,ad,site,country,device,age,price,clicked\n";
  for (const auto& i : ad_click::ad_simulator{.rows = 300'000}.simulate()) {
    char row[160];
    std::snprintf(row, sizeof row, "%lld,%u,%u,%u,%.*s,%.*s,%.0f,%.4f,%d\n", static_cast<long long>(i.time.ms), i.user,
                  i.ad, i.site, static_cast<int>(i.country.size()), i.country.data(), static_cast<int>(i.device.size()),
                  i.device.data(), i.age == i.age ? static_cast<double>(i.age) : 0,
                  i.price == i.price ? static_cast<double>(i.price) : 0, i.clicked);
    text += row;
  }
  return text;
}
const std::string& text() {
  static const std::string made = make_text();
  return made;
}

mlsd::frame<lines> by_hand(std::string_view rest) {
  mlsd::frame<lines> table;
  const auto field = [&](char end) {
    const std::size_t n = rest.find(end);
    const std::string_view f = rest.substr(0, n);
    rest.remove_prefix(n + 1);
    return f;
  };
  const auto number = [&]<class T>(T v, char end = ',') {
    const std::string_view f = field(end);
    std::from_chars(f.data(), f.data() + f.size(), v);
    return v;
  };
  field('\n');
  while (!rest.empty()) {
    line l{};
    l.time = number(l.time);
    l.user = number(l.user);
    l.ad = number(l.ad);
    l.site = number(l.site);
    l.country = field(',');
    l.device = field(',');
    l.age = number(l.age);
    l.price = number(l.price);
    l.clicked = field('\n') == "1";
    table.push_back(l);
  }
  return table;
}
auto read(std::string_view from) { return mlsd::read_csv<lines>(mlsd::text_source(from)).value(); }

void csv(benchmark::State& state) {
  if (read(text())["price"_f].back() != by_hand(text())["price"_f].back()) return state.SkipWithError("they differ");
  bench::versus(
      state, text().size(), [] { benchmark::DoNotOptimize(read(text())); },
      [] { benchmark::DoNotOptimize(by_hand(text())); });
}
BENCH_VERSUS(csv);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv, [](const char* path) { bench::file(path, "wb").write(std::span<const char>(text())); },
      [](const char* path, double& seconds) {
        const double start = bench::cpu_seconds();
        const auto table = mlsd::read_csv<lines>(mlsd::file_source(path)).value();
        seconds = bench::cpu_seconds() - start;
        return static_cast<double>(table.size());
      });
}
