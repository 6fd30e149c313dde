// The streams of 0/1 errors that the reference detectors were run on.
#pragma once

#include <cstddef>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "golden_json.hpp"

namespace mlsd_test {

/// The values of a record of golden_drift.jsonl, from the record or its file (one character a row).
inline const std::vector<double>& error_stream(const json_value& in) {
  static std::map<std::string, std::vector<double>> known;
  std::vector<double>& x = known[in["stream"].text];
  if (!x.empty()) return x;
  if (in.has("values")) return x = in["values"].reals();
  if (in.has("col")) return x = golden_column(in["file"].text, in["col"].text);
  std::ifstream file(std::string(shared_dir()) + "/golden/stats/" + in["file"].text);
  for (char c; file.get(c);)
    if (c == '0' || c == '1') x.push_back(c - '0');
  return x;
}

/// Where the detector alarms.
template <class Detector> std::vector<std::size_t> alarms(Detector detector, const std::vector<double>& x) {
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (detector.update(x[i]).drifted) at.push_back(i);
  return at;
}

/// `compare(detector name, values, alarms of the reference, record id)` for each record.
template <class Compare> void for_reference_alarms(Compare&& compare) {
  for (const auto& record : golden("golden_drift.jsonl"))
    compare(record["in"]["detector"].text, error_stream(record["in"]),
            record["out"]["drift_idx"].template reals<std::size_t>(), record["id"].text);
}

}  // namespace mlsd_test
