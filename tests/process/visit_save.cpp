// Fits, trains and calibrates a system and saves it with the bits of its scores.
#include "process/visit.hpp"

#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/gbdt.hpp"

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::vector<process::visit> rows = process::requests();
  const mlsd::frame<process::visits> table{std::span<const process::visit>(rows)};
  auto fitted = process::spec().fit(table);
  if (!fitted) return std::fprintf(stderr, "%s\n", mlsd::to_string(fitted.error()).c_str()), 1;
  auto model = mlsd::gbdt_trainer{.trees = 20, .leaves = 7}.fit<mlsd::logistic>(fitted->x).value();
  auto calibrated = mlsd::calibrate<mlsd::isotonic>(std::move(model), fitted->features.labelled(table)).value();
  const process::system system = std::move(fitted->features) | std::move(calibrated);
  const auto ok = mlsd::save(argv[1], std::pair(system, process::bits_of_scores(system)));
  if (!ok) return std::fprintf(stderr, "%s\n", mlsd::to_string(ok.error()).c_str()), 1;
  std::printf("saved; the bits of the scores are %016llx\n",
              static_cast<unsigned long long>(process::bits_of_scores(system)));
}
