// Recommenders have the same bits whatever the flags of the compiler and the instruction set.
#include "catch.hpp"
#include "laws/bits_file.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/data/sessions.hpp"
#include "mlsd/retrieval/cooccurrence.hpp"
#include "mlsd/retrieval/fuse.hpp"
#include "mlsd/retrieval/group_popularity.hpp"
#include "mlsd/retrieval/history.hpp"
#include "mlsd/training/als.hpp"
#include "mlsd/training/ease.hpp"
#include "training/tastes.hpp"

#include <bit>
#include <vector>

namespace test_laws_recommenders {
using namespace mlsd;

struct request {
  sparse_row history{};
};

template <class R, class Query> std::uint64_t bits_of_hits(const R& r, const Query& query) {
  typename R::scratch s;
  std::vector<hit<>> buffer(100);
  std::uint64_t h = 0;
  for (const hit<>& found : r.search(query, buffer, s))
    h = combine(combine(h, found.id), combine(std::bit_cast<std::uint32_t>(found.score), found.origins));
  return h;
}

TEST_CASE("recommenders: models and hits have bits of their own", "[laws]") {
  const auto few = mlsd_test::tastes(90, 150, 1), many = mlsd_test::tastes(200, 150, 2);
  const auto sessions = cut_into_sessions(many, {.length = 6, .step = 3}).value();
  const sparse_row whole = few.by_user()[3];
  std::vector<float> weights(whole.size());
  weigh_by_rank(weights, 2.5);
  const sparse_row history{whole.index, weights};

  std::vector<std::uint64_t> bits;
  const auto note = [&](const char* what, std::uint64_t b) {
    test_laws::note_bits(what, b);
    CHECK(b != 0);
    bits.push_back(b);
  };
  const auto bits_of = [](const auto& model) { return fingerprint(model); };
  cooccurrence_model neighbours;
  for (const auto kind : {item_similarity::cosine, item_similarity::jaccard, item_similarity::lift}) {
    neighbours = cooccurrence{.similarity = kind, .neighbours = 20}.fit(sessions.by_user()).value();
    note("cooccurrence", bits_of(neighbours));
    note("cooccurrence hits", bits_of_hits(neighbours, history));
  }
  const auto vectors = als{.factors = 13, .iterations = 4}.fit(many).value();
  note("als", bits_of(vectors));
  note("als hits", bits_of_hits(vectors, history));
  const auto by_users = ease{}.fit(few).value(), by_items = ease{.binary = false}.fit(many).value();
  note("ease by users", bits_of(by_users));
  note("ease by users hits", bits_of_hits(by_users, history));
  note("ease by items", bits_of(by_items));
  note("ease by items hits", bits_of_hits(by_items, history));
  auto genre = group_popularity::make(seconds(3), many.by_item()).value();
  for (std::uint32_t i = 0; i < 900; ++i) genre.add(i % 150, timestamp{i * 17}, static_cast<float>(i % 7));
  note("popularity", bits_of(genre));
  note("popularity hits", bits_of_hits(genre.counts(), history));
  note("group popularity hits", bits_of_hits(genre, history));
  const auto sources = [&](auto how) {
    return fuse(how, from(neighbours, &request::history, {.weight = 0.3f}), from(vectors, &request::history),
                from(by_users, &request::history, {.weight = 0.7f}), genre.counts());
  };
  note("reciprocal ranks", bits_of_hits(sources(reciprocal_ranks{}), request{history}));
  note("min max", bits_of_hits(sources(min_max_scores{}), request{history}));
  note("standard scores", bits_of_hits(sources(standard_scores{}), request{history}));
  for (std::size_t i = 0; i < bits.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(bits[i] != bits[j]);
}

}  // namespace test_laws_recommenders
