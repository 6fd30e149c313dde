// expect: no_such_feature<.*"age"
#include "shop.hpp"

using features = decltype((mlsd::from<offers>() | mlsd::on("age"_f, "price"_f)(mlsd::clip{0, 99}))
                              .fit(mlsd::frame<offers>())
                              .value()
                              .features);
struct sum {
  double operator()(const mlsd::mixed_row& x) const noexcept { return double{x.numbers[0]}; }
};
using model = mlsd::scoring_pipeline<features, sum>;

double serve(const model& m) {
#ifdef MLSD_FIXED
  const auto system = mlsd::retrieve(source{}, 9) | mlsd::join<offers>(mlsd::fields<items>(item_of), age) | mlsd::rank(m);
#else
  const auto system = mlsd::retrieve(source{}, 9) | mlsd::join<ageless>(mlsd::fields<items>(item_of)) | mlsd::rank(m);
#endif
  mlsd::workspace scratch{system};
  return system(1, scratch)[0].score;
}
