// expect: nothing_watches<.*"eror"
#include "mlsd/drift/page_hinkley.hpp"
#include "mlsd/drift/watch.hpp"

using namespace mlsd::literals;

bool drifted(mlsd::watch<mlsd::watched<"error", mlsd::page_hinkley>>& drift, double x) {
#ifdef MLSD_FIXED
  return drift.update("error"_f, x).drifted;
#else
  return drift.update("eror"_f, x).drifted;
#endif
}
