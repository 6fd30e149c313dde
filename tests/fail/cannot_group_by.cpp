// expect: cannot_group_by<float>
#include "shop.hpp"

std::size_t serve() {
  const auto start = mlsd::retrieve(source{}, 9) | mlsd::join<offers>(mlsd::fields<items>(item_of), age);
#ifdef MLSD_FIXED
  const auto system = start | mlsd::dedupe{"genre"_f};
#else
  const auto system = start | mlsd::dedupe{"price"_f};
#endif
  mlsd::workspace scratch{system};
  return system(1, scratch).size();
}
