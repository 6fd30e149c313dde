#include "mlsd/archive/schema_difference.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_schema_difference {
using namespace mlsd::detail;

template <class Inner> struct holder {
  int before = 0;
  Inner inner{};
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("before", self.before);
    ar("inner", self.inner);
  }
};
template <class T, int Version = 1> struct mean_of {
  T mean{};
  static constexpr std::string_view type_name = "mean_of";
  static constexpr std::uint32_t version = Version;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("mean", self.mean); }
};
struct median {
  float median = 0;
  static constexpr std::string_view type_name = "mean_of";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("median", self.median); }
};
struct mean_and_count {
  float mean = 0;
  int count = 0;
  static constexpr std::string_view type_name = "mean_of";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("mean", self.mean);
    ar("count", self.count);
  }
};

template <class Expected, class Found> std::string difference() {
  const auto a = schema_of_value(Expected{}), b = schema_of_value(Found{});
  const auto e = parsed_schema::parse(a, 0, a.size()), f = parsed_schema::parse(b, 0, b.size());
  const auto d = schema_difference(*e, *f).first();
  return d ? d->message : "";
}

TEST_CASE("schema_difference: the first difference is named by its path") {
  using mean = mean_of<float>;
  CHECK(difference<holder<mean>, holder<mean>>().empty());
  CHECK(difference<test_archive::everything, test_archive::everything>().empty());
  CHECK(difference<holder<mean>, holder<mean_of<std::uint64_t>>>() == "inner.mean: expected f32, found u64");
  CHECK(difference<holder<mean>, holder<median>>() == "inner: expected field 'mean', found field 'median'");
  CHECK(difference<holder<mean>, holder<mean_and_count>>() == "inner: expected the end, found field 'count'");
  CHECK(difference<holder<mean_and_count>, holder<mean>>() == "inner: expected field 'count', found the end");
  CHECK(difference<holder<mean>, holder<test_archive::point>>() == "inner: expected mean_of, found point");
  CHECK(difference<holder<mean>, holder<mean_of<float, 2>>>() ==
        "inner: mean_of has version 2 in the file, this program reads version 1");
  CHECK(difference<holder<std::vector<mean>>, holder<std::vector<mean_of<double>>>>() ==
        "inner.*.mean: expected f32, found f64");
  CHECK(difference<holder<std::vector<float>>, holder<std::vector<double>>>() ==
        "inner: expected vector of f32, found vector of f64");
  CHECK(difference<holder<std::array<float, 3>>, holder<std::array<float, 4>>>() ==
        "inner: expected array of 3 f32, found array of 4 f32");
  CHECK(difference<holder<std::optional<int>>, holder<int>>() == "inner: expected optional of i32, found i32");
  CHECK(difference<holder<test_archive::shade>, holder<std::uint8_t>>() == "inner: expected enum u8, found u8");
  CHECK(difference<float, double>() == "expected f32, found f64");
}

}  // namespace test_schema_difference
