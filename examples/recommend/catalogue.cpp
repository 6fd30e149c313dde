#include "recommend/catalogue.hpp"

#include "gzip_source.hpp"
#include "mlsd/data/csv.hpp"
#include "mlsd/data/frame.hpp"

#include <sys/stat.h>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

namespace {

using namespace mlsd::literals;

struct movie_line {
  std::uint32_t id;
  std::string title, genres;
};
inline constexpr mlsd::schema movie_lines{"movieId"_f = &movie_line::id, "title"_f = &movie_line::title,
                                          "genres"_f = &movie_line::genres};

struct rating_line {
  std::uint32_t user, movie;
  float stars;
  std::int64_t seconds;
};
inline constexpr mlsd::schema rating_lines{"userId"_f = &rating_line::user, "movieId"_f = &rating_line::movie,
                                           "rating"_f = &rating_line::stars, "timestamp"_f = &rating_line::seconds};

[[nodiscard]] std::string packed_or_not(const std::string& path) {
  struct stat found;
  return stat((path + ".gz").c_str(), &found) == 0 ? path + ".gz" : path;
}

template <const auto& Schema> [[nodiscard]] mlsd::result<mlsd::frame<Schema>> read(const std::string& path) {
  auto table = mlsd::read_csv<Schema>(gzip_source(packed_or_not(path)));
  if (!table) return mlsd::error{table.error().code, path + ": " + mlsd::to_string(table.error())};
  return table;
}

/// "Toy Story (1995)" gives 1995.
[[nodiscard]] float year_of(std::string_view title) {
  const std::size_t open = title.rfind('(');
  unsigned year = 0;
  if (open == std::string_view::npos || title.size() < open + 5) return 0;
  std::from_chars(title.data() + open + 1, title.data() + open + 5, year);
  return year > 1850 && year < 2100 ? static_cast<float>(year) : 0;
}

[[nodiscard]] std::uint32_t genre_number(std::vector<std::string>& genres, std::string_view name) {
  const auto at = std::find(genres.begin(), genres.end(), name);
  if (at != genres.end()) return static_cast<std::uint32_t>(at - genres.begin());
  genres.emplace_back(name);
  return static_cast<std::uint32_t>(genres.size() - 1);
}

[[nodiscard]] std::vector<std::uint32_t> genres_of(std::string_view names, std::vector<std::string>& genres) {
  std::vector<std::uint32_t> found;
  while (!names.empty() && names != "(no genres listed)") {
    const std::size_t bar = (std::min)(names.find('|'), names.size());
    found.push_back(genre_number(genres, names.substr(0, bar)));
    names.remove_prefix((std::min)(bar + 1, names.size()));
  }
  return found;
}

/// The title without its year, its subtitle and its number: what the films of a series share.
[[nodiscard]] std::string series_name(std::string_view title) {
  title = title.substr(0, title.find_first_of("(:"));
  const auto trim = [&] {
    while (!title.empty() && title.back() == ' ') title.remove_suffix(1);
  };
  trim();
  for (bool again = true; again;) {
    const std::size_t space = title.rfind(' ');
    const std::string_view last = space == std::string_view::npos ? "" : title.substr(space + 1);
    again = !last.empty() && (last == "Part" || last.find_first_not_of("0123456789") == last.npos ||
                              last.find_first_not_of("IVX") == last.npos);
    if (again) title = title.substr(0, space), trim();
  }
  std::string name(title);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

template <class T, class Id> [[nodiscard]] std::size_t number_of(const std::vector<T>& sorted, Id id, auto projection) {
  const auto at =
      std::lower_bound(sorted.begin(), sorted.end(), id, [&](const T& a, Id b) { return projection(a) < b; });
  return at != sorted.end() && projection(*at) == id ? static_cast<std::size_t>(at - sorted.begin()) : sorted.size();
}

}  // namespace

bool put_in_order(std::vector<rating>& ratings) {
  std::sort(ratings.begin(), ratings.end(), [](const rating& a, const rating& b) {
    return a.time != b.time ? a.time < b.time : a.user != b.user ? a.user < b.user : a.film < b.film;
  });
  std::int64_t sequence = 0;
  for (std::size_t i = 1; i < ratings.size(); ++i) {
    const bool same_second = ratings[i].time.ms == ratings[i - 1].time.ms - sequence;
    sequence = same_second ? sequence + 1 : 0;
    if (sequence == 1000) return false;
    ratings[i].time.ms += sequence;
  }
  return true;
}

void number_series(std::vector<film>& films) {
  std::map<std::string, std::uint32_t> numbers;
  for (film& f : films)
    f.series = numbers.emplace(series_name(f.title), static_cast<std::uint32_t>(numbers.size())).first->second;
}

mlsd::result<catalogue> read_movielens(const std::string& folder) {
  const auto movies = read<movie_lines>(folder + "/movies.csv");
  if (!movies) return movies.error();
  const auto lines = read<rating_lines>(folder + "/ratings.csv");
  if (!lines) return lines.error();

  catalogue c;
  c.name = folder.substr(folder.find_last_of('/', folder.size() < 2 ? 0 : folder.size() - 2) + 1);
  for (std::size_t i = 0; i < movies->size(); ++i) {
    const auto line = movies->row(i);
    c.films.push_back({line.id, std::string(line.title), year_of(line.title), genres_of(line.genres, c.genres), 0});
  }
  std::sort(c.films.begin(), c.films.end(), [](const film& a, const film& b) { return a.id < b.id; });
  number_series(c.films);
  for (const std::uint32_t user : (*lines)["userId"_f]) c.users.push_back(user);
  std::sort(c.users.begin(), c.users.end());
  c.users.erase(std::unique(c.users.begin(), c.users.end()), c.users.end());
  for (std::size_t i = 0; i < lines->size(); ++i) {
    const auto line = lines->row(i);
    const std::size_t f = number_of(c.films, line.movie, [](const film& x) { return x.id; });
    if (f == c.films.size())
      return mlsd::error{mlsd::errc::mismatch, folder + "/ratings.csv: row " + std::to_string(i) + ": movie " +
                                                   std::to_string(line.movie) + " is not in movies.csv"};
    const std::size_t u = number_of(c.users, line.user, [](std::uint32_t x) { return x; });
    if (line.seconds < 0 || line.seconds > 253'402'300'799)
      return mlsd::error{mlsd::errc::invalid_argument,
                         folder + "/ratings.csv: row " + std::to_string(i) + ": the timestamp is out of range"};
    c.ratings.push_back(
        {static_cast<std::uint32_t>(u), static_cast<std::uint32_t>(f), line.stars, {line.seconds * 1000}});
  }
  if (c.ratings.size() < 1000) return mlsd::error{mlsd::errc::empty, folder + "/ratings.csv: fewer than 1,000 ratings"};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const rating& r : c.ratings) pairs.emplace_back(r.user, r.film);
  std::sort(pairs.begin(), pairs.end());
  if (const auto twice = std::adjacent_find(pairs.begin(), pairs.end()); twice != pairs.end())
    return mlsd::error{mlsd::errc::invalid_argument, folder + "/ratings.csv: user " +
                                                         std::to_string(c.users[twice->first]) + " rates movie " +
                                                         std::to_string(c.films[twice->second].id) + " twice"};
  if (!put_in_order(c.ratings))
    return mlsd::error{mlsd::errc::invalid_argument, folder + "/ratings.csv: more than 1,000 ratings in one second"};
  return c;
}
