#include "ad_click/adult.hpp"
#include "gzip_source.hpp"
#include "ad_click/job.hpp"
#include "ad_click/run.hpp"

mlsd::result<outcome> run_adult(const std::string& path, const job_options& job) {
  auto table = adult::dataset::read(gzip_source(path));
  if (!table) return table.error();
  return ad_job<adult::dataset>(job).run(std::move(*table));
}
