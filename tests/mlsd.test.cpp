#include "mlsd/mlsd.hpp"

#include "catch.hpp"

#include <cstddef>
#include <string>

using namespace mlsd::literals;

namespace test_umbrella {

struct visit {
  float age;
  bool bought;
};
inline constexpr mlsd::schema visits{"age"_f = &visit::age, "bought"_f = mlsd::label(&visit::bought)};

TEST_CASE("mlsd.hpp alone is enough for a system") {
  mlsd::frame<visits> log;
  for (int i = 0; i < 200; ++i) log.push_back({static_cast<float>(i % 50), i % 50 > 30});
  const auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::standardize{});
  auto [features, x] = spec.fit(log).value();
  const auto model = features | mlsd::gbdt_trainer{.trees = 5}.fit<mlsd::logistic>(x).value();
  CHECK(model({45, false}) > model({5, false}));
  CHECK(mlsd::from_bytes<std::remove_const_t<decltype(model)>>(mlsd::to_bytes(model)).has_value());
  CHECK(mlsd::report::to_html(mlsd::report::page{.title = "one page"}).find("one page") != std::string::npos);
}

}  // namespace test_umbrella
