#include "mlsd/rerank/cosine.hpp"
#include "rerank/films.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"

namespace test_cosine {
using namespace test_rerank;

float cosine(const film& a, const film& b) {
  return mlsd::cosine_of<"embedding">{}(candidate{1, 0, 1, &a}, candidate{2, 0, 1, &b});
}

TEST_CASE("cosine: as the textbook has it, within a few ulp", "[rerank]") {
  const catalogue some(30);
  for (const film& a : some.rows)
    for (const film& b : some.rows) {
      double dot = 0, left = 0, right = 0;
      for (std::size_t i = 0; i < a.embedding.size(); ++i) {
        dot += double{a.embedding[i]} * double{b.embedding[i]};
        left += double{a.embedding[i]} * double{a.embedding[i]};
        right += double{b.embedding[i]} * double{b.embedding[i]};
      }
      CHECK(cosine(a, b) == Approx(dot / std::sqrt(left * right)).margin(1e-6));
      CHECK(cosine(a, b) == cosine(b, a));
      CHECK(std::fabs(cosine(a, b)) <= 1);
    }
}

TEST_CASE("cosine: of nothing, and of what is no number, is 0", "[rerank]") {
  film zero{}, one{}, broken{}, endless{};
  one.embedding[0] = 1;
  broken.embedding[0] = std::numeric_limits<float>::quiet_NaN();
  endless.embedding[0] = std::numeric_limits<float>::infinity();
  CHECK(cosine(one, one) == 1);
  CHECK(cosine(zero, one) == 0);
  CHECK(cosine(broken, one) == 0);
  CHECK(cosine(endless, one) == 0);
}

}  // namespace test_cosine
