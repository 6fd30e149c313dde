#include "mlsd/archive/describe.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_describe {
using namespace mlsd;

struct without_describe {
  int x = 0;
};
struct with_private_describe {
  int x = 0;

 private:
  template <class Self, class Ar> static constexpr void describe(Self&, Ar&) {}
};
struct misspelt {
  int x = 0;
  template <class Self, class Ar> static constexpr void descibe(Self&, Ar&) {}
};
struct misspelt_and_empty {
  template <class Self, class Ar> static constexpr void descibe(Self&, Ar&) {}
};
enum plain_enum { a, b };

/// Somebody else's class.
struct foreign {
  int celsius = 0;
};

struct names {
  std::string all{};
  template <class T> void operator()(std::string_view name, T&) {
    all += name;
    all += ' ';
  }
};
}  // namespace test_describe

template <> struct mlsd::description<test_describe::foreign> {
  static constexpr std::string_view type_name = "foreign";
  static constexpr std::uint32_t version = 4;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("celsius", self.celsius); }
  static result<void> validate(const test_describe::foreign& f) {
    if (f.celsius < -273) return error{.code = errc::corrupt, .message = "below absolute zero"};
    return {};
  }
};

namespace test_describe {

TEST_CASE("describe: which types can be archived") {
  STATIC_REQUIRE(archivable<bool>);
  STATIC_REQUIRE(archivable<const double>);
  STATIC_REQUIRE(archivable<std::string>);
  STATIC_REQUIRE(archivable<test_archive::shade>);
  STATIC_REQUIRE(archivable<std::byte>);
  STATIC_REQUIRE(archivable<std::vector<std::vector<std::optional<std::array<float, 3>>>>>);
  STATIC_REQUIRE(archivable<std::pair<int, std::string>>);
  STATIC_REQUIRE(archivable<test_archive::everything>);
  STATIC_REQUIRE(archivable<test_archive::tree>);
  STATIC_REQUIRE(archivable<foreign>);
  STATIC_REQUIRE(archivable<test_archive::nothing>);

  STATIC_REQUIRE_FALSE(archivable<long double>);
  STATIC_REQUIRE_FALSE(archivable<wchar_t>);
  STATIC_REQUIRE_FALSE(archivable<int*>);
  STATIC_REQUIRE_FALSE(archivable<const char*>);
  STATIC_REQUIRE_FALSE(archivable<plain_enum>);
  STATIC_REQUIRE_FALSE(archivable<std::string_view>);
  STATIC_REQUIRE_FALSE(archivable<std::optional<std::optional<int>>>);
  STATIC_REQUIRE_FALSE(archivable<without_describe>);
  STATIC_REQUIRE_FALSE(archivable<with_private_describe>);
  STATIC_REQUIRE_FALSE(archivable<misspelt>);
  STATIC_REQUIRE_FALSE(archivable<misspelt_and_empty>);
  STATIC_REQUIRE_FALSE(archivable<std::vector<without_describe>>);
}

TEST_CASE("describe: names and versions come from the class or from its description") {
  STATIC_REQUIRE(type_name_of<test_archive::offsets>() == "offsets");
  STATIC_REQUIRE(version_of<test_archive::offsets>() == 3);
  STATIC_REQUIRE(type_name_of<test_archive::tree>().empty());
  STATIC_REQUIRE(version_of<test_archive::tree>() == 1);
  STATIC_REQUIRE(type_name_of<foreign>() == "foreign");
  STATIC_REQUIRE(version_of<foreign>() == 4);
}

TEST_CASE("describe: fields are visited in order, of const objects too") {
  const test_archive::point p;
  names seen;
  visit_fields(p, seen);
  CHECK(seen.all == "x y ");
  foreign f;
  names of_foreign;
  visit_fields(f, of_foreign);
  CHECK(of_foreign.all == "celsius ");
  test_archive::nothing n;
  names of_nothing;
  visit_fields(n, of_nothing);
  CHECK(of_nothing.all.empty());
}

TEST_CASE("describe: validate is found in the class or in its description") {
  test_archive::offsets bad{.starts = {0, 2}, .values = {1}};
  CHECK_FALSE(detail::validate_fields(bad));
  foreign cold{-300};
  REQUIRE_FALSE(detail::validate_fields(cold));
  CHECK(detail::validate_fields(cold).error().message == "below absolute zero");
  test_archive::point anything;
  CHECK(detail::validate_fields(anything));
}

}  // namespace test_describe
