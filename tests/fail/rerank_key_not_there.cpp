// expect: no_such_feature<.*"gener".*did_you_mean<.*"genre"
#include "shop.hpp"

std::size_t serve() {
  const auto start = mlsd::retrieve(source{}, 9) | mlsd::join<offers>(mlsd::fields<items>(item_of), age);
#ifdef MLSD_FIXED
  const auto system = start | mlsd::rerank(mlsd::quota{"genre"_f, 2});
#else
  const auto system = start | mlsd::rerank(mlsd::quota{"gener"_f, 2});
#endif
  mlsd::workspace scratch{system};
  return system(1, scratch).size();
}
