#include "ad_click/impressions.hpp"

#include "ad_click/job.hpp"
#include "ad_click/run.hpp"

#include <vector>

mlsd::result<outcome> run_simulated(const job_options& job) {
  const std::vector<ad_click::ad_impression> stream = ad_click::ad_simulator{}.simulate();
  std::vector<double> truth;
  for (const ad_click::ad_impression& i : stream) truth.push_back(i.true_probability);
  auto table = simulated::dataset::read(stream);
  if (!table) return table.error();
  return ad_job<simulated::dataset>(job).run(std::move(*table), truth);
}
