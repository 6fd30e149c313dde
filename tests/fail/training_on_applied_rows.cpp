// expect: training_matrix|labelled_matrix|no matching member function
#include "mlsd/features.hpp"
#include "mlsd/training/gbdt.hpp"

using namespace mlsd::literals;

struct visit {
  float age, paid;
  std::string_view city;
  std::uint32_t user;
  bool bought;
};
inline constexpr mlsd::schema visits{"age"_f = &visit::age, "paid"_f = &visit::paid, "city"_f = &visit::city,
                                     "user"_f = &visit::user, "bought"_f = mlsd::label(&visit::bought)};

const auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
auto train(const mlsd::frame<visits>& rows) {
  auto [features, x] = spec.fit(rows).value();
#ifdef MLSD_FIXED
  return mlsd::gbdt_trainer{.trees = 10}.fit<mlsd::logistic>(x);
#else
  return mlsd::gbdt_trainer{.trees = 10}.fit<mlsd::logistic>(features.labelled(rows));
#endif
}
