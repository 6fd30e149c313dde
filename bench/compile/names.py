#!/usr/bin/env python3
"""Writes a translation unit with a pipeline of N stages over N names: names.py 64 > names.cpp"""
import sys

n = int(sys.argv[1]) if len(sys.argv) > 1 else 64
kinds = ["impute{impute::median} >> log_plus_one{} >> standardize{}", "impute{impute::mean} >> clip{0, 1}", "standardize{}", "clip{-1, 1}"]
print("""#include "mlsd/features.hpp"
using namespace mlsd::literals;
struct record {
  float %s;
  bool clicked;
};
inline constexpr mlsd::schema records{%s, "clicked"_f = mlsd::label(&record::clicked)};
auto make() {
  using namespace mlsd;
  return from<records>()%s;
}
using features = decltype(make())::pipeline_type;
features::row_type row(const features& f, const record& r) { return f(r); }
mlsd::feature_matrix table(const features& f, const mlsd::frame<records>& t) { return f(t); }
mlsd::result<mlsd::fitted<features>> fit(const mlsd::frame<records>& t) { return make().fit(t); }
""" % (", ".join(f"feature_{i:02}" for i in range(n)),
       ",\n    ".join(f'"feature_{i:02}"_f = &record::feature_{i:02}' for i in range(n)),
       "".join(f'\n    | on("feature_{i:02}"_f)({kinds[i % len(kinds)]})' for i in range(n))))
