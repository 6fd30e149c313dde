// What the fuzzers of importers ask of any bytes.
#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/gbdt/contributions.hpp"
#include "scoring/import/model_files.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace model_files {

/// Aborts unless the bytes are refused with a reason, or are a model that scores and explains, and is the same as a
/// file of this library.
template <class Import> int refuse_or_score(Import import, const std::uint8_t* data, std::size_t size) {
  const auto model = import(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!model) return model.error().message.empty() ? std::abort(), 0 : 0;
  mlsd_test::draws random{size};
  (void)score(*model, random);
  if (const auto c = mlsd::gbdt_contributions::build(model->model); c && model->width() <= 10'000) {
    auto scratch = c->make_scratch();
    std::vector<double> out(c->outputs() * (c->width() + 1));
    (*c)([](std::size_t j) { return static_cast<double>(j % 3); }, [](std::size_t) { return 0u; }, out, scratch);
  }
  const auto bytes = mlsd::to_bytes(*model);
  const auto loaded = mlsd::from_bytes<mlsd::imported_gbdt>(bytes);
  if (!loaded || mlsd::to_bytes(*loaded) != bytes) std::abort();
  return 0;
}

}  // namespace model_files
