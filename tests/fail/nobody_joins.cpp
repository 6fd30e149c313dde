// expect: nobody_joins<.*"age"
#include "shop.hpp"

#ifdef MLSD_FIXED
auto ranking = mlsd::retrieve(source{}, 9) | mlsd::join<offers>(mlsd::fields<items>(item_of), age);
#else
auto ranking = mlsd::retrieve(source{}, 9) | mlsd::join<offers>(mlsd::fields<items>(item_of));
#endif
