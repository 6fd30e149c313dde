// expect: joined_view_would_dangle<.*"genre"
#include "shop.hpp"

#include <string>

inline constexpr mlsd::schema genres{"genre"_f = &offer::genre};
#ifdef MLSD_FIXED
inline const auto genre = mlsd::fill("genre"_f, [](int) noexcept { return std::string_view("tea"); });
#else
inline const auto genre = mlsd::fill("genre"_f, [](int) noexcept { return std::string("tea"); });
#endif

std::size_t serve() {
  const auto ranking = mlsd::retrieve(source{}, 9) | mlsd::join<genres>(genre);
  mlsd::workspace scratch{ranking};
  return ranking(1, scratch).size();
}
