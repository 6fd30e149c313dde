// expect: fitted_stage_needs_describe<.*largest
#include "record.hpp"

#ifdef MLSD_FIXED
struct largest {
  struct statistics {
    float value = 0;
    void merge(const statistics& o) { value = value < o.value ? o.value : value; }
  };
  struct fitted {
    float value = 1;
    float operator()(float x) const noexcept { return x / value; }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("value", self.value); }
  };
  void observe(statistics& s, float x) const { s.value = s.value < x ? x : s.value; }
  fitted fit(const statistics& s) const { return {s.value}; }
};
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(largest{});
#else
struct largest {
  struct statistics {
    float value = 0;
    void merge(const statistics& o) { value = value < o.value ? o.value : value; }
  };
  struct fitted {
    float value = 1;
    float operator()(float x) const noexcept { return x / value; }
  };
  void observe(statistics& s, float x) const { s.value = s.value < x ? x : s.value; }
  fitted fit(const statistics& s) const { return {s.value}; }
};
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(largest{});
#endif
